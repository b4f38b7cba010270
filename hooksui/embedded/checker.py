"""Checks a value against a declared shape, in the words of z-schema, the library whose words Auth0's answers are.

The order of several problems is z-schema's too: an object's own first, then its members', the last member first.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hooksui.embedded.errors import ApiError

# PostgreSQL's text cannot hold NUL, and UTF-8 no half of a surrogate pair.
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
# By type, what `least` and `most` say when they are not kept.
_BOUNDS = {
    "integer": ("Value {0} is less than minimum {1}", "Value {0} is greater than maximum {1}"),
    "string": ("String is too short ({0} chars), minimum {1}", "String is too long ({0} chars), maximum {1}"),
    "array": ("Array is too short ({0}), minimum {1}", "Array is too long ({0}), maximum {1}"),
    "object": ("Too few properties defined ({0}), minimum {1}", "Too many properties defined ({0}), maximum {1}"),
}


@dataclass(frozen=True)
class Shape:
    """What a value may be.

    `least` and `most` bound an integer's value, a string's characters, and the entries of an array or object.
    `pattern` is a regular expression for the whole string; `pattern_hint` stands for it in messages.
    An object takes the members `known`, and any others only if `others` gives their shape, and `names` that of their
    names.
    """

    type: Literal["integer", "boolean", "string", "array", "object"]
    description: str = ""
    least: int | None = None
    most: int | None = None
    most_bytes: int | None = None
    one_of: tuple[str, ...] = ()
    pattern: str = ""
    pattern_hint: str = ""
    known: Mapping[str, "Shape"] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    others: "Shape | None" = None
    names: "Shape | None" = None
    items: "Shape | None" = None


@dataclass(frozen=True)
class Place:
    """Where a checked value came from, as the refusal names it."""

    title: str
    error_code: str


BODY = Place("Payload", "invalid_body")
QUERY = Place("Query", "invalid_query_string")
PATH = Place("Path", "invalid_uri")


def check(value: Any, shape: Shape, place: Place, path: str = "") -> None:
    """Raise ApiError 400 with every problem of `value` (docs/management-api.md, "Validation grammar").

    `path` names the value itself where it is a property of something larger.
    """
    problems = [f"{place.title} validation error: {problem}." for problem in _problems(value, shape, path)]
    if problems:
        raise ApiError(400, " (also) ".join(problems), place.error_code)


def type_of(value: Any) -> str:
    """What z-schema calls the type of a JSON value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _problems(value: Any, shape: Shape, path: str) -> Iterator[str]:
    place = f" on property {path}" + (f" ({shape.description})" if shape.description else "") if path else ""
    found = type_of(value)
    if found != shape.type:
        yield f"'Expected type {shape.type} but found type {found}'{place}"
        return
    yield from (f"'{reason}'{place}" for reason in _own_reasons(value, shape))
    if isinstance(value, list) and shape.items:
        for index in reversed(range(len(value))):
            yield from _problems(value[index], shape.items, f"{path}[{index}]")
    if isinstance(value, dict):
        for name in reversed(value):
            member = f"{path}.{name}" if path else name
            if name in shape.known:
                yield from _problems(value[name], shape.known[name], member)
            elif shape.others:
                if shape.names:
                    yield from _problems(name, shape.names, member)
                yield from _problems(value[name], shape.others, member)


def _own_reasons(value: Any, shape: Shape) -> Iterator[str]:
    if isinstance(value, dict):
        unknown = [name for name in value if name not in shape.known]
        if unknown and shape.others is None:
            yield f"Additional properties not allowed: {','.join(unknown)}"
        yield from (f"Missing required property: {name}" for name in reversed(shape.required) if name not in value)
    if shape.type in _BOUNDS:
        size = value if shape.type == "integer" else len(value)
        too_small, too_big = _BOUNDS[shape.type]
        if shape.least is not None and size < shape.least:
            yield too_small.format(size, shape.least)
        if shape.most is not None and size > shape.most:
            yield too_big.format(size, shape.most)
    if isinstance(value, str):
        yield from _reasons_of_text(value, shape)


def _reasons_of_text(value: str, shape: Shape) -> Iterator[str]:
    if shape.pattern and not re.fullmatch(shape.pattern, value):
        if shape.pattern_hint:
            yield f"String '{value}' does not match pattern. {shape.pattern_hint}"
        else:
            yield f"String does not match pattern {shape.pattern}: {value}"
    elif shape.one_of and value not in shape.one_of:
        yield f"No enum match for: {value}"
    elif _NOT_STORABLE.search(value):
        # z-schema knows no such check. The value is not repeated: it may be a secret.
        yield "String has a NUL character or half of a surrogate pair"
    elif shape.most_bytes is not None and (size := len(value.encode())) > shape.most_bytes:
        yield f"String is too long ({size} bytes), maximum {shape.most_bytes}"
