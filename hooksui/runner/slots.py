"""Few runs at once, some more that wait in line, and a clear word to the rest."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

WAIT = 30  # seconds that a run waits in line at most


class NoSlotError(Exception):
    """No place was free in time. Nothing was run. The text says so."""

    def __init__(self) -> None:
        super().__init__("The Runner is busy with other runs. Nothing was run. Try again in a moment.")


class Slots:
    """`running` places for runs and `waiting` places in line, first come, first served. For threads of one process."""

    def __init__(self, running: int, waiting: int) -> None:
        self._free = running
        self._waiting = waiting
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    def must_wait(self) -> bool:
        """Whether a run that came now would have to wait. Raises NoSlotError where it could not even do that."""
        with self._changed:
            self._check_line()
            return self._free == 0 or bool(self._line)

    @contextmanager
    def take(self, seconds: float = WAIT) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises NoSlotError where the line is full or no place is free in `seconds`.
        """
        mine = object()
        with self._changed:
            self._check_line()
            self._line.append(mine)
            free = self._changed.wait_for(lambda: self._free > 0 and self._line[0] is mine, seconds)
            self._line.remove(mine)
            if not free:
                self._changed.notify_all()
                raise NoSlotError
            self._free -= 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _check_line(self) -> None:
        if (self._free == 0 or self._line) and len(self._line) >= self._waiting:
            raise NoSlotError


def places_for(threads: int, concurrency: int) -> tuple[int, int]:
    """How many runs go on, and how many wait, on a server of so many threads; a run keeps one busy, waiting or not.

    One thread at least, where there are two, is left to pages, and all runs together take half of them if they can.
    """
    running = max(1, min(concurrency, threads - 1))
    return running, max(0, threads // 2 - running)


slots = Slots(*places_for(settings.THREADS, settings.RUNNER_CONCURRENCY))
