"""Pacing: no call is refused and little time lost, on a clock of its own and on real sockets."""

import heapq
import math
import random
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from types import GeneratorType
from typing import Any, cast

import pytest
from pytest_django import Settings

from hooksui.auth0 import Client
from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import OddAnswer, RateLimited
from hooksui.auth0.pace import LONGEST_WAIT, MOST_REFUSALS, PATIENCE, Clock, Pace
from hooksui.auth0.shapes import Hook
from hooksui.auth0.transport import EmbeddedAdapter, PooledAdapter
from hooksui.embedded.clients import dashboard_client
from hooksui.tenants.config import LOCAL_ORIGIN
from tests.auth0.conftest import Connect
from tests.fakes import FakeApi, Reply
from tests.fakes.management_api import CLIENT_ID, CLIENT_SECRET, Limit, refusal, wait_until
from tests.serving import serve

ONE = "hooks/01HOOK"
SIDE_BY_SIDE = PooledAdapter.parallel
START = 1_700_000_000.0


class Blocked(Exception):
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
        raise Blocked(seconds)


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
                self._pace.leave(turn, headers, refused=not allowed)

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
    pace.leave(pace.enter(0), headers)


def wait_of(pace: Pace, seconds: float = math.inf) -> float:
    """How long the next call would wait, infinity for the end of another; it is not made unless that is 0."""
    try:
        pace.enter(seconds)
    except Blocked as blocked:
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


def test_answers_without_headers_mean_no_limit(pace: Pace) -> None:
    pace.leave(pace.enter(), {})
    assert [wait_of(pace) for _ in range(50)] == [0] * 50


def test_calls_under_way_are_taken_off_what_is_left(pace: Pace) -> None:
    first, _ = pace.enter(0), pace.enter(0)
    pace.leave(first, {"x-ratelimit-remaining": "4", "x-ratelimit-reset": str(int(START) + 1)})
    assert [wait_of(pace, PATIENCE) for _ in range(4)] == [0, 0, 0, PATIENCE]


def test_long_work_keeps_the_last_token_until_it_can_tell_how_they_are_regained(pace: Pace) -> None:
    answered(pace, 1, START + 1)
    assert 0.5 < wait_of(pace) < 0.6
    assert wait_of(pace, PATIENCE) == 0


def test_an_answer_that_comes_late_does_not_bring_tokens_back(pace: Pace) -> None:
    answered(pace, 3, START + 1)
    turns = [pace.enter(0) for _ in range(3)]
    for turn, left in ((turns[2], 0), (turns[1], 1), (turns[0], 2)):
        pace.leave(turn, {"x-ratelimit-remaining": str(left), "x-ratelimit-reset": str(int(START) + 1)})
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
    answered(pace, 0, START + LONGEST_WAIT + 1)
    assert wait_of(pace) == 0


def test_a_reset_after_a_refusal_is_waited_for(pace: Pace, standing: StandingClock) -> None:
    pace.leave(pace.enter(), {"Retry-After": "7"}, refused=True)
    assert wait_of(pace) == 7


def test_a_call_without_an_answer_holds_nobody_up(pace: Pace) -> None:
    for _ in range(5):
        pace.leave(pace.enter(), None)
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
    pace.leave(pace.enter(), {}, refused=True)
    empty_by(5)
    assert wait_of(pace) > 1.5


def read(connection: Connection, path: str = ONE) -> Any:
    """GET one hook."""
    return connection.request("GET", path, scope="read:hooks")


def write(connection: Connection) -> Any:
    """PATCH one hook."""
    return connection.request("PATCH", ONE, scope="update:hooks", body={"script": "1"})


@pytest.mark.parametrize("steps", [False, True])
def test_threads_that_work_long_are_never_refused(fake_api: FakeApi, steps: bool) -> None:
    fake_api.add_hook(id="01HOOK")
    fake_api.limit = Limit(20, 40, steps=steps)
    client = Client(Connection(fake_api.origin, PooledAdapter(), client_id=CLIENT_ID, client_secret=CLIENT_SECRET))
    long_work = client.patient()
    hooks = long_work.side_by_side([lambda: long_work.hooks.get("01HOOK")] * 45)
    assert len(hooks) == 45
    assert fake_api.limit.refused == 0
    assert len(fake_api.calls("GET")) == 45


def test_the_served_embedded_api_never_refuses_long_work(clock: Clock, waited: list[float]) -> None:
    limit = {"LOCAL_API_CLIENT_ID": "a-client", "LOCAL_API_CLIENT_SECRET": "a-long-secret-of-a-client"}
    with serve({**limit, "LOCAL_API_RATE_LIMIT": "10+40/s"}) as served:
        client = Client(
            Connection(
                served.url,
                PooledAdapter(),
                client_id="a-client",
                client_secret="a-long-secret-of-a-client",
                clock=clock,
            )
        ).patient()

        def create(letter: str) -> Hook:
            return client.hooks.create(f"long {letter}", "send-phone-message", "1", enabled=False)

        made = client.side_by_side([partial(create, letter) for letter in "abcdefghijklmnopqrstuvwxyz"])
        assert {hook.id for hook in client.hooks.all(whole=True)} == {hook.id for hook in made}
    assert waited == []


def test_two_first_calls_of_a_page_meet_on_the_wire(fake_api: FakeApi, connect: Connect) -> None:
    together = threading.Barrier(2)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 1)}
    fake_api.reply("GET", "/api/v2/hooks/", Reply(200, {}, headers, before=lambda: together.wait(10)))
    connection = connect()
    assert connection.side_by_side([lambda: read(connection)] * 2) == [{}] * 2


def test_calls_in_this_process_are_not_paced(db: None, settings: Settings, standing: StandingClock) -> None:
    settings.LOCAL_API_BURST = 1
    client_id, client_secret = dashboard_client()
    connection = Connection(
        LOCAL_ORIGIN, EmbeddedAdapter(), client_id=client_id, client_secret=client_secret, clock=standing
    )
    for _ in range(3):
        assert connection.request("GET", "hooks", scope="read:hooks") == []


def test_long_work_repeats_whatever_was_refused(fake_api: FakeApi, connect: Connect, waited: list[float]) -> None:
    limited = refusal(429, "Global limit has been reached", headers={"Retry-After": "60"})
    fake_api.reply("PATCH", f"/api/v2/{ONE}", limited, limited, Reply(200, {"id": "01HOOK"}))
    assert write(connect().patient()) == {"id": "01HOOK"}
    assert waited == [60, 60]


def test_long_work_waits_for_a_token_as_well(fake_api: FakeApi, connect: Connect, waited: list[float]) -> None:
    fake_api.add_hook(id="01HOOK")
    refused = Reply(429, {"error": "too_many_requests"}, {"Retry-After": "5"})
    fake_api.reply("POST", "/oauth/token", refused, fake_api.answer)
    assert write(connect().patient())["id"] == "01HOOK"
    assert waited == [5]


def test_long_work_gives_up_in_the_end(fake_api: FakeApi, connect: Connect, waited: list[float]) -> None:
    fake_api.reply("PATCH", f"/api/v2/{ONE}", refusal(429, "x", headers={"Retry-After": "121"}))
    with pytest.raises(RateLimited) as caught:
        write(connect().patient())
    assert (caught.value.seconds, waited) == (121, [])
    fake_api.reply("PATCH", f"/api/v2/{ONE}", refusal(429, "x"))
    with pytest.raises(RateLimited):
        write(connect().patient())
    assert waited == [1] * (MOST_REFUSALS - 1)


def test_the_patient_twin_shares_token_and_connections(fake_api: FakeApi, connect: Connect) -> None:
    fake_api.add_hook(id="01HOOK")
    connection = connect()
    for one in (connection, connection.patient(), connection.patient().patient(), connection):
        read(one)
    assert len(fake_api.calls("POST", "/oauth/token")) == 1
    assert fake_api.connections == 1


@pytest.fixture
def embedded() -> Connection:
    """A connection whose calls run one after another."""
    return Connection(LOCAL_ORIGIN, EmbeddedAdapter(), token="t")


def test_results_come_as_they_are_done(connect: Connect) -> None:
    first_may_end = threading.Event()

    def first() -> str:
        assert first_may_end.wait(10)
        return "first"

    found: list[tuple[int, str]] = []
    for result in connect().as_done([first, lambda: "second"]):
        found.append(result)
        first_may_end.set()
    assert found == [(1, "second"), (0, "first")]


def test_a_failure_lets_no_further_call_begin_and_waits_for_those_that_did(connect: Connect) -> None:
    begun: list[int] = []
    ended: list[int] = []
    failed_in: list[threading.Thread] = []
    all_under_way = threading.Barrier(SIDE_BY_SIDE)

    def run(number: int) -> None:
        begun.append(number)
        all_under_way.wait(10)
        if not number:
            failed_in.append(threading.current_thread())
            raise OddAnswer
        # It ends when nothing is left for it to do.
        wait_until(lambda: bool(failed_in) and not failed_in[0].is_alive())
        ended.append(number)

    with pytest.raises(OddAnswer):
        list(connect().as_done([partial(run, number) for number in range(2 * SIDE_BY_SIDE)]))
    assert sorted(begun) == list(range(SIDE_BY_SIDE))
    assert sorted(ended) == list(range(1, SIDE_BY_SIDE))


def test_a_closed_iterator_leaves_out_what_has_not_begun_and_waits_for_the_rest(connect: Connect) -> None:
    begun: list[int] = []
    ended: list[int] = []
    may_end = threading.Event()

    def run(number: int) -> None:
        begun.append(number)
        if number:
            assert may_end.wait(10)
        ended.append(number)

    results = cast("GeneratorType[Any, Any, Any]", connect().as_done([partial(run, number) for number in range(200)]))
    assert next(results) == (0, None)
    closing = threading.Thread(target=results.close)
    closing.start()
    wait_until(lambda: results.gi_running)
    may_end.set()
    closing.join()
    assert sorted(ended) == sorted(begun)
    assert len(begun) < 200


def test_in_this_process_calls_run_one_after_another_in_the_callers_thread(embedded: Connection) -> None:
    threads: list[threading.Thread] = []
    calls = [lambda: threads.append(threading.current_thread())] * 3
    for index, _ in embedded.as_done(calls):
        assert len(threads) == index + 1
    assert set(threads) == {threading.current_thread()}
