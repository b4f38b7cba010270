"""Hooks of one tenant: all, get, create, update, delete. Source: Management API contract, "Hooks"."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import NameTaken, OddAnswer, Refused
from hooksui.auth0.resource import LIST_QUERY, Resource, path_of
from hooksui.auth0.shapes import Hook, hook_from_json

PER_PAGE = 100  # the most that the API gives
MOST_HOOKS = 20_000  # no tenant has as many; a greater total is a mistake, and not worth its number of calls


class Hooks(Resource):
    """The hooks behind one connection."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
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
        return hook_from_json(self._read(path_of(hook_id)))

    def create(self, name: str, trigger: str, script: str, *, enabled: bool) -> Hook:
        """Make a hook; the answer has its id and its stored name. Raises NameTaken or ScriptsReadOnly."""
        body = {"name": name, "script": script, "triggerId": trigger, "enabled": enabled}
        return hook_from_json(self._write("POST", "hooks", "create:hooks", body))

    def update(self, hook_id: str, changes: dict[str, Any]) -> Hook:
        """Send only `changes`: any of name, script, enabled, dependencies.

        Raises HookNotFound, ScriptsReadOnly, NameTaken, and Refused where another hook of the trigger is in the way.
        """
        try:
            return hook_from_json(self._write("PATCH", path_of(hook_id), "update:hooks", changes))
        except NameTaken as error:
            if "name" in changes:
                raise
            raise Refused(status=error.status, remote=error.remote) from error

    def delete(self, hook_id: str) -> None:
        """Remove the hook with its secrets. Raises HookNotFound."""
        self._write("DELETE", path_of(hook_id), "delete:hooks")

    def _page_calls(self, start: int, end: int) -> list[Callable[[], tuple[int, list[Hook]]]]:
        return [partial(self._page, number) for number in range(start, end)]

    def _page(self, number: int) -> tuple[int, list[Hook]]:
        answer = self._read("hooks", {**LIST_QUERY, "page": str(number), "per_page": str(PER_PAGE)})
        if not isinstance(answer, dict) or not isinstance(answer.get("hooks"), list):
            raise OddAnswer(status=200, remote="not a list of hooks")
        hooks = [hook_from_json(item) for item in answer["hooks"]]
        total = answer.get("total", len(hooks))
        if type(total) is not int or not len(hooks) <= total <= MOST_HOOKS or (total and not hooks and not number):
            raise OddAnswer(status=200, remote="not a number of hooks")
        return total, hooks
