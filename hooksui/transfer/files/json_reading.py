"""JSON as plain data, in which no name stands twice in one object."""

import json
from collections import Counter
from functools import partial
from typing import Any

from hooksui.transfer.files.definition import UnreadableError


def read(source: str, text: str) -> Any:
    """The value in `text`, of the file `source`. Raises UnreadableError, and ValueError where it is no JSON at all."""
    try:
        return json.loads(text, object_pairs_hook=partial(_object, source))
    except RecursionError as error:
        raise UnreadableError(source, "It is nested too deeply.") from error


def no_json(source: str, error: ValueError) -> UnreadableError:
    """What to raise for an `error` of `read`."""
    if isinstance(error, json.JSONDecodeError):
        return UnreadableError(source, f"Line {error.lineno}: This is not valid JSON: {error.msg}.")
    return UnreadableError(source, "It has a number that is too long to be read.")


def _object(source: str, members: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8259, 4: names should be unique; which of two counts, readers decide differently."""
    found = dict(members)
    if len(found) < len(members):
        counts = Counter(name for name, _ in members)
        twice = next(name for name, count in counts.items() if count > 1)
        raise UnreadableError(source, f"{twice} appears twice.")
    return found
