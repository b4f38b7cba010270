"""What a script says of itself, read with a parser and without running it.

A program of Deno without permissions reads scripts, acorn in it parses them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hooksui import catalogue
from hooksui.deno.dialogue import Dialogue

_PROGRAM = Path(__file__).parent / "programs" / "reader.mjs"
_MEMORY, _YOUNG = 256, 64  # MB


@dataclass(frozen=True)
class Fault:
    """Why a script cannot be a hook: a sentence without its full stop, and the line, from 1, where it shows."""

    message: str
    line: int


@dataclass(frozen=True)
class Reading:
    """What is known of a script.

    `modules` are the ids that it requires or imports by literal text. `error` says that it does not compile,
    `no_export` that it certainly exports no function; both are None where that is not so, or not known.
    """

    modules: tuple[str, ...] = ()
    error: Fault | None = None
    no_export: Fault | None = None

    @property
    def fault(self) -> Fault | None:
        """Why the platform could not call it, None where nothing is known against it."""
        return self.error or self.no_export


def read(scripts: Sequence[str], trigger: str = "") -> list[Reading]:
    """A reading of each of `scripts`, which are hooks of the point of `trigger`.

    Nothing is known of a script, and its reading is empty, where Deno cannot be started or takes too long.
    """
    point = catalogue.points().get(trigger)
    classes = ["ExtensibilityUserError", *(each["name"] for each in point.contract["errors"])] if point else []
    answer = dialogue().ask({"scripts": list(scripts), "classes": classes}) if scripts else None
    if answer is None:
        return [Reading() for _ in scripts]
    return [_reading(each) for each in answer["readings"]]


def _reading(told: dict[str, Any]) -> Reading:
    error, hint = (Fault(each["message"], each["line"]) if each else None for each in (told["error"], told["hint"]))
    return Reading(tuple(told["modules"]), error, hint)


@cache
def dialogue() -> Dialogue:
    """The program that reads, for all threads of this process."""
    # A young generation that holds the whole tree: copying it while it grows takes longer than to read the script.
    young = (f"--min-semi-space-size={_YOUNG}", f"--max-semi-space-size={_YOUNG}")
    return Dialogue(_PROGRAM, f"--max-old-space-size={_MEMORY}", *young)
