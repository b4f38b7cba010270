"""The rate limit of network calls: a token bucket for the process (docs/management-api.md, "Rate limits")."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Allowance:
    """What the bucket says to one call: the numbers of the rate-limit headers, `reset` in Unix seconds."""

    allowed: bool
    limit: int
    remaining: int
    reset: int
    retry_after: int  # seconds, at least 1


class Bucket:
    """A token bucket that threads share. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spent = 0.0
        self._at = clock()

    def take(self, burst: int, per_second: int) -> Allowance:
        """Spend one token of a bucket that holds `burst` of them and regains `per_second`."""
        with self._lock:
            now = self._clock()
            self._spent = max(0.0, self._spent - (now - self._at) * per_second)
            self._at = now
            allowed = self._spent + 1 <= burst
            if allowed:
                self._spent += 1
            return _allowance(allowed, burst, per_second, self._spent)


_bucket = Bucket()


def take() -> Allowance:
    """Spend one token of the process's bucket, in the size that the settings give."""
    return _bucket.take(settings.LOCAL_API_BURST, settings.LOCAL_API_PER_SECOND)


def untouched() -> Allowance:
    """The answer of a full bucket, for calls that are not limited."""
    return _allowance(True, settings.LOCAL_API_BURST, settings.LOCAL_API_PER_SECOND, 1.0)


def _allowance(allowed: bool, burst: int, per_second: int, spent: float) -> Allowance:
    remaining = max(0, math.floor(burst - spent))
    # Seconds until one more whole token is there.
    wait = max(0.0, remaining + 1 - (burst - spent)) / per_second
    return Allowance(allowed, burst, remaining, math.floor(time.time() + wait) + 1, max(1, math.ceil(wait)))
