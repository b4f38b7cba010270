"""Shared by the threads of one process."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hooksui.shared.interfaces import WAIT


class Stops:
    """See `interfaces.Stops`."""

    def __init__(self) -> None:
        self._events: dict[str, threading.Event] = {}

    @contextmanager
    def listen(self, key: str) -> Iterator[threading.Event]:
        """The stop of the work of this id, which goes on while the block runs."""
        event = self._events[key] = threading.Event()
        try:
            yield event
        finally:
            del self._events[key]

    def stop(self, key: str) -> bool:
        """End the work of this id. False where none is going on."""
        event = self._events.get(key)
        if event:
            event.set()
        return event is not None


class Locks:
    """See `interfaces.Locks`. A lock is gone once nobody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[str, threading.Lock] = {}
        self._wanted: Counter[str] = Counter()
        self._own = threading.Lock()

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Wait for the lock, and hold it while the block runs."""
        with self._own:
            self._wanted[key] += 1
            lock = self._locks.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._own:
                self._wanted[key] -= 1
                if not self._wanted[key]:
                    del self._wanted[key], self._locks[key]


class Slots:
    """See `interfaces.Slots`."""

    def __init__(self, running: int, waiting: int, refusal: Callable[[], Exception]) -> None:
        self._free = running
        self._waiting = waiting
        self._refusal = refusal
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    def must_wait(self) -> bool:
        """Whether who came now would have to wait. Raises the refusal where the line is full."""
        with self._changed:
            self._check_line()
            return self._free == 0 or bool(self._line)

    @contextmanager
    def take(self, seconds: float = WAIT) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises the refusal where the line is full or no place is free in `seconds`.
        """
        mine = object()
        with self._changed:
            self._check_line()
            self._line.append(mine)
            free = self._changed.wait_for(lambda: self._free > 0 and self._line[0] is mine, seconds)
            self._line.remove(mine)
            if not free:
                self._changed.notify_all()
                raise self._refusal()
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
            raise self._refusal()
