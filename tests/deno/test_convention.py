"""A program of another calling convention has the whole sandbox, and tells the same events."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hooksui.deno.modules import Installed
from hooksui.deno.protocol import Answered, Printed, Told, Warned
from hooksui.deno.sandbox import Cause, Ended, Program, Sandbox
from tests.deno.scripts import LONG

pytestmark = pytest.mark.usefixtures("nothing_left")

PROGRAM = Program(Path(__file__).parent / "convention.mjs", "main.js")


def told_by(script: str, given: Any = None, timeout: float = LONG) -> list[Told | Ended]:
    """All that a run of `script` tells."""
    sandbox = Sandbox(PROGRAM, {"script": script, "given": given}, Installed(), timeout)
    try:
        with closing(sandbox.events(threading.Event())) as batches:
            return [told for batch in batches for told in batch]
    finally:
        sandbox.end()


def answer_of(told: list[Told | Ended]) -> Answered:
    """The one answer."""
    (answer,) = (each for each in told if isinstance(each, Answered))
    return answer


def test_the_value_of_the_script_is_the_answer() -> None:
    printed, answered, ended = told_by(
        "exports.main = async (n) => { console.warn('so'); return { twice: 2 * n }; };", 21
    )
    assert isinstance(printed, Printed)
    assert (printed.level, printed.text) == ("warn", "so")
    assert isinstance(answered, Answered)
    assert answered.result == {"twice": 42}
    assert ended == Ended(Cause.EXIT)


def test_it_finds_the_same_sandbox() -> None:
    script = "exports.main = async () => [typeof Deno, process.argv[1], require('os').hostname()];"
    assert answer_of(told_by(script)).result == ["undefined", "/main.js", "sandbox"]
    error = answer_of(told_by("exports.main = async () => require('fs').readFileSync('/etc/passwd');")).error
    assert error is not None
    assert error["name"] == "NotCapable"


def test_it_fails_as_its_convention_says() -> None:
    warned, answered, _ = told_by("exports.main = async () => require('odd');")
    assert warned == Warned("odd is not here.")
    assert isinstance(answered, Answered)
    assert answered.error is not None
    assert answered.error["kind"] == "It threw: Cannot find module 'odd'"
    later = "exports.main = () => { Promise.reject(new Error('of the test')); return new Promise(() => {}); };"
    error = answer_of(told_by(later)).error
    assert error is not None
    assert (error["message"], error["kind"]) == ("of the test", "Nobody waited for this.")


def test_it_ends_at_the_same_limits() -> None:
    assert told_by("exports.main = async () => { for (;;); };", timeout=1)[-1] == Ended(Cause.TIME_LIMIT)
    assert told_by("exports.main = () => new Promise(() => {});")[-1] == Ended(Cause.IDLE)
