"""What the resources of the Management API share: reading and writing, and what a refused feature means there."""

import re
from typing import Any

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import FeatureRefused, HookNotFound, HooksGone, OddAnswer, ScriptsReadOnly, ServiceError
from hooksui.auth0.shapes import HOOK_ID

# What a list needs: no script travels.
LIST_QUERY = {"fields": "id,name,triggerId,enabled", "include_totals": "true"}


class Resource:
    """One kind of object behind one connection. Every method raises a ServiceError where the API refuses or fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _read(self, path: str, params: dict[str, str] | None = None) -> Any:
        try:
            return self._connection.request("GET", path, scope="read:hooks", params=params)
        except FeatureRefused as error:
            raise HooksGone(status=error.status, remote=error.remote) from error

    def _write(self, method: str, path: str, scope: str, body: Any = None) -> Any:
        try:
            return self._connection.request(method, path, scope=scope, body=body)
        except HooksGone:
            raise
        except FeatureRefused as error:
            # The same answer stands for a tenant that is read-only and for one without Hooks: its list tells which.
            try:
                self._read("hooks", {**LIST_QUERY, "page": "0", "per_page": "1"})
            except HooksGone:
                raise
            except ServiceError:
                # Nothing was written, and that is what counts here.
                pass
            raise ScriptsReadOnly(status=error.status, remote=error.remote) from error


def path_of(hook_id: str) -> str:
    """The path of one hook. Raises HookNotFound for an id that none can have, since it might name something else."""
    if not re.fullmatch(HOOK_ID, hook_id):
        raise HookNotFound(status=404)
    return f"hooks/{hook_id}"


def expect_nothing(answer: Any) -> None:
    """Raises OddAnswer unless `answer` is that of a removal: a 204 without a body."""
    if answer is not None:
        raise OddAnswer(status=200, remote="a body in the answer to a removal")


def expect_object(answer: Any) -> None:
    """Raises OddAnswer unless `answer` is an object, as the API has it, mostly empty, where there is nothing to say."""
    if not isinstance(answer, dict):
        raise OddAnswer(status=200, remote="not an object")
