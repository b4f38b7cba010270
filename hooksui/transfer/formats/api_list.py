"""Lists of the API that were saved page by page: all pages given are one list, and a missing one is noticed.

Source: docs/management-api.md, "List": `start`, `limit`, `total` and the hooks.
"""

import json
import posixpath
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from hooksui.transfer.files import signs
from hooksui.transfer.files.definition import Gap
from hooksui.transfer.files.inputs import Inputs
from hooksui.transfer.formats.base import Format, Reader, Reading, Syntax

_MAX_NAMED = 3  # files in one sentence


class _ApiList(Reader):
    """Reads the hooks of each list."""

    def __init__(self, format_: Format, inputs: Inputs, reading: Reading) -> None:
        super().__init__(format_, inputs, reading)
        self._pages: list[_Page] = []
        self._listed: set[str] = set()

    def read(self, path: str) -> bool:
        """The hooks of the file, if it is a list. Pages may overlap; what differs is not the same."""
        data = self.inputs.json(path)
        if not signs.is_list(data):
            return False
        self.found(path)
        self._pages.append(_page(path, data))
        hooks: list[Any] = data["hooks"] if isinstance(data, dict) else data
        texts = [json.dumps(hook, sort_keys=True) for hook in hooks]
        new = [hook for hook, text in zip(hooks, texts, strict=True) if text not in self._listed]
        self.take_each(path, new, str)
        self._listed.update(texts)
        return True

    def read_rest(self) -> None:
        """Which pages are missing."""
        self.reading.gaps += _gaps(self._pages)


@dataclass(frozen=True)
class _Page:
    """A list in the file at `path`: its hooks' identities, how many there are in all, and of which place the first is.

    What the file does not say is None. `more` says that it ends where hooks may follow, `total` left unsaid.
    """

    path: str
    hooks: list[str]
    total: int | None
    start: int | None
    more: bool

    @property
    def is_whole(self) -> bool:
        """Whether it says itself that it has all hooks, or says nothing of others."""
        if self.start:
            return False
        return not self.more if self.total is None else self.total <= len(self.hooks)


def _page(path: str, data: Any) -> _Page:
    """The page that `data` is, an answer of the API."""
    said = data if isinstance(data, dict) else {}
    hooks = [_identity(hook) for hook in (said.get("hooks", []) if said else data)]
    limit = _number(said.get("limit"))
    more = bool(said.get("next")) or (limit is not None and 0 < limit <= len(hooks))
    return _Page(path, hooks, _number(said.get("total")), _number(said.get("start")), more)


def _identity(hook: Any) -> str:
    """What tells a hook of a list from others: the same one may be on two pages that overlap."""
    if isinstance(hook, dict) and isinstance(hook.get("id"), str):
        return f"id {hook['id']}"
    return json.dumps(hook, sort_keys=True)


def _gaps(pages: list[_Page]) -> list[Gap]:
    """What is missing of the lists that `pages` are of; pages of one list lie in one folder."""
    lists: dict[tuple[str, int | None], list[_Page]] = defaultdict(list)
    for one in pages:
        if not one.is_whole:
            lists[posixpath.dirname(one.path), one.total].append(one)
    return [gap for (_, total), parts in lists.items() if (gap := _gap(parts, total))]


def _gap(parts: list[_Page], total: int | None) -> Gap | None:
    found = len({hook for part in parts for hook in part.hooks})
    names = [part.path for part in parts]
    source = ", ".join(names[:_MAX_NAMED]) + (" and more" if len(names) > _MAX_NAMED else "")
    has = "has" if len(parts) == 1 else "have"
    if total is None:
        return None if _goes_through(parts) else Gap(source, f"{has} only part of a list; get the other pages too.")
    if found < total:
        return Gap(source, f"{has} {found} of {total} hooks; get the other pages too.")
    if found > total:
        return Gap(source, f"{has} {found} hooks of a list of {total}. Give the pages of one list, saved together.")
    return None


def _goes_through(parts: list[_Page]) -> bool:
    """Whether pages without a total follow each other from the first to a last one, which has less than it could."""
    end = 0
    ordered = sorted(parts, key=lambda part: (part.start or 0, part.more))
    for part in ordered:
        if (part.start or 0) > end:
            return False
        end = max(end, (part.start or 0) + len(part.hooks))
    return any(not part.more and (part.start or 0) + len(part.hooks) == end for part in ordered)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


FORMAT = Format(
    name="list",
    title="JSON of the Management API",
    given="a JSON list of hooks from the Management API",
    endings=(".json",),
    syntax=Syntax.JSON,
    reader=_ApiList,
)
