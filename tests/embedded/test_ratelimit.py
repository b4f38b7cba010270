"""The rate limit (docs/management-api.md, "Rate limits")."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from hooksui.embedded.ratelimit import Bucket
from tests.embedded.conftest import Api


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_empties_the_bucket_and_time_refills_it() -> None:
    clock = Clock()
    bucket = Bucket(clock)
    assert [bucket.take(3, 2).remaining for _ in range(3)] == [2, 1, 0]
    assert not bucket.take(3, 2).allowed
    clock.now += 0.5
    assert bucket.take(3, 2).allowed
    assert not bucket.take(3, 2).allowed
    clock.now += 1000
    assert [bucket.take(3, 2).allowed for _ in range(4)] == [True, True, True, False]


def test_the_limit_is_the_burst() -> None:
    assert Bucket().take(50, 16).limit == 50


def test_reset_is_the_unix_second_that_follows() -> None:
    before = int(time.time())
    allowance = Bucket().take(50, 16)
    assert before < allowance.reset <= time.time() + 2


@pytest.mark.parametrize("per_second", [1, 2, 16])
def test_waiting_as_told_is_enough(per_second: int) -> None:
    clock = Clock()
    bucket = Bucket(clock)
    while (refused := bucket.take(5, per_second)).allowed:
        pass
    assert refused.retry_after >= 1
    assert refused.reset >= time.time()
    clock.now += refused.retry_after
    assert bucket.take(5, per_second).allowed


def test_threads_get_no_more_than_the_burst() -> None:
    bucket = Bucket(Clock())
    allowed: list[bool] = []

    def take() -> None:
        allowed.extend(bucket.take(100, 1).allowed for _ in range(50))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 100


def first_refused(call: Callable[[], Any]) -> Any:
    """The first answer 429 of many calls."""
    return next(answer for answer in (call() for _ in range(100)) if answer.status_code == 429)


def test_too_many_calls_are_refused_as_recorded(api: Api, settings: Settings) -> None:
    settings.LOCAL_API_BURST, settings.LOCAL_API_PER_SECOND = 1, 1
    answer = first_refused(lambda: api.get("/hooks"))
    assert answer.content == (
        b'{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached",'
        b'"errorCode":"too_many_requests"}'
    )
    assert answer["x-ratelimit-limit"] == "1"
    assert answer["x-ratelimit-remaining"] == "0"
    assert int(answer["x-ratelimit-reset"]) > time.time() - 1
    assert int(answer["Retry-After"]) >= 1


def test_the_limit_comes_before_the_token(api: Api, settings: Settings) -> None:
    settings.LOCAL_API_BURST, settings.LOCAL_API_PER_SECOND = 1, 1
    first_refused(lambda: api.client.get("/api/v2/hooks"))
