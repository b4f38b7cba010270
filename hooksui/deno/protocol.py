"""What a program in the sandbox tells, line by line: `inside/channel.mjs` writes it.

A line is JSON behind a word that the script cannot know. Where it comes to know it all the same, it can write such
lines: nothing that is told is taken for granted.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

DEPTH = 200  # levels of lists and objects in each other that a payload or an answer may have


@dataclass(frozen=True)
class Printed:
    """What the script printed, as `console.log` and its like do. `at` is in milliseconds after its beginning."""

    level: str
    text: str
    at: float


@dataclass(frozen=True)
class Warned:
    """Something about the run that its reader should know."""

    text: str


@dataclass(frozen=True)
class Idle:
    """Nothing is left that could run, and no answer was given."""


@dataclass(frozen=True)
class Answered:
    """The answer: `result` is what JSON has, `addresses` maps its names that are absolute addresses to their parts.

    Or an `error`, with `name`, `message`, `stack` and whatever else the script gave it; `failed` is the step that
    failed, "" for an exception. `at` is in milliseconds after the script's beginning, `memory` in bytes that it held,
    `node` what it reads as `process.version`. `size` is the answer's own, in bytes.
    """

    at: float
    memory: int
    size: int
    node: str = ""
    result: Any = None
    addresses: dict[str, dict[str, str]] | None = None
    error: dict[str, Any] | None = None
    failed: str = ""


Told = Printed | Warned | Idle | Answered


def failure(name: str, message: str, **more: Any) -> dict[str, Any]:
    """An error that we give ourselves, in the shape of one that was told."""
    return {"name": name, "message": message, "statusCode": 500, "code": None, "stack": ""} | more


TOO_DEEP = failure("Error", "The answer is nested too deeply to be shown.")


def read(line: bytes, now: float) -> Told:
    """What `line` tells, which came `now`, in milliseconds since the process was started.

    Raises AttributeError, KeyError, TypeError and ValueError where no program of ours has written it.
    """
    try:
        told = parsed(line)
    except RecursionError:
        return Answered(now, 0, len(line), error=TOO_DEEP)
    match told["kind"]:
        case "console":
            return Printed(str(told["level"]), _text(told["text"]), round(told["at"], 1))
        case "warning":
            return Warned(_text(told["text"]))
        case "idle":
            return Idle()
        case "answer":
            return _answer(told, line)
    raise ValueError(told["kind"])


def _answer(told: dict[str, Any], line: bytes) -> Answered:
    at, memory, node = round(told["at"], 1), round(told["memory"]), str(told.get("node", ""))
    size = size_of(told.get("result") or line.decode())
    result, addresses, error = None, None, told.get("error")
    if error is None:
        addresses = {
            name: {part: str(of[part]) for part in ("protocol", "host")} for name, of in told["addresses"].items()
        }
        try:
            result = parsed(told["result"])
        except RecursionError:
            error = TOO_DEEP
    if too_deep(error) or too_deep(result):
        error = TOO_DEEP
    if error is None:
        return Answered(at, memory, size, node, result, addresses)
    error = error | {name: str(error[name]) for name in ("name", "message", "stack")}
    return Answered(at, memory, size, node, error=error, failed=str(told.get("failed", "")))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def size_of(text: str) -> int:
    """Bytes of `text` in UTF-8, also where it has half a pair of surrogates."""
    return len(text.encode("utf-8", "replace"))


def parsed(text: str | bytes) -> Any:
    """What JSON says, with numbers as JSON knows them: those that JavaScript would take for infinite are none."""
    return json.loads(text, parse_float=_finite, parse_int=_integer, parse_constant=no_constant)


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _integer(text: str) -> float | None:
    # No number of JavaScript has more digits without an exponent.
    return int(text) if len(text) <= 22 else _finite(text)


def no_constant(name: str) -> Any:
    """Refuse `NaN` and its like, which Python takes for JSON. Raises ValueError."""
    raise ValueError(f"{name} is no value")


def too_deep(value: Any) -> bool:
    """Whether lists and objects in `value` lie deeper in each other than DEPTH levels, which Python cannot follow."""
    level = [value]
    for _ in range(DEPTH + 1):
        level = [item for item in level if isinstance(item, dict | list)]
        if not level:
            return False
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
    return True
