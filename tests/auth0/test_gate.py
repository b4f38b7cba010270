"""A tenant that does not answer takes neither all threads nor everybody's time."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from hooksui.auth0 import gate
from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import ApiError, NoAnswerError, UnreachableError
from hooksui.auth0.gate import Threads
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.transport import PooledAdapter
from tests.fakes import FakeApi, Manner, Reply, Request
from tests.fakes.management_api import CLIENT_ID, CLIENT_SECRET, wait_until

LIST = "/api/v2/hooks"


def open_hooks(api: FakeApi, threads: Threads, timeout: float = 10) -> Hooks:
    """The hooks of `api`, called by some of `threads`."""
    connection = Connection(
        api.origin, PooledAdapter(), client_id=CLIENT_ID, client_secret=CLIENT_SECRET, timeout=timeout, threads=threads
    )
    return Hooks(connection)


def call(hooks: Hooks) -> None:
    """A call whose failure is of no interest."""
    with suppress(ApiError):
        hooks.all()


def begin(hooks: Hooks, count: int) -> list[threading.Thread]:
    """That many threads that call."""
    threads = [threading.Thread(target=call, args=(hooks,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_a_tenant_that_is_slow_gets_half_of_the_threads_and_all_of_them_leave_some(fake_api: FakeApi) -> None:
    answers = threading.Event()
    shared = Threads(8)

    def once_allowed(api: FakeApi) -> Callable[[Request], Reply]:
        def answer(request: Request) -> Reply:
            answers.wait(20)
            return api.answer(request)

        return answer

    with FakeApi() as other, FakeApi() as third:
        slow, as_slow, quick = (open_hooks(api, shared) for api in (fake_api, other, third))
        for hooks, api in ((slow, fake_api), (as_slow, other), (quick, third)):
            # That they have no limit is known from now on.
            hooks.all()
            del api.requests[:]
            if api is not third:
                api.reply("GET", LIST, once_allowed(api))
        begun = begin(slow, 4)
        wait_until(lambda: len(fake_api.calls("GET", LIST)) == 4)
        with pytest.raises(UnreachableError):
            slow.all()
        assert len(fake_api.calls("GET", LIST)) == 4
        assert quick.all() == []
        begun += begin(as_slow, 2)
        wait_until(lambda: len(other.calls("GET", LIST)) == 2)
        # Six of eight: two are left for everything that asks no tenant.
        with pytest.raises(UnreachableError):
            quick.all()
        answers.set()
        for thread in begun:
            thread.join()
        assert slow.all() == []
    assert shared.inside == 0


def test_a_tenant_that_answers_gets_as_many_calls_as_come(fake_api: FakeApi) -> None:
    hooks = open_hooks(fake_api, Threads(2))
    for thread in begin(hooks, 30):
        thread.join()
    assert len(fake_api.calls("GET", LIST)) == 30


def test_after_time_outs_one_call_finds_out_whether_the_tenant_answers_again(
    fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = open_hooks(fake_api, Threads(8), timeout=0.2)
    hooks.all()
    fake_api.reply("GET", LIST, Reply(manner=Manner.SILENT))
    for _ in range(gate.TIMEOUTS):
        with pytest.raises(NoAnswerError):
            hooks.all()
    asked = len(fake_api.calls("GET", LIST))
    with pytest.raises(UnreachableError) as refused:
        hooks.all()
    assert "is not responding; the next attempt is in" in refused.value.reason
    assert len(fake_api.calls("GET", LIST)) == asked
    fake_api.reply("GET", LIST)
    with pytest.raises(UnreachableError):
        hooks.all()
    monkeypatch.setattr(gate, "REST", 0)
    hooks._connection._gate.note(timed_out=True)
    assert hooks.all() == []
    assert hooks.all() == []


def test_whoever_waits_for_a_token_shares_its_failure(fake_api: FakeApi) -> None:
    hooks = open_hooks(fake_api, Threads(16))
    asks = threading.Event()
    fake_api.reply("POST", "/oauth/token", Reply(503, before=lambda: asks.wait(20)))
    begun = begin(hooks, 4)
    token = hooks._connection._token
    wait_until(lambda: token._lock.locked() and len(fake_api.calls("POST")) == 1)
    # The others stand at the lock before it is answered.
    wait_until(lambda: hooks._connection._gate._inside == 4)
    asks.set()
    for thread in begun:
        thread.join()
    assert len(fake_api.calls("POST")) <= 2
