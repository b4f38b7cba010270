"""A tenant for a request, or the page that says there is none."""

from django.conf import settings
from django.http import Http404

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
