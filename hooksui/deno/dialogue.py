"""A program that answers questions: a line of JSON each way.

Its process starts with the first question and answers the next ones within milliseconds. It is ended where it takes too
long, and when this process ends.
"""

import atexit
import json
import os
import select
import threading
import time
from pathlib import Path
from typing import IO, Any

from hooksui.deno.environment import CLOSED
from hooksui.deno.process import Process

TIMEOUT = 10.0  # seconds for an answer; the start of the process is a hundredth of it
_CHUNK = 2**16


class Dialogue:
    """The process of `program`, one question at a time. `flags` are V8's, `timeout` is in seconds for an answer."""

    def __init__(self, program: Path, *flags: str, timeout: float = TIMEOUT) -> None:
        self._program = program
        self.timeout = timeout
        v8 = [f"--v8-flags={','.join(flags)}"] if flags else []
        self._arguments = ["run", *CLOSED, "--no-config", *v8, str(program)]
        self._lock = threading.Lock()
        self._process: Process | None = None
        atexit.register(self.end)

    @property
    def pid(self) -> int | None:
        """Of the process, None where there is none now."""
        return self._process.pid if self._process else None

    def ask(self, question: dict[str, Any]) -> Any:
        """The answer to `question`; None where there is none, or none in time."""
        line = json.dumps(question).encode() + b"\n"
        with self._lock:
            try:
                return json.loads(self._exchange(line))
            except (OSError, ValueError):
                # The next question gets a new process.
                self.end()
                return None

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process:
            process.end()

    def _exchange(self, line: bytes) -> bytes:
        """What the process answers to `line`. Raises OSError, TimeoutError among them."""
        process = self._running()
        deadline = time.monotonic() + self.timeout
        while line:
            _wait(process.stdin, select.POLLOUT, deadline)
            line = line[os.write(process.stdin.fileno(), line[:_CHUNK]) :]
        answer = bytearray()
        while not answer.endswith(b"\n"):
            _wait(process.stdout, select.POLLIN, deadline)
            if not (chunk := os.read(process.stdout.fileno(), _CHUNK)):
                raise OSError
            answer += chunk
        return bytes(answer)

    def _running(self) -> Process:
        if self._process is None or self._process.status() is not None:
            self.end()
            self._process = Process(self._arguments, self._program.parent, pipes=("stdin", "stdout"))
            os.set_blocking(self._process.stdin.fileno(), False)
        return self._process


def _wait(pipe: IO[bytes], event: int, deadline: float) -> None:
    """Return once `pipe` has the `event` of select.poll. Raises TimeoutError at `deadline`."""
    poll = select.poll()
    poll.register(pipe.fileno(), event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
