"""When a call may go out so that the tenant's limit refuses none. Source: docs/management-api.md, "Rate limits".

A bucket holds tokens, a call takes one, and an answer says how many are left and when the next is added. Calls go out
side by side as long as tokens are left for certain. After that one call alone finds out what there is by now.
"""

import email.utils
import math
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from hooksui.auth0.errors import RateLimitedError

PATIENCE = 3.0  # seconds that a request waits in all for the limit before a person is asked to
MAX_WAIT = 120.0  # seconds that a request of long work waits in all, and the most that the API may name
MAX_REFUSALS = 10  # of one request in a row
_LOOK = 1.0  # seconds between two looks whether long work is to stop
_AT_FIRST = 2  # calls side by side before anything is known; no tenant's bucket holds less
_FORGOTTEN = 2.0  # seconds after the reset until what was left by then tells nothing any more
_CLOCKS_DIFFER = 2.0  # seconds; below that it may be the way of the answer, and that Date has whole seconds
_MARGIN = 0.02  # seconds after the reset, for what is left of difference between the clocks
_MIN_WAIT = 0.1  # seconds, since an even refill comes in small steps as well
_MIN_MEASURE = 0.5  # seconds, for the same reason
_TICK = 0.005  # seconds that rounding may take, here and there
_TRIAL = 0.505  # seconds in which the smallest tenant regains one token, if it regains them evenly
_TRIAL_RESETS = 4  # after as many it is taken for granted that the bucket is refilled in steps


class Clock:
    """The time that a pace goes by. Tests have one of their own."""

    def now(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def unix(self) -> float:
        """Unix seconds."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Let seconds pass."""
        time.sleep(seconds)

    def sleep_unless(self, stop: threading.Event, seconds: float) -> bool:
        """Let seconds pass, no more of them once `stop` is set; whether it is."""
        return stop.wait(seconds)

    def wait(self, changed: threading.Condition, seconds: float) -> None:
        """Wait for a change, `seconds` at most, or less."""
        changed.wait(min(seconds, MAX_WAIT))


@dataclass(frozen=True)
class Turn:
    """One call's leave to go out: given by `Pace.enter`, handed back to `Pace.leave`."""

    began: float
    waited: float
    ended_before: int  # calls that had their answer before this one went out
    forced: bool  # out of patience, not because a token was left


class LongWork:
    """What calls of one piece of long work share: a wish to stop, and until when the tenant takes no more calls."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._until = 0.0

    def waits(self, seconds: float) -> None:
        """Note that a call waits so long for the limit."""
        self._until = time.monotonic() + seconds

    @property
    def seconds(self) -> int:
        """Whole seconds until the tenant takes calls again, 0 where nothing waits for its limit."""
        return max(0, math.ceil(self._until - time.monotonic()))


class Patience:
    """How long one request waits for the limit: PATIENCE seconds in all, or MAX_WAIT for `long_work`."""

    def __init__(self, long_work: LongWork | None = None) -> None:
        self._long_work = long_work
        self._refusals = 0
        self._left = MAX_WAIT
        self.seconds = math.inf if long_work else PATIENCE

    def wait(self, clock: Clock, seconds: float) -> bool:
        """Let seconds pass. False where the work is to stop."""
        if self._long_work is None:
            clock.sleep(seconds)
            return True
        self._long_work.waits(seconds)
        return not clock.sleep_unless(self._long_work.stop, seconds)

    def spend(self, seconds: float) -> None:
        """Note that the request has waited."""
        self.seconds = max(0.0, self.seconds - seconds)

    def bears(self, seconds: int, *, is_read: bool) -> bool:
        """Whether the request is to be made again, `seconds` after a 429; if so, they count as spent.

        A request that was answered 429 was not carried out, so that long work may repeat any. A person repeats writes.
        """
        self._refusals += 1
        if self._long_work:
            self._left -= seconds
            return self._left >= 0 and self._refusals < MAX_REFUSALS
        if not is_read or seconds > self.seconds:
            return False
        self.spend(seconds)
        return True


class Pace:
    """Says when calls to one tenant may go out. Threads share it."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self._changed = threading.Condition()
        self._refill = _Refill()
        self._api_clock = _ApiClock()
        self._limited: bool | None = None  # None until an answer tells
        self._left = _AT_FIRST  # tokens that are there at least, less the calls under way
        self._reset = -math.inf  # when there is one again, by `clock.now`
        self._begun = 0
        self._ended = 0
        self._last_end = -math.inf
        self._hurried = 0

    def enter(self, seconds: float = math.inf, long_work: LongWork | None = None) -> Turn:
        """Wait for a turn, `seconds` at most: then the call goes out all the same, and the API decides.

        It goes out at once where the wait is known to be longer. Who has no end of patience lets the others go first.
        Raises RateLimitedError where `long_work` is to stop.
        """
        with self._changed:
            start = now = self.clock.now()
            forced = False
            hurried = seconds < math.inf
            self._hurried += hurried
            try:
                while (delay := self._delay(now, hurried)) and not forced:
                    rest = start + seconds - now
                    forced = rest <= 0 or rest < delay < math.inf
                    if not forced:
                        self._wait(min(delay, rest), long_work)
                        now = self.clock.now()
            finally:
                self._hurried -= hurried
                if hurried:
                    self._changed.notify_all()
            self._begun += 1
            self._left = max(0, self._left - 1)
            return Turn(now, now - start, self._ended, forced)

    def _wait(self, seconds: float, long_work: LongWork | None) -> None:
        if long_work:
            if long_work.stop.is_set():
                raise RateLimitedError(max(1, math.ceil(min(seconds, MAX_WAIT))))
            if seconds < math.inf:
                long_work.waits(seconds)
            # Nobody wakes a call that is to stop.
            seconds = min(seconds, _LOOK)
        self.clock.wait(self._changed, seconds)

    def leave(self, turn: Turn, headers: Mapping[str, str], status: int) -> None:
        """The call is over; `headers` and `status` are those of its answer, none and 0 where none came."""
        with self._changed:
            self._ended += 1
            self._last_end = self.clock.now()
            left = _number_in(headers, "x-ratelimit-remaining")
            if left is not None:
                now = self.clock.unix()
                self._api_clock.note(_unix_time(headers.get("Date")), now - (self._last_end - turn.began), now)
            if status == 429:
                self._note_refusal(turn, headers)
            elif left is not None:
                self._note_answer(turn, headers, left)
            elif self._limited is None and 200 <= status < 300:
                # Another status may be that of a proxy or an auth layer, which say nothing of the limit either way. And
                # a limit that was seen stays: no tenant loses it, but something on the way may drop the headers, and to
                # wait in vain costs less than to be refused.
                self._limited = False
            self._changed.notify_all()

    def _delay(self, now: float, hurried: bool) -> float:
        """Seconds until a call may go out; infinity where it is for another call to end."""
        if self._hurried and not hurried:
            return math.inf
        under_way = self._begun - self._ended
        if not under_way and now >= self._reset + _FORGOTTEN:
            self._left = max(self._left, _AT_FIRST)
        if not hurried and under_way and self._limited is None:
            return math.inf
        if self._limited is False or self._left > 1 or (self._left and (hurried or not self._refill.is_open)):
            return 0.0
        if under_way:
            return math.inf
        if self._left:
            return self._trial_delay(now)
        return max(0.0, min(self._reset, self._last_end + self._refill.seconds_for_a_token) - now)

    def _trial_delay(self, now: float) -> float:
        """Seconds for which the last token is kept, where the next answer then tells that one was regained before."""
        end = self._last_end + _TRIAL
        return max(0.0, end - now) if end + _MIN_WAIT < self._reset else 0.0

    def _note_refusal(self, turn: Turn, headers: Mapping[str, str]) -> None:
        self._limited = True
        self._left = 0
        self._wait_for_reset(seconds_to_wait(headers, self.clock.unix()))
        if not turn.forced:
            self._refill.distrust()

    def _note_answer(self, turn: Turn, headers: Mapping[str, str], left: int) -> None:
        reset = _number_in(headers, "x-ratelimit-reset")
        self._limited = True
        # Calls that were under way together may have been counted in any order: all others after this one, at worst.
        others = self._begun - turn.ended_before - 1
        self._left = min(max(self._left, left - others), left)
        if reset is None:
            self._wait_for_reset(0)
            return
        now = self.clock.unix() + self._api_clock.ahead
        self._wait_for_reset(reset - now + _MARGIN)
        now = max(now, _unix_time(headers.get("Date")) or math.inf)
        self._refill.note(left, reset, now, is_alone=not others)
        if not others:
            # Before the call nothing can be there beyond the limit.
            is_exact = left + 1 == _number_in(headers, "x-ratelimit-limit")
            self._refill.measure(turn.began, self._last_end, left, is_exact=is_exact)

    def _wait_for_reset(self, seconds: float) -> None:
        if seconds <= MAX_WAIT:
            self._reset = max(self._reset, self._last_end + seconds)


class _ApiClock:
    """How far the clock that sets the resets is from the one here, as far as the Date of answers tells."""

    def __init__(self) -> None:
        self._least = -math.inf
        self._most = math.inf

    def note(self, date: int, began: float, ended: float) -> None:
        """An answer with this Date (0 without) to a call that lasted from `began` to `ended`; all in Unix seconds."""
        if not date:
            return
        # Dates have whole seconds.
        least, most = date - ended, date + 1 - began
        self._least, self._most = max(self._least, least), min(self._most, most)
        if self._least > self._most:
            # One of the clocks was set.
            self._least, self._most = least, most

    @property
    def ahead(self) -> float:
        """Seconds; 0 as long as that may be so, else the least, since a call had better come late than early."""
        return 0.0 if self._least <= 0 <= self._most else self._least


@dataclass(frozen=True)
class _Sample:
    """A call without others beside it: when it went out, and all tokens that there were until it was answered."""

    began: float
    ever: int  # what is left by now, at most, and what was spent since the first answer


class _Refill:
    """What answers tell about how the bucket is refilled: whether evenly or in steps, and how fast at least."""

    def __init__(self) -> None:
        self._reset = 0
        self._resets = 0
        self._seen: set[int] = set()
        self._is_even = False
        self._trusted = True
        self._counted = 0
        self._per_second = 0.0
        self._since: _Sample | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be found out how the bucket is refilled."""
        return not self._is_even and self._resets <= _TRIAL_RESETS

    @property
    def seconds_for_a_token(self) -> float:
        """How long an empty bucket needs at most; infinity where only the reset is known."""
        if not (self._is_even and self._trusted and self._per_second):
            return math.inf
        return max(_MIN_WAIT, 1 / self._per_second + _TICK)

    def note(self, left: int, reset: int, now: float, *, is_alone: bool) -> None:
        """An answer, given at `now` by the API's clock; `is_alone` says that all other calls were answered before.

        Until its reset a bucket with steps has fewer left after each call, so that no two answers say the same.
        """
        self._counted += 1
        if reset > self._reset and now >= self._reset:
            self._reset, self._seen = reset, set()
            self._resets += 1
        # One that is answered late tells of the time before the last reset.
        if reset >= self._reset:
            is_regained = left in self._seen or (is_alone and left > min(self._seen, default=left))
            self._is_even = self._is_even or is_regained
            self._seen.add(left)

    def measure(self, began: float, ended: float, left: int, *, is_exact: bool) -> None:
        """The answer just noted is that of a call without others beside it, so that all calls before it are counted.

        `is_exact` says that there is no part of a token beside those `left`.
        """
        ever = left + self._counted
        now = _Sample(began, ever if is_exact else ever + 1)
        if self._since is None:
            self._since = now
            return
        # The longest that may lie between the moments in which both were counted.
        seconds = ended - self._since.began
        per_second = (ever - self._since.ever) / max(seconds, _MIN_MEASURE)
        if per_second > self._per_second:
            self._per_second = per_second
        elif seconds > _MIN_MEASURE:
            # The bucket was full meanwhile, or others used it.
            self._since = now

    def distrust(self) -> None:
        """A call was refused. If it had a token by what was learnt here, only the reset counts from now on."""
        self._trusted = self._trusted and math.isinf(self.seconds_for_a_token)


def seconds_to_wait(headers: Mapping[str, str], now: float) -> int:
    """Whole seconds until the tenant takes requests again: the longer of Retry-After and the limit's reset.

    `now` is the time here, in Unix seconds. Where the answer's Date is far from it, the reset is read by that.
    """
    date = _unix_time(headers.get("Date"))
    if date and abs(date - now) > _CLOCKS_DIFFER:
        now = date
    named = _number_in(headers, "Retry-After") or _unix_time(headers.get("Retry-After")) - int(now)
    return max(1, named, (_number_in(headers, "x-ratelimit-reset") or 0) - int(now))


def _number_in(headers: Mapping[str, str], name: str) -> int | None:
    """The whole number in a header; None where it is missing or something else."""
    text = headers.get(name)
    return int(text) if text and re.fullmatch("[0-9]{1,10}", text) else None


def _unix_time(date: str | None) -> int:
    """The seconds of an HTTP date; 0 where it is none."""
    try:
        return int(email.utils.parsedate_to_datetime(date or "").timestamp())
    except (ValueError, OverflowError):
        return 0
