"""A program of its own process: how it is started, what limits it, and how it and all that it started are ended."""

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from deno import find_deno_bin

from hooksui.deno.environment import environment

PIPES = ("stdin", "stdout", "stderr")


class Process:
    """Deno, called with `arguments` in the folder `place`, in a process group of its own.

    Of the three standard streams, `pipes` are open to us, the others lead nowhere. `variables` are its whole
    environment, those of `environment()` where nothing is said. `limits` are the kernel's, which hold also when this
    server ends before the process does, by what they are of, such as `CPU` (seconds) or `DATA` (bytes): names of
    https://docs.python.org/3/library/resource.html without `RLIMIT_`. `name` is what it is called by in a list of
    processes. Raises OSError where it cannot be started. As a context manager it ends with the block.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        place: Path,
        *,
        pipes: Sequence[str] = PIPES,
        variables: Mapping[str, str] | None = None,
        limits: Mapping[str, int] | None = None,
        name: str = "deno",
    ) -> None:
        stdin, stdout, stderr = (subprocess.PIPE if pipe in pipes else subprocess.DEVNULL for pipe in PIPES)
        self._popen = subprocess.Popen(
            [name, *arguments],
            executable=find_deno_bin(),
            cwd=place,
            env=environment() if variables is None else variables,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        self.pid = self._popen.pid
        _limit(self.pid, limits or {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    @property
    def stdin(self) -> IO[bytes]:
        """Where the program reads, if this was asked for; so the others."""
        return cast(IO[bytes], self._popen.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        """What the program writes."""
        return cast(IO[bytes], self._popen.stdout)

    @property
    def stderr(self) -> IO[bytes]:
        """What the program, or Deno itself, complains of."""
        return cast(IO[bytes], self._popen.stderr)

    def status(self) -> int | None:
        """The exit status, less than 0 where a signal ended it; None as long as it runs."""
        return self._popen.poll()

    def complaint(self, seconds: float) -> bytes:
        """All that the process wrote to standard error until its end. Raises TimeoutError where it still runs."""
        try:
            return self._popen.communicate(timeout=seconds)[1] or b""
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def memory(self) -> int:
        """Bytes of memory that the process holds; 0 where the system does not say."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * resource.getpagesize()

    def end(self) -> None:
        """End whatever is left of the process group, wait for it, and close the pipes."""
        if self.status() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


def _limit(pid: int, most: Mapping[str, int]) -> None:
    # Only Linux has a way to do so.
    if not hasattr(resource, "prlimit"):
        return
    for name, value in most.items():
        # Not allowed where the server itself is limited to less; and the process may be over already.
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, getattr(resource, f"RLIMIT_{name}"), (value, value))
