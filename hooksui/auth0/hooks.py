"""Hooks of one tenant: all, get, create, update, delete. Source: docs/management-api.md, "Hooks"."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import HookNotFoundError, NameTakenError, OddAnswerError, RefusedError
from hooksui.auth0.hook_resource import LIST_QUERY, HookResource, path_of
from hooksui.auth0.resource import expect_nothing
from hooksui.auth0.shapes import JSON_NAMES, Hook, hook_from_json, text_of

# Asked for by name, since sources disagree on whether a list without `fields` has the scripts.
WHOLE_LIST_QUERY = {**LIST_QUERY, "fields": ",".join(JSON_NAMES.values())}
PER_PAGE = 100  # the most that the API gives
MAX_HOOKS = 20_000  # no tenant has as many; a greater total is a mistake, and not worth its number of calls


class Hooks(HookResource):
    """The hooks behind one connection."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._pages_before = 1

    def all(self, whole: bool = False) -> list[Hook]:
        """All hooks, without their scripts and dependencies unless they are wanted `whole`.

        One call for up to 100 hooks. As many pages as there were last time are asked for side by side from the start;
        those that turn out to be missing follow, side by side as well. Where whole hooks are wanted and the list leaves
        scripts out, one call for each such hook comes on top.
        """
        query = WHOLE_LIST_QUERY if whole else LIST_QUERY
        pages = self._connection.side_by_side(self._page_calls(query, 0, self._pages_before))
        total = pages[0][0]
        needed = max(1, -(-total // PER_PAGE))
        pages += self._connection.side_by_side(self._page_calls(query, len(pages), needed))
        self._pages_before = needed
        found = _each_once([hooks for _, hooks in pages])
        return self._with_scripts(found) if whole else found

    def at_point(self, trigger: str) -> list[Hook]:
        """The hooks of the point of `trigger`, with their scripts unless the list leaves them out.

        One call for up to 100 hooks.
        """
        query = {**WHOLE_LIST_QUERY, "triggerId": trigger}
        total, found = self._page(query, 0)
        pages = self._connection.side_by_side(self._page_calls(query, 1, -(-total // PER_PAGE)))
        # A server that does not know the filter lists them all.
        return [hook for hook in _each_once([found, *(hooks for _, hooks in pages)]) if hook.trigger == trigger]

    def get(self, hook_id: str) -> Hook:
        """The hook with this id, script and all. Raises HookNotFoundError."""
        return _this_hook(hook_id, self._read(path_of(hook_id)))

    def create(self, name: str, trigger: str, script: str, *, enabled: bool, **others: Any) -> Hook:
        """Make a hook; `others` are further fields, sent where they say something.

        The answer has its id and its stored name. Raises NameTakenError or ScriptsReadOnlyError.
        """
        body: dict[str, Any] = {"name": name, "script": script, "triggerId": trigger, "enabled": enabled}
        body |= {JSON_NAMES[field]: value for field, value in others.items() if value}
        hook = hook_from_json(self._write("POST", "hooks", "create:hooks", body))
        if hook.trigger != trigger:
            raise OddAnswerError(status=200, remote="another hook")
        return hook

    def update(self, hook_id: str, changes: dict[str, Any]) -> Hook:
        """Send only `changes`, by the fields' names.

        Raises HookNotFoundError, ScriptsReadOnlyError, NameTakenError, and RefusedError where another hook of the
        trigger is in the way.
        """
        try:
            hook = _this_hook(hook_id, self._write("PATCH", path_of(hook_id), "update:hooks", changes))
        except NameTakenError as error:
            if "name" in changes:
                raise
            raise RefusedError(status=error.status, remote=error.remote) from error
        if not _has(hook, changes):
            raise OddAnswerError(status=200, remote="not what was asked for")
        return hook

    def delete(self, hook_id: str) -> None:
        """Remove the hook with its secrets. Raises HookNotFoundError."""
        expect_nothing(self._write("DELETE", path_of(hook_id), "delete:hooks"))

    def _with_scripts(self, found: list[Hook]) -> list[Hook]:
        # No hook has an empty script: the list left it out.
        without = [hook.id for hook in found if not hook.script]
        calls: list[Callable[[], Hook | None]] = [partial(self._get_if_there, hook_id) for hook_id in without]
        fetched = dict(zip(without, self._connection.side_by_side(calls), strict=True))
        return [hook for hook in (fetched.get(hook.id, hook) for hook in found) if hook]

    def _get_if_there(self, hook_id: str) -> Hook | None:
        """The hook; None where somebody removed it since it was listed."""
        try:
            return self.get(hook_id)
        except HookNotFoundError:
            return None

    def _page_calls(self, query: dict[str, str], start: int, end: int) -> list[Callable[[], tuple[int, list[Hook]]]]:
        return [partial(self._page, query, number) for number in range(start, end)]

    def _page(self, query: dict[str, str], number: int) -> tuple[int, list[Hook]]:
        answer = self._read("hooks", {**query, "page": str(number), "per_page": str(PER_PAGE)})
        if not isinstance(answer, dict) or not isinstance(answer.get("hooks"), list):
            raise OddAnswerError(status=200, remote="not a list of hooks")
        hooks = [hook_from_json(item) for item in answer["hooks"]]
        total = answer.get("total", len(hooks))
        if type(total) is not int or not len(hooks) <= total <= MAX_HOOKS or (total and not hooks and not number):
            raise OddAnswerError(status=200, remote="not a number of hooks")
        return total, hooks


def _each_once(pages: list[list[Hook]]) -> list[Hook]:
    """The hooks of all pages; one that moved from one page to the next between two calls stands there once."""
    return list({hook.id: hook for hooks in pages for hook in hooks}.values())


def _this_hook(hook_id: str, answer: Any) -> Hook:
    """The hook in an answer about one. Raises OddAnswerError for any other, as a cache on the way might give."""
    hook = hook_from_json(answer)
    if hook.id != hook_id:
        raise OddAnswerError(status=200, remote="another hook")
    return hook


def _has(hook: Hook, changes: dict[str, Any]) -> bool:
    """Whether `hook` is as `changes` want it, but for its name, which servers rewrite."""
    others = {field: value for field, value in changes.items() if field not in ("name", "script")}
    script = text_of(changes.get("script", hook.script))
    same = all(getattr(hook, field) == value for field, value in others.items())
    return same and hook.script.splitlines() == script.splitlines()
