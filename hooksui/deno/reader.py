"""What a script says of itself, read with a parser and without running it.

A program of Deno without permissions reads scripts, acorn in it parses them. Its process starts with the first question
and answers the next ones within milliseconds; it is ended where it takes too long, and when this process ends.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deno import find_deno_bin

from hooksui import catalogue
from hooksui.deno.environment import CLOSED, environment

TIMEOUT = 10.0  # seconds for an answer; the start of the process is a hundredth of it
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
    answer = _process().ask({"scripts": list(scripts), "classes": classes}) if scripts else None
    if answer is None:
        return [Reading() for _ in scripts]
    return [_reading(each) for each in answer["readings"]]


def _reading(told: dict[str, Any]) -> Reading:
    error, hint = (Fault(each["message"], each["line"]) if each else None for each in (told["error"], told["hint"]))
    return Reading(tuple(told["modules"]), error, hint)


class _Process:
    """The process, one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._popen: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def ask(self, question: dict[str, Any]) -> Any:
        """The answer to `question`; None where there is none."""
        line = json.dumps(question).encode() + b"\n"
        with self._lock:
            try:
                return json.loads(self._exchange(line))
            except (OSError, TimeoutError, ValueError):
                # The next question gets a new process.
                self.end()
                return None

    def end(self) -> None:
        """End the process, if there is one."""
        popen, self._popen = self._popen, None
        if popen:
            with contextlib.suppress(OSError):
                os.killpg(popen.pid, signal.SIGKILL)
            popen.wait()
            for pipe in (popen.stdin, popen.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _exchange(self, line: bytes) -> bytes:
        """What the process answers to `line`. Raises OSError and TimeoutError."""
        if self._popen is None or self._popen.poll() is not None:
            self.end()
            self._popen = _start()
        stdin, stdout = self._popen.stdin, self._popen.stdout
        if stdin is None or stdout is None:
            raise OSError
        deadline = time.monotonic() + TIMEOUT
        while line:
            _wait(stdin.fileno(), select.POLLOUT, deadline)
            line = line[os.write(stdin.fileno(), line[:65_536]) :]
        answer = bytearray()
        while not answer.endswith(b"\n"):
            _wait(stdout.fileno(), select.POLLIN, deadline)
            if not (chunk := os.read(stdout.fileno(), 65_536)):
                raise OSError
            answer += chunk
        return bytes(answer)


@cache
def _process() -> _Process:
    return _Process()


def _start() -> subprocess.Popen[bytes]:
    # A young generation that holds the whole tree: copying it while it grows takes longer than to read the script.
    flags = f"--v8-flags=--max-old-space-size={_MEMORY},--min-semi-space-size={_YOUNG},--max-semi-space-size={_YOUNG}"
    popen = subprocess.Popen(
        [find_deno_bin(), "run", *CLOSED, "--no-config", flags, str(_PROGRAM)],
        cwd=_PROGRAM.parent,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if popen.stdin:
        os.set_blocking(popen.stdin.fileno(), False)
    return popen


def _wait(descriptor: int, event: int, deadline: float) -> None:
    """Return once `descriptor` has the `event` of select.poll. Raises TimeoutError at `deadline`."""
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
