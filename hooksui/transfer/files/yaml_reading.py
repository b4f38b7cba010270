"""YAML as plain data, read with care: no tags, no aliases that multiply, and each fault with its line.

Every scalar is a text as it stands in the file, so that the version `4.10` does not turn into the number 4.1; only
plain `true`, `false` and `null` are what they say (YAML 1.2.2, 10.3: Core Schema).
"""

import re
from typing import Any

from hooksui.transfer.files.definition import UnreadableError

_MAX_NODES = 200_000  # after aliases; 1,000 hooks with 20 secrets and modules each have about 50,000
_MAX_CHARACTERS = 100_000_000  # after aliases as well; more than what is read of all files
_DEEPEST = 50
# YAML 1.2.2, 5.1: what is no character of YAML.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TAGS = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_WORDS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
}


def read(source: str, text: str) -> Any:
    """The one document in `text`: dicts, lists, texts, booleans, None. Raises UnreadableError."""
    # Few requests read YAML.
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # The end of a file without a line break at its end is said to be on the line after it.
        where = f"Line {min(mark.line, text.count(chr(10))) + 1}: " if mark else ""
        raise UnreadableError(source, f"{where}This is not valid YAML: {error.problem or error.context}.") from error
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        line = _line_of_unprintable(text)
        raise UnreadableError(
            source, f"Line {line}: This is not valid YAML: a character is not allowed there."
        ) from error
    except RecursionError as error:
        raise UnreadableError(source, f"It is nested more than {_DEEPEST} deep.") from error
    return None if node is None else _Reader(source).plain(node, 0)


def plain(text: str) -> Any:
    """What `text` is where it stands for a whole value: an object or a list, true, false or null; else a text."""
    if not text.startswith(("{", "[")):
        return _WORDS.get(text, text)
    try:
        return read("", text)
    except UnreadableError:
        return text


class _Reader:
    """Turns nodes into plain data and keeps count of them."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._nodes = 0
        self._characters = 0

    def plain(self, node: Any, depth: int) -> Any:
        """What `node` stands for."""
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise self._fault(node, f"With its aliases filled in, the file has more than {_MAX_NODES} values.")
        if depth > _DEEPEST:
            raise self._fault(node, f"It is nested more than {_DEEPEST} deep.")
        if node.tag not in _TAGS:
            raise self._fault(node, "What begins with ! is a tag, which is not allowed. Put it in quotes.")
        if node.id == "scalar":
            self._characters += len(node.value)
            if self._characters > _MAX_CHARACTERS:
                raise self._fault(
                    node, f"With its aliases filled in, the file has more than {_MAX_CHARACTERS} characters."
                )
            return _WORDS.get(node.value, node.value) if not node.style else node.value
        if node.id == "sequence":
            return [self.plain(item, depth + 1) for item in node.value]
        return self._mapping(node, depth)

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, value in node.value:
            if key.id != "scalar" or key.tag not in _TAGS:
                raise self._fault(key, "A key must be a text.")
            if key.value == "<<" and not key.style:
                parts = self.plain(value, depth + 1)
                for part in reversed(parts if isinstance(parts, list) else [parts]):
                    if not isinstance(part, dict):
                        raise self._fault(value, "Only mappings can be merged with <<.")
                    merged |= part
            elif key.value in own:
                raise self._fault(key, f"{key.value} appears twice.")
            else:
                own[key.value] = self.plain(value, depth + 1)
        return merged | own

    def _fault(self, node: Any, reason: str) -> UnreadableError:
        return UnreadableError(self._source, f"Line {node.start_mark.line + 1}: {reason}")


def _line_of_unprintable(text: str) -> int:
    found = _UNPRINTABLE.search(text)
    return text.count("\n", 0, found.start() if found else 0) + 1
