"""Pacing: no call is refused and little time lost, on a clock of its own."""

import heapq
import math
import random
import threading
from collections.abc import Callable
from email.utils import formatdate

import pytest
from pytest_django import Settings

from hooksui.auth0.connection import Connection
from hooksui.auth0.pace import MAX_WAIT, PATIENCE, Clock, Pace
from hooksui.auth0.transport import PooledAdapter
from hooksui.embedded.adapter import EmbeddedAdapter
from hooksui.embedded.clients import dashboard_client
from hooksui.tenants.config import LOCAL_ORIGIN
from tests.fakes.management_api import Limit

SIDE_BY_SIDE = PooledAdapter.parallel
START = 1_700_000_000.0


class BlockedError(Exception):
    """A call would have waited `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class StandingClock(Clock):
    """A clock that a test moves. Whoever waits on it is told so by Blocked."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> float:
        """The time."""
        return self.time

    def unix(self) -> float:
        """The same."""
        return self.time

    def wait(self, changed: threading.Condition, seconds: float) -> None:
        """Raise Blocked."""
        raise BlockedError(seconds)


class Course(StandingClock):
    """One run of many calls against a Limit, from one event to the next instead of in real time."""

    def __init__(self, limit: Callable[[Clock], Limit], latency: float, phase: float) -> None:
        super().__init__()
        self.time += phase
        self.limit = limit(self)
        self._latency = latency
        self._random = random.Random(f"{latency} {phase}")  # noqa: S311
        self._pace = Pace(self)
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = iter(range(1_000_000))
        self._under_way = 0

    def wait(self, changed: threading.Condition, seconds: float) -> None:
        """Go on to the next event, if it comes before the time is over."""
        end = self.time + seconds
        if not self._coming or self._coming[0][0] > end:
            self.time = end
            return
        self.time, _, happen = heapq.heappop(self._coming)
        happen()

    def run(self, calls: int) -> float:
        """The seconds that it takes."""
        start = self.time
        for _ in range(calls):
            while self._under_way == SIDE_BY_SIDE:
                self.wait(threading.Condition(), math.inf)
            self._send()
        while self._coming:
            self.wait(threading.Condition(), math.inf)
        return self.time - start

    def _send(self) -> None:
        turn = self._pace.enter()
        self._under_way += 1
        latency = self._latency * self._random.uniform(0.5, 1.5)

        def arrive() -> None:
            allowed, headers = self.limit.take()

            def answer() -> None:
                self._under_way -= 1
                self._pace.leave(turn, headers, 200 if allowed else 429)

            self._at(sent + latency, answer)

        sent = self.time
        self._at(sent + latency * self._random.uniform(0.2, 0.8), arrive)

    def _at(self, moment: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._coming, (moment, next(self._numbers), happen))


@pytest.fixture
def standing() -> StandingClock:
    """A clock that stands at START."""
    return StandingClock()


@pytest.fixture
def pace(standing: StandingClock) -> Pace:
    """A pace by that clock."""
    return Pace(standing)


def answered(pace: Pace, left: int, reset: float, **more: str) -> None:
    """One call of a person, and its answer with the headers of the limit."""
    headers = {"x-ratelimit-remaining": str(left), "x-ratelimit-reset": str(int(reset)), **more}
    pace.leave(pace.enter(0), headers, 200)


def wait_of(pace: Pace, seconds: float = math.inf) -> float:
    """How long the next call would wait, infinity for the end of another; it is not made unless that is 0."""
    try:
        pace.enter(seconds)
    except BlockedError as blocked:
        return blocked.seconds
    return 0


@pytest.mark.parametrize("phase", [0.0, 0.3, 0.5, 0.7, 0.95])
@pytest.mark.parametrize("steps", [False, True])
@pytest.mark.parametrize(
    ("calls", "burst", "per_second", "latency", "loss"),
    [
        (202, 50, 20, 0.003, 1.1),
        (202, 50, 20, 0.05, 1.1),
        (202, 50, 16, 0.05, 1.1),
        (60, 10, 2, 0.05, 1.1),
        (12, 2, 2, 0.003, 1.1),
        (12, 2, 2, 0.05, 1.15),
        (40, 2, 2, 0.05, 1.1),
        (60, 10, 2, 0.3, 1.1),
        (202, 50, 20, 0.3, 1.3),
    ],
)
def test_no_call_is_refused_and_the_limit_is_used(
    calls: int, burst: int, per_second: int, latency: float, loss: float, steps: bool, phase: float
) -> None:
    course = Course(lambda clock: Limit(burst, per_second, steps=steps, unix=clock.unix), latency, phase)
    assert course.run(calls) <= loss * (calls - burst) / per_second
    assert course.limit.refused == 0


def test_two_calls_of_a_person_go_out_at_once_before_anything_is_known(pace: Pace) -> None:
    assert [wait_of(pace, PATIENCE) for _ in range(3)] == [0, 0, PATIENCE]


def test_long_work_begins_with_one_call(pace: Pace) -> None:
    assert [wait_of(pace) for _ in range(2)] == [0, math.inf]


@pytest.mark.parametrize("status", [200, 201, 204])
def test_an_answer_without_headers_means_no_limit(pace: Pace, status: int) -> None:
    pace.leave(pace.enter(), {}, status)
    assert [wait_of(pace) for _ in range(50)] == [0] * 50


@pytest.mark.parametrize("status", [302, 401, 404, 502])
def test_one_that_need_not_be_the_apis_tells_nothing(pace: Pace, status: int) -> None:
    pace.leave(pace.enter(), {}, status)
    assert [wait_of(pace) for _ in range(2)] == [0, math.inf]


@pytest.mark.parametrize("status", [200, 302, 401, 404, 502])
def test_an_answer_without_headers_ends_no_limit(pace: Pace, status: int) -> None:
    answered(pace, 3, START + 2)
    pace.leave(pace.enter(), {}, status)
    assert [wait_of(pace, PATIENCE) for _ in range(3)] == [0, 0, PATIENCE]


def test_the_clock_of_a_proxy_is_not_taken_for_the_tenants(pace: Pace) -> None:
    pace.leave(pace.enter(), {"Date": formatdate(START + 3600, usegmt=True)}, 502)
    answered(pace, 0, START + 2)
    assert wait_of(pace) == pytest.approx(2.02)


def test_a_refusal_is_a_limit_that_no_answer_without_headers_ends(pace: Pace) -> None:
    others = [pace.enter(0), pace.enter(0)]
    pace.leave(others[0], {"Retry-After": "7"}, 429)
    pace.leave(others[1], {}, 200)
    assert wait_of(pace) == 7


def test_a_limit_may_begin_later(pace: Pace) -> None:
    pace.leave(pace.enter(), {}, 200)
    answered(pace, 0, START + 2)
    assert wait_of(pace) == pytest.approx(2.02)


def test_calls_under_way_are_taken_off_what_is_left(pace: Pace) -> None:
    first, _ = pace.enter(0), pace.enter(0)
    pace.leave(first, {"x-ratelimit-remaining": "4", "x-ratelimit-reset": str(int(START) + 1)}, 200)
    assert [wait_of(pace, PATIENCE) for _ in range(4)] == [0, 0, 0, PATIENCE]


def test_long_work_keeps_the_last_token_until_it_can_tell_how_they_are_regained(pace: Pace) -> None:
    answered(pace, 1, START + 1)
    assert 0.5 < wait_of(pace) < 0.6
    assert wait_of(pace, PATIENCE) == 0


def test_an_answer_that_comes_late_does_not_bring_tokens_back(pace: Pace) -> None:
    answered(pace, 3, START + 1)
    turns = [pace.enter(0) for _ in range(3)]
    for turn, left in ((turns[2], 0), (turns[1], 1), (turns[0], 2)):
        pace.leave(turn, {"x-ratelimit-remaining": str(left), "x-ratelimit-reset": str(int(START) + 1)}, 200)
    assert wait_of(pace) == pytest.approx(1.02)


def test_an_empty_bucket_is_asked_once_after_its_reset(pace: Pace, standing: StandingClock) -> None:
    answered(pace, 0, START + 2)
    assert wait_of(pace) == pytest.approx(2.02)
    standing.time += 2.1
    assert [wait_of(pace) for _ in range(2)] == [0, math.inf]


def test_what_was_left_long_ago_holds_nobody_up(pace: Pace, standing: StandingClock) -> None:
    answered(pace, 0, START + 2)
    standing.time += 60
    assert [wait_of(pace, PATIENCE) for _ in range(2)] == [0, 0]


def test_a_person_waits_no_longer_than_patience_lasts(pace: Pace) -> None:
    answered(pace, 0, START + 2)
    assert wait_of(pace, PATIENCE) == pytest.approx(2.02)
    assert wait_of(pace, 1.5) == 0


def test_a_person_goes_before_long_work(pace: Pace, standing: StandingClock) -> None:
    answered(pace, 0, START + 1)
    meanwhile: list[float] = []

    class Watched(StandingClock):
        def wait(self, changed: threading.Condition, seconds: float) -> None:
            standing.time += 2
            pace.clock = standing
            meanwhile.append(wait_of(pace))

    pace.clock = Watched()
    assert wait_of(pace, PATIENCE) == 0
    assert meanwhile == [math.inf]


@pytest.mark.parametrize("off", [-3600, -2, 2, 3600])
def test_a_reset_is_read_by_the_tenants_clock(pace: Pace, off: int) -> None:
    date = formatdate(START + off, usegmt=True)
    answered(pace, 0, START + off + 2, Date=date)
    assert wait_of(pace) == pytest.approx(2.02)


def test_clocks_that_may_be_the_same_are_taken_for_the_same(pace: Pace, standing: StandingClock) -> None:
    standing.time += 0.75
    answered(pace, 0, START + 2, Date=formatdate(START, usegmt=True))
    assert wait_of(pace) == pytest.approx(1.27)


@pytest.mark.parametrize("off", [-1.0, -0.3, 0.3, 1.0])
def test_clocks_that_differ_a_little_cost_a_refusal_at_most(off: float) -> None:
    course = Course(lambda clock: Limit(50, 20, steps=True, unix=lambda: clock.unix() + off), 0.05, 0.4)
    course.run(202)
    assert course.limit.refused <= 1


def test_a_reset_that_is_far_away_is_not_waited_for(pace: Pace) -> None:
    answered(pace, 0, START + MAX_WAIT + 1)
    assert wait_of(pace) == 0


def test_a_reset_after_a_refusal_is_waited_for(pace: Pace, standing: StandingClock) -> None:
    pace.leave(pace.enter(), {"Retry-After": "7"}, 429)
    assert wait_of(pace) == 7


def test_a_call_without_an_answer_holds_nobody_up(pace: Pace) -> None:
    for _ in range(5):
        pace.leave(pace.enter(), {}, 0)
    assert wait_of(pace) == 0


def test_an_even_refill_is_learnt_and_no_more_trusted_after_a_refusal(pace: Pace, standing: StandingClock) -> None:
    def empty_by(seconds: float) -> None:
        standing.time += seconds
        answered(pace, 0, math.floor(standing.time) + 2)

    answered(pace, 1, START + 5, **{"x-ratelimit-limit": "2"})
    standing.time += 1
    answered(pace, 1, START + 5)
    empty_by(0)
    assert wait_of(pace) == pytest.approx(1, abs=0.01)
    standing.time += 1.1
    pace.leave(pace.enter(), {}, 429)
    empty_by(5)
    assert wait_of(pace) > 1.5


def test_calls_in_this_process_are_not_paced(db: None, settings: Settings, standing: StandingClock) -> None:
    settings.LOCAL_API_BURST = 1
    client_id, client_secret = dashboard_client()
    connection = Connection(
        LOCAL_ORIGIN, EmbeddedAdapter(), client_id=client_id, client_secret=client_secret, clock=standing
    )
    for _ in range(3):
        assert connection.request("GET", "hooks", scope="read:hooks") == []
