"""Hooks of one tenant: all, get, create, update. Source: Management API contract, "Hooks"."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import FeatureRefused, HooksGone, OddAnswer, ScriptsReadOnly
from hooksui.auth0.shapes import Hook, hook_from_json

PER_PAGE = 100  # the most that the API gives
# What a list needs: no script travels.
_LIST_FIELDS = "id,name,triggerId,enabled"


class Hooks:
    """The hooks behind one connection. Every method raises a ServiceError where the API refuses or fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pages_before = 1

    def all(self) -> list[Hook]:
        """All hooks, without their scripts and dependencies.

        One call for up to 100 hooks. As many pages as there were last time are asked for side by side from the start;
        those that turn out to be missing follow, side by side as well.
        """
        pages = self._connection.side_by_side(self._page_calls(0, self._pages_before))
        total = pages[0][0]
        needed = max(1, -(-total // PER_PAGE))
        pages += self._connection.side_by_side(self._page_calls(len(pages), needed))
        self._pages_before = needed
        # A hook that moved from one page to the next between two calls stands there once.
        return list({hook.id: hook for _, hooks in pages for hook in hooks}.values())

    def get(self, hook_id: str) -> Hook:
        """The hook with this id, script and all. Raises HookNotFound."""
        return hook_from_json(self._connection.request("GET", f"hooks/{hook_id}", scope="read:hooks"))

    def create(self, name: str, trigger: str, script: str, *, enabled: bool) -> Hook:
        """Make a hook; the answer has its id and the name as the server stores it. Raises NameTaken, FeatureRefused."""
        body = {"name": name, "script": script, "triggerId": trigger, "enabled": enabled}
        return hook_from_json(self._write("POST", "hooks", "create:hooks", body))

    def update(self, hook_id: str, changes: dict[str, Any]) -> Hook:
        """Send `changes` (any of name, script, enabled, dependencies), nothing else. Raises HookNotFound, FeatureRefused."""
        return hook_from_json(self._write("PATCH", f"hooks/{hook_id}", "update:hooks", changes))

    def _page_calls(self, start: int, end: int) -> list[Callable[[], tuple[int, list[Hook]]]]:
        return [partial(self._page, number) for number in range(start, end)]

    def _page(self, number: int) -> tuple[int, list[Hook]]:
        params = {"fields": _LIST_FIELDS, "include_totals": "true", "page": str(number), "per_page": str(PER_PAGE)}
        try:
            answer = self._connection.request("GET", "hooks", scope="read:hooks", params=params)
        except FeatureRefused as error:
            raise HooksGone(status=error.status, remote=error.remote) from error
        if not isinstance(answer, dict) or not isinstance(answer.get("hooks"), list):
            raise OddAnswer(status=200, remote="not a list of hooks")
        total = answer.get("total")
        hooks = [hook_from_json(item) for item in answer["hooks"]]
        return total if isinstance(total, int) else len(hooks), hooks

    def _write(self, method: str, path: str, scope: str, body: dict[str, Any]) -> Any:
        try:
            return self._connection.request(method, path, scope=scope, body=body)
        except HooksGone:
            raise
        except FeatureRefused as error:
            # The same answer stands for a tenant that is read-only and for one without Hooks: its list tells which.
            self._page(0)
            raise ScriptsReadOnly(status=error.status, remote=error.remote) from error
