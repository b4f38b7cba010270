"""Terraform's JSON syntax, and values of variables in JSON, in the words of the native syntax.

Source: Terraform's language, "JSON Configuration Syntax".
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hooksui.transfer.files import json_reading
from hooksui.transfer.formats.terraform import templates

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


def native_of(source: str, text: str) -> str:
    """What `text`, of the file `source`, has about hooks: resources, modules, locals and variables.

    Blocks may be in lists. Raises UnreadableError and HclError.
    """
    return "\n".join(_blocks(_read(source, text)))


def native_values(source: str, text: str) -> str:
    """The values of variables in `text`, of the file `source`, in which nothing is evaluated.

    Raises UnreadableError.
    """
    return "\n".join(_attributes(values, templates.literal)) if isinstance(values := _read(source, text), dict) else ""


def is_json(path: str) -> bool:
    """Whether the file at `path` is JSON: lines of its words in the native syntax are not its own."""
    return path.lower().endswith(".json")


def _read(source: str, text: str) -> Any:
    try:
        return json_reading.read(source, text)
    except ValueError as error:
        raise json_reading.no_json(source, error) from error


def _blocks(root: Any) -> Iterator[str]:
    for outer in _objects(root):
        for kind in ("locals", "variable", "module", "resource"):
            for body in _objects(outer.get(kind)):
                yield from _block(kind, body)


def _block(kind: str, body: dict[str, Any]) -> Iterator[str]:
    if kind == "locals":
        yield _written("locals", body)
        return
    for label, inner in body.items():
        for one in _objects(inner):
            if kind != "resource":
                yield _written(f"{kind} {json.dumps(label)}", one)
            elif label.startswith("auth0_hook"):
                for name, bodies in one.items():
                    yield from (
                        _written(f"resource {json.dumps(label)} {json.dumps(name)}", each) for each in _objects(bodies)
                    )


def _objects(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]


def _written(head: str, body: dict[str, Any]) -> str:
    return "\n".join((f"{head} {{", *_attributes(body, templates.native), "}"))


def _attributes(body: dict[str, Any], quoted: Callable[[str], str]) -> Iterator[str]:
    return (f"{name} = {_value(value, quoted)}" for name, value in body.items() if _IDENTIFIER.fullmatch(name))


def _value(value: Any, quoted: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(name)} = {_value(each, quoted)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each, quoted) for each in value) + "]"
    return json.dumps(value)
