"""`##KEY##` and `@@KEY@@` in the Deploy CLI's files, and the values that stand for them.

`@@KEY@@`, with or without quotes around it, becomes the value as JSON, and `##KEY##` becomes the value as it is
(docs/management-api.md, "Keyword replacement"). The Deploy CLI does so before it parses a
file. Here a file is parsed first, so that no value and no lack of one can spoil it: `in_json` and `in_yaml` prepare its
text, and `Prepared.filled` puts the values into what the parser made of it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_KEY = "[A-Za-z0-9_]+"
KEYWORD = re.compile(rf"""'@@({_KEY})@@'|"@@({_KEY})@@"|@@({_KEY})@@|##({_KEY})##""")
_BARE = re.compile(rf"(@@|##)({_KEY})\1")
# What the Deploy CLI itself takes for a keyword that nobody gave a value for: capitals. Bundled libraries have marks of
# the form `@@__NAME__@@`, which ask for no value.
_UNFILLED = re.compile("##([A-Z0-9_]+)##|@@(?!__[A-Z0-9_]*__@@)([A-Z0-9_]+)@@")
# A text of JSON to its end, where it has none, or a keyword outside of one.
_JSON_PART = re.compile(rf'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)|(@@|##)({_KEY})\1', re.DOTALL)
# The last word of a line after which YAML has a text as it stands, with deeper indentation (YAML 1.2.2, 8.1).
_BLOCK = re.compile(r"(?:^|[ \t])[|>][-+1-9]{0,2}(?:[ \t]+#.*)?$")
# At the begin of a line, two hashes begin a comment, unless a value takes their place.
_HASHES = re.compile(r"[ \t]*##")
_PRIVATE = range(0xE000, 0xF8FF, 2)  # Unicode's private use area, in pairs


def replace(text: str, values: Mapping[str, Any]) -> str:
    """`text` with the keywords replaced that `values` has. Keywords in the values themselves are left alone."""

    def value_of(match: re.Match[str]) -> str:
        key = match[match.lastindex or 0]
        if key not in values:
            return match[0]
        return _plain(values[key]) if match[4] else _json(values[key])

    return KEYWORD.sub(value_of, text)


def unfilled(text: str) -> list[str]:
    """The keywords that are left in `text`, each once, in their order."""
    return list(dict.fromkeys(match[1] or match[2] for match in _UNFILLED.finditer(text)))


@dataclass(frozen=True)
class Prepared:
    """The `text` of a file that a parser can read, whatever its keywords are worth.

    Where it would not take a keyword as a part of a value, it stands between two `signs` that the file does not have.
    `parsed` gives what a value is that stands for a whole one without quotes; `shaped` gives one as the parser would.
    """

    text: str
    values: Mapping[str, Any]
    signs: tuple[str, str]
    parsed: Callable[[str], Any]
    shaped: Callable[[Any], Any] = lambda value: value

    def filled(self, data: Any) -> Any:
        """What a parser made of `text`, with values in place of keywords; without a value, they are as in the file."""
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, list):
            return [self.filled(item) for item in data]
        if isinstance(data, dict):
            return {self._in_text(key): self.filled(item) for key, item in data.items()}
        return data

    def without_signs(self, text: str) -> str:
        """`text`, which may be a parser's word about the file, as the file has it."""
        return text.replace(self.signs[0], "").replace(self.signs[1], "")

    def _text(self, text: str) -> Any:
        begin, end = self.signs
        signed = bool(begin) and text.startswith(begin) and text.endswith(end)
        match = _BARE.fullmatch(text[1:-1] if signed else text)
        if not match or match[2] not in self.values:
            return self._in_text(text)
        value = self.values[match[2]]
        if match[1] == "@@":
            return self.shaped(value)
        return self.parsed(_plain(value)) if signed else _plain(value)

    def _in_text(self, text: str) -> str:
        return replace(self.without_signs(text), self.values)


def in_json(text: str, values: Mapping[str, Any]) -> Prepared:
    """JSON whose keywords may stand as values, without quotes."""
    signs = _signs(text)

    def quoted(match: re.Match[str]) -> str:
        if not match[2]:
            return match[0]
        value = values.get(match[2])
        if match[1] == "##" and isinstance(value, str) and json_value(value, signs) is signs:
            # A part of what stands there, such as some items of a list.
            return value
        return f'"{match[0].join(signs)}"'

    return Prepared(_JSON_PART.sub(quoted, text), values, signs, lambda value: json_value(value, value))


def in_yaml(text: str, values: Mapping[str, Any], parsed: Callable[[str], Any]) -> Prepared:
    """YAML whose keywords may stand anywhere; `parsed` reads YAML."""
    signs = _signs(text)
    if not _BARE.search(text):
        return Prepared(text, values, signs, parsed, _as_yaml)
    lines = []
    block: int | None = None  # the least indentation of the text that goes on; -1 before its first line
    for line in text.split("\n"):
        rest = line.lstrip(" ")
        indentation = len(line) - len(rest)
        if block == -1 and rest.strip():
            block = indentation
        if block is not None and (not rest.strip() or (indentation >= block and indentation > 0)):
            lines.append(line)
            continue
        block = -1 if (">" in line or "|" in line) and _BLOCK.search(line.rstrip()) else None
        lines.append(replace(line, values) if _HASHES.match(line) else _signed(line, signs))
    return Prepared("\n".join(lines), values, signs, parsed, _as_yaml)


def json_value(text: str, otherwise: Any) -> Any:
    """The JSON in `text`, `otherwise` where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return otherwise


def object_in(value: Any) -> Any:
    """`value`, or the object or list whose JSON it is: values that people type are texts."""
    return json_value(value, value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") else value


def _signed(line: str, signs: tuple[str, str]) -> str:
    """In quotes a keyword is a text already, and a sign would take away that it is one."""
    return re.sub(rf"(?<!['\"]){_BARE.pattern}", lambda match: match[0].join(signs), line)


def _signs(text: str) -> tuple[str, str]:
    """Two signs that `text` does not have, neither as they are nor as an escape, such as `\\ue000`."""
    small = text.lower()
    taken = set(text)
    for first in _PRIVATE:
        pair = chr(first), chr(first + 1)
        if not (taken & set(pair) or f"{first:x}" in small or f"{first + 1:x}" in small):
            return pair
    return "", ""


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    # Without blanks, as JavaScript writes it.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _as_yaml(value: Any) -> Any:
    """`value` as the reader of YAML would give it: a number as its text."""
    if isinstance(value, list):
        return [_as_yaml(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_yaml(item) for key, item in value.items()}
    return value if value is None or isinstance(value, bool | str) else _json(value)
