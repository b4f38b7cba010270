"""A process of Deno: what limits it, what it finds, and that nothing of it is left."""

import resource
from pathlib import Path

import pytest

from hooksui.deno.dialogue import Dialogue
from hooksui.deno.environment import CLOSED
from hooksui.deno.process import Process
from tests.deno.traces import SOON

pytestmark = pytest.mark.usefixtures("nothing_left")

ENDLESS = "console.log('here'); console.error('not well'); setInterval(() => {}, 1000);"
# Answers the first question of each process, and none after it.
ONCE = """
const chunk = new Uint8Array(1000);
Deno.stdin.readSync(chunk);
Deno.stdout.writeSync(new TextEncoder().encode('{"answer": 1}\\n'));
for (;;);
"""


def written(folder: Path, text: str) -> Path:
    """A program."""
    file = folder / "program.mjs"
    file.write_text(text, encoding="utf-8")
    return file


def arguments(program: Path) -> list[str]:
    """How it is run."""
    return ["run", *CLOSED, "--no-config", str(program)]


def test_a_process_ends_with_its_block(tmp_path: Path) -> None:
    with Process(arguments(written(tmp_path, ENDLESS)), tmp_path) as process:
        assert process.stdout.readline() == b"here\n"
        assert process.status() is None
        assert process.memory() > 0
    assert (process.status() or 0) < 0
    assert process.memory() == 0
    process.end()


def test_a_process_that_ends_by_itself_says_how(tmp_path: Path) -> None:
    program = written(tmp_path, "console.error('not well'); Deno.exit(3);")
    with Process(arguments(program), tmp_path, pipes=("stderr",)) as process:
        assert process.complaint(SOON) == b"not well\n"
        assert process.status() == 3


def test_a_process_that_goes_on_has_not_complained_yet(tmp_path: Path) -> None:
    program = arguments(written(tmp_path, ENDLESS))
    with Process(program, tmp_path, pipes=("stderr",)) as process, pytest.raises(TimeoutError):
        process.complaint(0.01)


def test_the_limits_are_the_kernels(tmp_path: Path) -> None:
    with Process(arguments(written(tmp_path, ENDLESS)), tmp_path, limits={"CPU": 77, "CORE": 0}) as process:
        assert process.stdout.readline() == b"here\n"
        assert resource.prlimit(process.pid, resource.RLIMIT_CPU) == (77, 77)
        assert resource.prlimit(process.pid, resource.RLIMIT_CORE) == (0, 0)


def test_a_dialogue_that_takes_too_long_has_no_answer_and_goes_on_anew(tmp_path: Path) -> None:
    dialogue = Dialogue(written(tmp_path, ONCE), timeout=SOON)
    assert dialogue.ask({}) == {"answer": 1}
    first = dialogue.pid
    dialogue.timeout = 0.1
    assert dialogue.ask({}) is None
    assert dialogue.pid is None
    dialogue.timeout = SOON
    assert dialogue.ask({}) == {"answer": 1}
    assert dialogue.pid not in (None, first)
    dialogue.end()
