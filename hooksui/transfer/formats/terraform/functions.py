"""Values of Terraform's language, and the functions that make texts of them.

Source: Terraform's language, "Types and Values" and "Functions". A function raises ValueError for what it does not
take, or where the text would be larger than any file that is read.
"""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from hooksui.transfer.files.texts import MAX_FILE

Value = str | bool | Decimal | None | list["Value"] | dict[str, "Value"]

_MAX_DIGITS = 150  # Terraform keeps 512 bits
_NUMBER = re.compile(r"-?\s?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
# What Go's unicode.IsSpace takes for one.
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and not "\x1c" <= sign <= "\x1f")
_VERB = re.compile(r"%(.?)", re.DOTALL)
# As Go's encoding/json does it, so that the text can stand in a page.
_ESCAPED_IN_JSON = re.compile("[<>&\u2028\u2029]")
_OF_TEXTS = re.compile(r"(map|list)\(\s*string\s*\)")


def number(source: str) -> Decimal:
    """The number that is written so. Raises ValueError where it has too many digits to be kept."""
    if len(source) > _MAX_DIGITS or not _NUMBER.fullmatch(source):
        raise ValueError(source)
    return Decimal(re.sub(r"\s", "", source))


def as_text(value: Value) -> str:
    """As Terraform turns a value into a text. Raises ValueError where it does not."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def converted(value: Value, kind: str) -> Value:
    """`value` as a variable of the type `kind` has it. Types that change nothing of texts and numbers leave it."""
    if value is None:
        return None
    if kind == "string":
        return as_text(value)
    if kind == "number" and isinstance(value, str):
        return number(value)
    if kind == "bool" and value in ("true", "false"):
        return value == "true"
    if match := _OF_TEXTS.fullmatch(kind):
        if match[1] == "map" and isinstance(value, dict):
            return {key: converted(each, "string") for key, each in value.items()}
        if match[1] == "list" and isinstance(value, list):
            return [converted(each, "string") for each in value]
    return value


def join_of(separator: Value, *lists: Value) -> str:
    """`join`."""
    texts = [as_text(each) for given in lists for each in _list(given)]
    return joined(texts, as_text(separator))


def joined(texts: list[str], separator: str = "") -> str:
    """The texts one behind the other."""
    _sized(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def replace_of(text: Value, old: Value, new: Value) -> str:
    """`replace`, but not by a regular expression."""
    text, old, new = as_text(text), as_text(old), as_text(new)
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        raise ValueError(old)
    _sized(len(text) + (text.count(old) * len(new)))
    return text.replace(old, new)


def format_of(pattern: Value, *values: Value) -> str:
    """`format`, with no other verb than %s."""
    left = [as_text(value) for value in values]
    pattern = as_text(pattern)
    _sized(len(pattern) + sum(map(len, left)))

    def filled(match: re.Match[str]) -> str:
        if match[1] == "%":
            return "%"
        if match[1] != "s" or not left:
            raise ValueError(match[0])
        return left.pop(0)

    text = _VERB.sub(filled, pattern)
    if left:
        raise ValueError(pattern)
    return text


def json_of(value: Value) -> str:
    """`jsonencode`: names sorted, no spaces."""
    pieces, size = [], 0
    for piece in _json(value):
        pieces.append(piece)
        size += len(piece)
        _sized(size)
    return "".join(pieces)


def trimspace(text: Value) -> str:
    """`trimspace`."""
    return as_text(text).strip(_SPACES)


def chomp(text: Value) -> str:
    """`chomp`."""
    return as_text(text).rstrip("\r\n")


FUNCTIONS: dict[str, Callable[..., str]] = {
    "chomp": chomp,
    "format": format_of,
    "join": join_of,
    "jsonencode": json_of,
    "replace": replace_of,
    "trimspace": trimspace,
}


def _json(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        yield "["
        for place, each in enumerate(value):
            yield "," if place else ""
            yield from _json(each)
        yield "]"
    elif isinstance(value, dict):
        yield "{"
        for place, key in enumerate(sorted(value)):
            yield f"{',' if place else ''}{_quoted(key)}:"
            yield from _json(value[key])
        yield "}"
    elif isinstance(value, str):
        yield _quoted(value)
    else:
        yield "null" if value is None else as_text(value)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise ValueError(value)
    return value


def _sized(size: int) -> None:
    if size > MAX_FILE:
        raise ValueError(size)
