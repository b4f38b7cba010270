"""Long work beside a person's: patience with the limit, and results as they are done, on real sockets."""

import threading
import time
from functools import partial
from types import GeneratorType
from typing import Any, cast

import pytest

from hooksui.auth0.client import Client
from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import OddAnswerError, RateLimitedError, TokenRejectedError
from hooksui.auth0.pace import MAX_REFUSALS, Clock
from hooksui.auth0.shapes import Hook
from hooksui.auth0.transport import PooledAdapter
from hooksui.embedded.adapter import EmbeddedAdapter
from hooksui.tenants.config import LOCAL_ORIGIN
from tests.auth0.conftest import Connect
from tests.fakes import FakeApi, Reply
from tests.fakes.management_api import CLIENT_ID, CLIENT_SECRET, Limit, refusal, wait_until
from tests.serving import serve

ONE = "hooks/01HOOK"
SIDE_BY_SIDE = PooledAdapter.parallel


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


@pytest.mark.parametrize("odd", [Reply(502, b"<html>Bad gateway</html>"), refusal(401, "Invalid token")])
def test_an_odd_answer_on_the_way_does_not_let_all_threads_go(fake_api: FakeApi, odd: Reply) -> None:
    fake_api.add_hook(id="01HOOK")
    fake_api.limit = Limit(20, 40)
    fake_api.reply("GET", "/api/v2/hooks/odd", odd)
    long_work = Client(Connection(fake_api.origin, PooledAdapter(), token=fake_api.tenant(token="t").token)).patient()

    def failing() -> None:
        with pytest.raises((OddAnswerError, TokenRejectedError)):
            long_work.hooks.get("odd")

    def reading() -> None:
        long_work.hooks.get("01HOOK")

    long_work.side_by_side([failing, *[reading] * 10, failing, *[reading] * 35])
    assert fake_api.limit.refused == 0
    assert len(fake_api.calls("GET", f"/api/v2/{ONE}")) == 45


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
    with pytest.raises(RateLimitedError) as caught:
        write(connect().patient())
    assert (caught.value.seconds, waited) == (121, [])
    fake_api.reply("PATCH", f"/api/v2/{ONE}", refusal(429, "x"))
    with pytest.raises(RateLimitedError):
        write(connect().patient())
    assert waited == [1] * (MAX_REFUSALS - 1)


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
        if result:
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
            raise OddAnswerError
        # It ends when nothing is left for it to do.
        wait_until(lambda: bool(failed_in) and not failed_in[0].is_alive())
        ended.append(number)

    with pytest.raises(OddAnswerError):
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


def test_no_more_run_at_once_than_are_asked_for(connect: Connect) -> None:
    at_most = 3
    under_way: list[int] = []
    seen: list[int] = []
    all_under_way = threading.Barrier(at_most)

    def run(number: int) -> None:
        under_way.append(number)
        all_under_way.wait(10)
        seen.append(len(under_way))
        # Nobody leaves before all have looked.
        all_under_way.wait(10)
        under_way.remove(number)

    results = connect().as_done([partial(run, number) for number in range(4 * at_most)], at_most=at_most)
    assert sorted(result[0] for result in results if result) == list(range(4 * at_most))
    assert max(seen) == at_most


def test_in_this_process_calls_run_one_after_another_in_the_callers_thread(embedded: Connection) -> None:
    threads: list[threading.Thread] = []
    calls = [lambda: threads.append(threading.current_thread())] * 3
    for result in embedded.as_done(calls):
        assert result
        assert len(threads) == result[0] + 1
    assert set(threads) == {threading.current_thread()}
