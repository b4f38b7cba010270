"""What hooks and their secrets share: reading, writing, and how a tenant says that it has no Hooks any more."""

import re
from typing import Any

from hooksui.auth0.errors import (
    ApiError,
    FeatureRefusedError,
    HookNotFoundError,
    HooksGoneError,
    NameTakenError,
    ScriptsReadOnlyError,
)
from hooksui.auth0.resource import Resource
from hooksui.auth0.shapes import HOOK_ID

# What a list needs: no script travels.
LIST_QUERY = {"fields": "id,name,triggerId,enabled", "include_totals": "true"}
# How a tenant says that it has no Hooks, or takes no scripts, any more. The codes and the first three phrases were
# recorded or documented; nobody wrote down the rest, so the likely words.
_FEATURE_CODES = ("hooks_not_allowed", "feature_not_enabled")
_REFUSES_FEATURE = re.compile(
    r"deprecated|disabled for your tenant|not enabled for this tenant|read-?\s?only|no longer|end of life",
    re.IGNORECASE,
)


class HookResource(Resource):
    """Hooks, or what belongs to one."""

    def meaning(self, error: ApiError, path: str) -> ApiError:
        """A hook that is not there, a name that is taken, a feature that is refused, Hooks that are gone."""
        meaning = _meaning(error, is_item="/" in path)
        return (
            meaning(status=error.status, code=error.code, remote=error.remote)
            if meaning
            else super().meaning(error, path)
        )

    def _read(self, path: str, params: dict[str, str] | None = None) -> Any:
        try:
            return self.call("GET", path, "read:hooks", params=params)
        except FeatureRefusedError as error:
            raise HooksGoneError(status=error.status, remote=error.remote) from error

    def _write(self, method: str, path: str, scope: str, body: Any = None) -> Any:
        try:
            return self.call(method, path, scope, body=body)
        except HooksGoneError:
            raise
        except FeatureRefusedError as error:
            # The same answer stands for a tenant that is read-only and for one without Hooks: its list tells which.
            try:
                self._read("hooks", {**LIST_QUERY, "page": "0", "per_page": "1"})
            except HooksGoneError:
                raise
            except ApiError:
                # Nothing was written, and that is what counts here.
                pass
            raise ScriptsReadOnlyError(status=error.status, remote=error.remote) from error


def path_of(hook_id: str) -> str:
    """The path of one hook.

    Raises HookNotFoundError for an id that none can have, since it might name something else.
    """
    if not re.fullmatch(HOOK_ID, hook_id):
        raise HookNotFoundError(status=404)
    return f"hooks/{hook_id}"


def _meaning(error: ApiError, *, is_item: bool) -> type[ApiError] | None:
    """The class of what `error` means for hooks, None where it means nothing of its own. `is_item`: not of the list."""
    refuses_feature = error.code in _FEATURE_CODES or _REFUSES_FEATURE.search(error.remote)
    if error.status == 403 and refuses_feature:
        return FeatureRefusedError
    if error.status == 400 and "not allowed: script" in error.remote:
        return FeatureRefusedError
    if error.status in (410, 501) or (error.status == 404 and not is_item):
        return HooksGoneError
    return {404: HookNotFoundError, 409: NameTakenError}.get(error.status)
