"""What people may do. Every view says what it needs, and `may` is where it is decided."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from hooksui.accounts.models import User


class Permission(StrEnum):
    """Something that a person may do with the hooks of a tenant."""

    VIEW = "hooks.view"
    CHANGE = "hooks.change"
    RUN = "hooks.run"
    IMPORT = "hooks.import"


def may(user: User | AnonymousUser, permission: Permission, tenant: str) -> bool:
    """Whether `user` has the permission on the tenant called `tenant`: everybody who is signed in has each on all."""
    return user.is_authenticated
