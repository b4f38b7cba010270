"""What the embedded tenant refuses whose hooks are read-only or gone (docs/management-api.md, "Errors").

The setting concerns hooks, and what is only there for them; other resources have no part in it.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from hooksui.embedded.errors import ApiError


def refuse_where_gone(method: str, body: Callable[[], Any]) -> None:
    """Refuse every call where hooks are gone. Raises ApiError 403."""
    if settings.LOCAL_TENANT_MODE == "gone":
        raise ApiError(403, "Insufficient privileges to use this deprecated feature.", "hooks_not_allowed")


def refuse_changes(method: str, body: Callable[[], Any]) -> None:
    """Refuse every call where hooks are gone, and where they are read-only new ones and changes.

    A read-only tenant still lets hooks be deleted, enabled and disabled. Raises ApiError 403.
    """
    refuse_where_gone(method, body)
    if settings.LOCAL_TENANT_MODE == "read-only" and method in ("POST", "PATCH") and not _only_switches(method, body()):
        raise ApiError(403, "This endpoint is disabled for your tenant.")


def _only_switches(method: str, body: Any) -> bool:
    return method == "PATCH" and isinstance(body, dict) and set(body) <= {"enabled"}
