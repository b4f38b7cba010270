"""What a run could leave behind: processes, files, open descriptors, threads."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hooksui.deno import reader
from hooksui.deno.environment import cache

SOON = 10  # seconds until something must have happened that needs a moment
_SQLITE = ("-wal", "-shm", "-journal")  # what Deno's own caches have beside them from time to time


@dataclass(frozen=True)
class Traces:
    """A look at what is there: ids of processes, paths of files, pipes as the system calls them, and threads."""

    processes: frozenset[int]
    files: frozenset[str]
    pipes: frozenset[str]
    threads: frozenset[threading.Thread]

    def since(self, before: "Traces") -> "Traces":
        """What was not there before. What earlier tests left may go in the meantime."""
        return Traces(
            self.processes - before.processes,
            self.files - before.files,
            self.pipes - before.pipes,
            self.threads - before.threads,
        )


NOTHING = Traces(frozenset(), frozenset(), frozenset(), frozenset())


def look() -> Traces:
    """What is there now. The process that reads scripts stays from one run to the next: it is there from the start."""
    reader.read([""])
    folder = cache()
    files = (str(file.relative_to(folder)) for file in folder.rglob("*"))
    return Traces(
        frozenset(processes()),
        frozenset(file for file in files if not file.endswith(_SQLITE)),
        frozenset(_pipes()),
        frozenset(threading.enumerate()),
    )


def _pipes() -> Iterator[str]:
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            name = os.readlink(descriptor)
            if name.startswith("pipe:"):
                yield name


def processes() -> list[int]:
    """Processes of runs whose cache is that of these tests, and children of ours that ended unnoticed."""
    ours = f"DENO_DIR={cache() / 'deno'}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if b"reader.mjs" in (entry / "cmdline").read_bytes():
                continue
            environment = (entry / "environ").read_bytes().split(b"\0")
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if ours in environment or (state == "Z" and int(parent) == os.getpid()):
            found.append(int(entry.name))
    return found


def until(condition: Callable[[], object]) -> None:
    """Return once `condition` holds. Raises AssertionError where it never does."""
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline, "It never happened."
        time.sleep(0.005)
