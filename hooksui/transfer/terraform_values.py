"""What is constant in a configuration of Terraform: locals, and variables by their defaults.

Source: Terraform's language, "Local values" and "Input variables". What a run is given, as in `.tfvars`, is not
known.
"""

import json
from collections.abc import Iterator
from typing import Any

from hooksui.transfer.hcl import Block, Expression, SyntaxFault

_DEPTH = 20  # references one behind the other


class Constants:
    """The constants of one folder, by the name with which they are referred to."""

    def __init__(self, blocks: list[Block]) -> None:
        self._known: dict[str, Expression] = {}
        for block in blocks:
            try:
                attributes, _ = block.body()
            except SyntaxFault:
                # Whoever reads hooks of it says so.
                continue
            if block.kind == "locals":
                self._known |= {f"local.{name}": expression for name, expression in attributes}
            elif block.kind == "variable" and block.labels:
                self._known |= {f"var.{block.labels[0]}": value for name, value in attributes if name == "default"}

    def plain(self, expression: Expression) -> Expression:
        """`expression`, or what it stands for where it is a constant by name, or a text that is nothing but one."""
        for _ in range(_DEPTH):
            inner = expression.interpolated() or self._known.get(expression.source)
            if inner is None:
                break
            expression = inner
        return expression


def native_of(text: str) -> str:
    """The resources about hooks in Terraform's JSON syntax, in its native one. Raises ValueError where it is no JSON.

    In both a text is a template, so that what stands between its quotes is the same. Blocks may be in lists.
    """
    return "\n".join(_blocks(json.loads(text)))


def _blocks(root: Any) -> Iterator[str]:
    for outer in _objects(root):
        for kind in ("locals", "variable", "resource"):
            for body in _objects(outer.get(kind)):
                yield from _block(kind, body)


def _block(kind: str, body: dict[str, Any]) -> Iterator[str]:
    if kind == "locals":
        yield _written("locals", body)
        return
    for label, inner in body.items():
        for one in _objects(inner):
            if kind == "variable":
                yield _written(f"variable {json.dumps(label)}", one)
            elif label in ("auth0_hook", "auth0_hook_secret"):
                for name, bodies in one.items():
                    yield from (
                        _written(f"resource {json.dumps(label)} {json.dumps(name)}", each) for each in _objects(bodies)
                    )


def _objects(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]


def _written(head: str, body: dict[str, Any]) -> str:
    attributes = (f"{name} = {_value(value)}" for name, value in body.items() if name.isidentifier())
    return "\n".join((f"{head} {{", *attributes, "}"))


def _value(value: Any) -> str:
    if isinstance(value, str):
        # A text that is one interpolation has quotes of its own in it.
        inner = value[2:-1] if value.startswith("${") and value.endswith("}") else ""
        return inner if inner and "${" not in inner.replace("${path.", "") else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_value(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return json.dumps(value)
