"""The tenants that somebody may do something with, and the page that says that there is none."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from hooksui.accounts.models import User
from hooksui.accounts.permissions import Permission, may
from hooksui.tenants.config import Tenant


class UnknownTenantError(Http404):
    """The address names a tenant, `slug`, that is not configured."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no tenant {slug}.")
        self.slug = slug


def get_tenant(slug: str) -> Tenant:
    """The configured tenant called `slug`.

    Raises UnknownTenantError, which becomes the 404 page that lists the others.
    """
    try:
        tenant: Tenant = settings.TENANTS[slug]
    except KeyError:
        raise UnknownTenantError(slug) from None
    return tenant


def tenant_for(user: User | AnonymousUser, permission: Permission, slug: str) -> Tenant:
    """The same, where `user` has the permission on it. Raises PermissionDenied."""
    if not may(user, permission, slug):
        raise PermissionDenied
    return get_tenant(slug)


def tenants_for(user: User | AnonymousUser, permission: Permission) -> list[Tenant]:
    """The tenants on which `user` has the permission, in the order of the settings."""
    return [tenant for slug, tenant in settings.TENANTS.items() if may(user, permission, slug)]
