"""A run in the sandbox: one job in a process without permissions, with limits on time, memory and output.

Deno's permissions keep the script from files, hosts, processes and the environment: https://docs.deno.com/go/permissions
What they do not cover is limited here, and the whole process group is ended at a limit. Which program reads the job and
calls the script is its caller's business: a program is a calling convention around what `inside/` has for all of them.
"""

import contextlib
import json
import os
import secrets as random
import selectors
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any

from django.conf import settings

from hooksui import catalogue
from hooksui.deno import network, protocol
from hooksui.deno.environment import CLOSED
from hooksui.deno.modules import Installed
from hooksui.deno.process import Process
from hooksui.deno.protocol import Answered, Idle, Printed, Told, Warned
from hooksui.shared.interfaces import Stop

MEMORY = 128 * 2**20  # bytes that a script may hold
OUTPUT = 2**20  # bytes that a script may print, its answer included
LINES = 10_000  # lines that a script may print, since an empty one takes room too
# Bytes that the bare runtime holds beside what the script does, most of it pages of the program's files.
_RUNTIME = 64 * 2**20
# Bytes of address space for data. A backstop for one huge allocation between two looks; V8 reserves half of it at once.
_DATA = 2**30
_LOOK = 0.02  # seconds between two looks at the memory
_ALIVE = 1.0  # seconds between two signs of life
_CHUNK = 2**16


class Cause(Enum):
    """Why a process is over."""

    EXIT = auto()  # it ended by itself
    IDLE = auto()  # by itself, since nothing was left to run
    STOPPED = auto()  # by a person
    TIME_LIMIT = auto()
    MEMORY_LIMIT = auto()
    OUTPUT_LIMIT = auto()


@dataclass(frozen=True)
class Ended:
    """The process is over. Always the last that is told."""

    cause: Cause


@dataclass(frozen=True)
class Program:
    """A calling convention: the `source` that Deno starts, and the `file` by which stack traces name the script."""

    source: Path
    file: str


class Sandbox:
    """The process of one run, from its start on, in which `program` calls a script.

    `job` is what this program reads, the `script` and more; what all programs read is added, see `inside/channel.mjs`.
    `timeout` is in seconds. Raises OSError where Deno cannot be started.
    """

    def __init__(self, program: Program, job: dict[str, Any], installed: Installed, timeout: float) -> None:
        self._timeout = timeout
        self._mark = random.token_hex(16)
        self._answered = self._idle = False
        self._printed = self._lines = 0
        self._complaint = self._rest = b""
        needed = {
            "mark": self._mark,
            "timeout": timeout,
            "file": program.file,
            "folder": str(installed.folder or program.source.parent),
            "modules": installed.names,
            "builtins": sorted(catalogue.node_builtins()),
        }
        self._to_send = json.dumps(job | needed).encode()
        # Threads of the runtime count too, and a run may take all processors.
        processor_seconds = int(timeout * (os.cpu_count() or 1)) + 5
        arguments = _arguments(program.source, installed)
        self._started = time.monotonic()
        self._process = Process(
            arguments,
            # A folder that tells nothing.
            Path("/"),
            limits={"CPU": processor_seconds, "DATA": _DATA, "CORE": 0},
            # What a script reads as `process.argv0`.
            name="node",
        )

    def elapsed(self) -> float:
        """Milliseconds since the process was started."""
        return (time.monotonic() - self._started) * 1000

    def events(self, stop: Stop) -> Generator[Sequence[Told | Ended]]:
        """What is told, in batches as it comes, until the process has ended or was ended.

        About every second there is one, perhaps empty. Setting `stop` ends the process.
        """
        alive = time.monotonic()
        with selectors.DefaultSelector() as selector:
            for pipe, event in self._pipes():
                selector.register(pipe, event)
            while self._process.status() is None or selector.get_map():
                for key, _ in selector.select(_LOOK):
                    if batch := self._serve(key, selector):
                        yield batch
                if cause := self._limit_reached(stop):
                    self._process.end()
                    break
                if time.monotonic() - alive > _ALIVE:
                    alive = time.monotonic()
                    yield []
            else:
                if batch := [*self._read([self._rest])]:
                    yield batch
                cause = self._own_cause()
        yield [Ended(cause)]

    def end(self) -> None:
        """End whatever is left of the process group, and wait for it."""
        self._process.end()

    def _pipes(self) -> Iterator[tuple[Any, int]]:
        os.set_blocking(self._process.stdin.fileno(), False)
        yield self._process.stdin, selectors.EVENT_WRITE
        yield self._process.stdout, selectors.EVENT_READ
        yield self._process.stderr, selectors.EVENT_READ

    def _serve(self, key: selectors.SelectorKey, selector: selectors.BaseSelector) -> list[Told]:
        """Write to the pipe of `key` or read from it. Returns what was told."""
        if key.fileobj is self._process.stdin:
            self._send(selector)
            return []
        chunk = os.read(key.fd, _CHUNK)
        if not chunk:
            selector.unregister(key.fileobj)
        elif key.fileobj is self._process.stderr:
            # V8's last words; everything else that is printed goes the other way.
            self._complaint = (self._complaint + chunk)[-_CHUNK:]
        else:
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            return [*self._read(lines)]
        return []

    def _send(self, selector: selectors.BaseSelector) -> None:
        stdin = self._process.stdin
        try:
            sent = os.write(stdin.fileno(), self._to_send[:_CHUNK])
        except BrokenPipeError:
            sent = len(self._to_send)
        self._to_send = self._to_send[sent:]
        if not self._to_send:
            selector.unregister(stdin)
            with contextlib.suppress(BrokenPipeError):
                stdin.close()

    def _read(self, lines: list[bytes]) -> Iterator[Told]:
        """What `lines` tell, without what is beyond the limits, and the first answer only."""
        for line in lines:
            told = self._told(line) if line else None
            match told:
                case Idle():
                    self._idle = True
                case Answered() if not self._answered and self._counts(told.size):
                    self._answered = True
                    yield told
                case Printed() | Warned() if self._counts(protocol.size_of(told.text)):
                    yield told

    def _told(self, line: bytes) -> Told:
        """Something that the program tells, or what the script printed past it."""
        mark = self._mark.encode()
        if line.startswith(mark):
            # A script can bring the program to let out its word, and then write such lines itself.
            with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):
                return protocol.read(line.removeprefix(mark), self.elapsed())
        return Printed("log", line.decode(errors="replace"), round(self.elapsed(), 1))

    def _counts(self, size: int) -> bool:
        """Count a line of so many bytes. False where it is too much."""
        self._printed += size
        self._lines += 1
        return self._printed <= OUTPUT and self._lines <= LINES

    def _limit_reached(self, stop: Stop) -> Cause | None:
        if stop.is_set():
            return Cause.STOPPED
        if self._is_late():
            return Cause.TIME_LIMIT
        # A line may be longer than what it says, since it is written as JSON.
        if self._printed > OUTPUT or self._lines > LINES or len(self._rest) > 8 * OUTPUT:
            return Cause.OUTPUT_LIMIT
        if self._process.memory() > MEMORY + _RUNTIME:
            return Cause.MEMORY_LIMIT
        return None

    def _own_cause(self) -> Cause:
        # Whether V8 gave up or somebody looked in time is a matter of moments.
        exhausted = b"out of memory" in self._complaint or b"Fatal process" in self._complaint
        if not self._answered:
            if self._idle:
                return Cause.IDLE
            if self._is_late():
                # Nobody looked for a while: who reads the events is slow.
                return Cause.TIME_LIMIT
        return Cause.MEMORY_LIMIT if exhausted else Cause.EXIT

    def _is_late(self) -> bool:
        return time.monotonic() - self._started > self._timeout


def _arguments(source: Path, installed: Installed) -> list[str]:
    config = ["--no-config"]
    if installed.folder:
        config = [f"--config={installed.folder / 'deno.json'}", f"--allow-read={installed.folder}"]
    return [
        "run",
        *CLOSED,
        f"--v8-flags=--max-old-space-size={MEMORY // 2**20}",
        # Node has it, and libraries such as mongoose set it.
        "--unstable-unsafe-proto",
        # Libraries of providers put it into the name they go by.
        "--allow-sys=osRelease",
        *config,
        *network.flags(settings.RUNNER_ALLOW_NET),
        str(source),
    ]
