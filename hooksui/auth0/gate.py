"""Keeping a tenant that does not answer from taking all threads: how many may call it, and when it is not asked.

As long as calls are answered nobody is turned away. Where they are slow, half of the threads at most wait for one
tenant, and a quarter is left over whatever all tenants do. After two time-outs in a row a tenant is not asked for some
seconds, then one call finds out whether it answers again. Whoever is turned away has surely sent nothing.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hooksui.auth0.errors import UnreachableError

SLOW = 0.5  # seconds of a call after which its tenant counts as slow, and that a thread waits for its turn
TIMEOUTS = 2  # in a row, after which a tenant is not asked
REST = 5.0  # seconds for which it is not


class Threads:
    """The threads of this process that call tenants: `most` in all, and `most_each` for one tenant."""

    def __init__(self, threads: int) -> None:
        self.most = max(1, threads - max(1, threads // 4))
        self.most_each = max(1, min(threads // 2, self.most))
        self.changed = threading.Condition()
        self.inside = 0


class Gate:
    """The way to one tenant. `threads` is shared by all gates of a process."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._inside = 0
        self._local = threading.local()
        self._under_way: dict[object, float] = {}
        self._timeouts = 0
        self._rests_until = 0.0
        self._tried: object = None

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make calls from this thread. Raises UnreachableError where too many threads wait for the tenant already."""
        if self.is_entered:
            yield
            return
        self._enter()
        self._local.entered = True
        try:
            yield
        finally:
            self._local.entered = False
            with self._threads.changed:
                self._inside -= 1
                self._threads.inside -= 1
                self._threads.changed.notify_all()

    @property
    def is_entered(self) -> bool:
        """Whether this thread is within `entered`, or works for one that is."""
        return getattr(self._local, "entered", False)

    def lend(self) -> None:
        """Let this thread, which works for one that has entered, make calls."""
        self._local.entered = True

    @contextmanager
    def exchange(self) -> Iterator[None]:
        """One call and its answer. Raises UnreachableError where the tenant is not asked at the moment."""
        key = object()
        with self._threads.changed:
            self._begin(key)
        try:
            yield
        finally:
            with self._threads.changed:
                self._under_way.pop(key, None)
                if self._tried is key:
                    self._tried = None

    def note(self, *, timed_out: bool) -> None:
        """How a call ended: without an answer in time, or in any other way."""
        with self._threads.changed:
            self._timeouts = self._timeouts + 1 if timed_out else 0
            self._rests_until = time.monotonic() + REST if self._timeouts >= TIMEOUTS else 0.0

    def _enter(self) -> None:
        threads = self._threads
        last = time.monotonic() + SLOW
        with threads.changed:
            while self._inside >= threads.most_each or threads.inside >= threads.most:
                left = last - time.monotonic()
                if left <= 0 or self._is_slow():
                    raise UnreachableError("too many requests wait for its answer")
                threads.changed.wait(left)
            self._inside += 1
            threads.inside += 1

    def _begin(self, key: object) -> None:
        now = time.monotonic()
        if self._timeouts >= TIMEOUTS:
            if self._tried or now < self._rests_until:
                seconds = max(1, round(self._rests_until - now))
                raise UnreachableError(f"it is not responding; the next attempt is in {seconds} s")
            self._tried = key
        self._under_way[key] = now

    def _is_slow(self) -> bool:
        oldest = min(self._under_way.values(), default=None)
        return oldest is not None and time.monotonic() - oldest > SLOW
