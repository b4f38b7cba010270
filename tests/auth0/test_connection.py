"""One connection: its token, its limits, and which answer is which error."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import (
    ApiError,
    FeatureRefusedError,
    HookNotFoundError,
    HooksGoneError,
    MissingScopeError,
    NameTakenError,
    NoAnswerError,
    NotPermittedError,
    OddAnswerError,
    RateLimitedError,
    RefusedError,
    TokenRejectedError,
    UnreachableError,
)
from hooksui.auth0.hook_resource import HookResource
from hooksui.auth0.transport import PooledAdapter
from tests.auth0.conftest import Connect
from tests.fakes import FakeApi, Manner, Reply
from tests.fakes.management_api import CLIENT_SECRET, refusal, wait_until

ONE = "hooks/01HOOK"


def read(connection: Connection, path: str = ONE) -> Any:
    """GET one hook."""
    return connection.request("GET", path, scope="read:hooks")


def write(connection: Connection) -> Any:
    """PATCH one hook; what is refused is raised as hooks mean it."""
    return HookResource(connection).call("PATCH", ONE, "update:hooks", body={"script": "1"})


ANSWERS = [
    (refusal(400, "Payload validation error: 'x'.", "invalid_body"), RefusedError),
    (refusal(400, "Bad HTTP authentication header format", "Bearer"), TokenRejectedError),
    (refusal(400, "Payload validation error: 'Additional properties not allowed: script'."), FeatureRefusedError),
    (refusal(401, "Invalid token"), TokenRejectedError),
    (refusal(403, "Insufficient scope, expected any of: update:hooks", "insufficient_scope"), MissingScopeError),
    (refusal(403, "Insufficient privileges to use this deprecated feature.", "hooks_not_allowed"), FeatureRefusedError),
    (refusal(403, "This endpoint is disabled for your tenant."), FeatureRefusedError),
    (refusal(403, "Your IP is blocked by the Tenant Access Control List.", "access_denied"), NotPermittedError),
    (refusal(403, "You reached the limit of entities of this type.", "too_many_entities"), NotPermittedError),
    (Reply(403, b"<html>blocked by a firewall</html>"), NotPermittedError),
    (refusal(404, "Error: Hook does not exist", "HookDoesNotExist"), HookNotFoundError),
    (Reply(404, b"<html>nginx</html>"), OddAnswerError),
    (refusal(405, "Method Not Allowed"), OddAnswerError),
    (refusal(409, "A hook with the same name already exists."), NameTakenError),
    (refusal(410, "Gone"), HooksGoneError),
    (refusal(413, "Payload Too Large"), RefusedError),
    (refusal(429, "Global limit has been reached", "too_many_requests"), RateLimitedError),
    (refusal(501, "Not Implemented"), HooksGoneError),
    (refusal(500, "Internal Server Error"), OddAnswerError),
    (Reply(502, b"<html>Bad Gateway</html>"), OddAnswerError),
    (Reply(302, None, {"Location": "https://login.example/"}), OddAnswerError),
    (Reply(200, b"not JSON"), OddAnswerError),
    (Reply(200, b"[" * 200_000), OddAnswerError),
    (Reply(299, b'"\xff"'), OddAnswerError),
]


@pytest.mark.parametrize(("answer", "error"), ANSWERS)
def test_each_answer_has_its_error(fake_api: FakeApi, connect: Connect, answer: Reply, error: type[ApiError]) -> None:
    fake_api.reply("PATCH", f"/api/v2/{ONE}", answer)
    with pytest.raises(error) as caught:
        write(connect())
    assert type(caught.value) is error
    assert len(fake_api.calls("PATCH")) in ((1, 2) if answer.status == 401 else (1,))


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("Insufficient scope, expected any of: read:hooks", "read:hooks"),
        ("Insufficient scope; expected any of: read:hooks,read:actions.", "read:hooks, read:actions"),
        ("Insufficient scope", "the:default"),
    ],
)
def test_a_missing_scope_is_named(fake_api: FakeApi, connect: Connect, message: str, named: str) -> None:
    fake_api.reply("GET", f"/api/v2/{ONE}", refusal(403, message, "insufficient_scope"))
    with pytest.raises(MissingScopeError) as caught:
        connect().request("GET", ONE, scope="the:default")
    assert caught.value.scope == named


@pytest.mark.parametrize("manner", [Manner.WHOLE, Manner.CHUNKED, Manner.GZIP, Manner.GZIP_CHUNKED])
def test_an_answer_is_read_however_it_is_sent(fake_api: FakeApi, connect: Connect, manner: Manner) -> None:
    body = {"script": "ü🙂" * 5000}
    fake_api.reply("GET", f"/api/v2/{ONE}", Reply(200, body, manner=manner))
    assert read(connect()) == body


def test_many_calls_share_one_token_and_one_kept_open_connection(fake_api: FakeApi, connect: Connect) -> None:
    hook = fake_api.add_hook()
    connection = connect()
    for _ in range(10):
        read(connection, f"hooks/{hook['id']}")
    assert len(fake_api.calls("POST", "/oauth/token")) == 1
    assert fake_api.connections == 1


def test_threads_that_start_together_fetch_one_token(fake_api: FakeApi, connect: Connect) -> None:
    hook = fake_api.add_hook()
    connection = connect()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: read(connection, f"hooks/{hook['id']}"), range(8)))
    assert len(answers) == 8
    assert len(fake_api.calls("POST", "/oauth/token")) == 1


def test_a_token_about_to_expire_is_fetched_anew(
    fake_api: FakeApi, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = fake_api.add_hook()
    connection = connect()
    began = time.monotonic()
    for later, tokens in ((0, 1), (86_400 - 70, 1), (86_400 - 50, 2)):
        monkeypatch.setattr(time, "monotonic", lambda later=later: began + later)
        read(connection, f"hooks/{hook['id']}")
        assert len(fake_api.calls("POST", "/oauth/token")) == tokens


def test_a_revoked_token_is_fetched_anew_once(fake_api: FakeApi, connect: Connect) -> None:
    hook = fake_api.add_hook()
    connection = connect()
    read(connection, f"hooks/{hook['id']}")
    fake_api.tokens.clear()
    assert read(connection, f"hooks/{hook['id']}")["id"] == hook["id"]
    assert len(fake_api.calls("POST", "/oauth/token")) == 2


def test_a_fresh_token_that_is_rejected_ends_it(fake_api: FakeApi, connect: Connect) -> None:
    fake_api.reply("GET", f"/api/v2/{ONE}", refusal(401, "Invalid token"))
    with pytest.raises(TokenRejectedError):
        read(connect())
    assert len(fake_api.calls("POST", "/oauth/token")) == 1
    assert len(fake_api.calls("GET")) == 1


def test_a_given_token_is_used_as_it_is(fake_api: FakeApi, connect: Connect) -> None:
    fake_api.tokens.add("given")
    hook = fake_api.add_hook()
    read(connect(token="given", client_id=""), f"hooks/{hook['id']}")
    with pytest.raises(TokenRejectedError):
        read(connect(token="other", client_id=""), f"hooks/{hook['id']}")
    assert fake_api.calls("POST") == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply(401, {"error": "access_denied", "error_description": "Unauthorized"}), TokenRejectedError),
        (Reply(403, {"error": "access_denied"}), TokenRejectedError),
        (Reply(429, {"error": "too_many_requests"}, {"Retry-After": "60"}), RateLimitedError),
        (Reply(200, {"access_token": "a b", "expires_in": 60}), OddAnswerError),
        (Reply(200, {"access_token": "a\r\nX-Evil: 1", "expires_in": 60}), OddAnswerError),
        (Reply(200, {"access_token": "abc"}), OddAnswerError),
        (Reply(200, {"access_token": "abc", "expires_in": -1}), OddAnswerError),
        (Reply(200, b"NaN"), OddAnswerError),
        (Reply(manner=Manner.DROPPED), UnreachableError),
    ],
)
def test_a_failed_token_call_is_told_apart_and_writes_nothing(
    fake_api: FakeApi, connect: Connect, answer: Reply, error: type[ApiError]
) -> None:
    fake_api.reply("POST", "/oauth/token", answer)
    with pytest.raises(error):
        write(connect())
    assert fake_api.calls("PATCH") == []


def test_neither_token_nor_secret_stands_in_logs_errors_or_representations(
    fake_api: FakeApi, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connection = connect()
    fake_api.reply("GET", f"/api/v2/{ONE}", Reply(500, b"x"))
    with pytest.raises(OddAnswerError) as caught:
        read(connection)
    (token,) = fake_api.tokens
    said = caplog.text + repr(caught.value) + str(caught.value) + repr(connection) + repr(fake_api.tenant())
    assert CLIENT_SECRET not in said
    assert token not in said


def test_the_users_netrc_does_not_replace_the_token(
    fake_api: FakeApi, connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    hook = fake_api.add_hook()
    read(connect(), f"hooks/{hook['id']}")
    assert all("Basic" not in call.headers.get("authorization", "") for call in fake_api.requests)


def test_cookies_are_not_kept_and_redirects_not_followed(fake_api: FakeApi, connect: Connect) -> None:
    with FakeApi() as elsewhere:
        to = {"Location": f"{elsewhere.origin}/api/v2/{ONE}", "Set-Cookie": "a=b"}
        fake_api.reply("GET", f"/api/v2/{ONE}", Reply(302, None, to))
        connection = connect()
        for _ in range(2):
            with pytest.raises(OddAnswerError):
                read(connection)
        assert elsewhere.requests == []
    assert all("cookie" not in call.headers for call in fake_api.requests)


@pytest.mark.parametrize("manner", [Manner.DROPPED, Manner.CUT])
def test_a_read_is_sent_again_after_a_lost_connection_and_a_write_is_not(
    fake_api: FakeApi, connect: Connect, manner: Manner
) -> None:
    connection = connect()
    lost = Reply(200, {"id": "01HOOK"}, manner=manner)
    fake_api.reply("GET", f"/api/v2/{ONE}", lost, Reply(200, {"id": "01HOOK"}))
    assert read(connection) == {"id": "01HOOK"}
    fake_api.reply("PATCH", f"/api/v2/{ONE}", lost)
    with pytest.raises(NoAnswerError) as caught:
        write(connection)
    assert caught.value.lost
    assert len(fake_api.calls("PATCH")) == 1


def test_a_connection_that_was_closed_in_between_is_replaced(fake_api: FakeApi, connect: Connect) -> None:
    fake_api.reply("GET", f"/api/v2/{ONE}", Reply(200, {}))
    fake_api.reply("PATCH", f"/api/v2/{ONE}", Reply(200, {}, manner=Manner.LAST))
    connection = connect()
    read(connection)
    for _ in range(3):
        assert write(connection) == {}
        wait_until(lambda: fake_api.open_connections == 0)
    assert len(fake_api.calls("PATCH")) == 3


@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.DRIPPED, Manner.DRIPPED_HEAD])
def test_an_answer_that_does_not_end_in_time_is_given_up(fake_api: FakeApi, connect: Connect, manner: Manner) -> None:
    connection = connect(timeout=0.3)
    fake_api.reply("GET", f"/api/v2/{ONE}", Reply(200, {"script": "x" * 3000}, manner=manner))
    with pytest.raises(NoAnswerError) as caught:
        read(connection)
    assert caught.value.reason == "did not answer within 0.3 seconds"


def test_no_connection_says_why() -> None:
    with FakeApi() as api:
        closed = api.origin
    for origin, reason in (
        (closed, "it refused the connection"),
        ("http://tenant.invalid", "its name could not be resolved"),
    ):
        with pytest.raises(UnreachableError) as caught:
            read(Connection(origin, PooledAdapter(), token="t"))
        assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 1),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 1),
        ({"Retry-After": "soon", "x-ratelimit-reset": "999"}, 1),
    ],
)
def test_the_wait_of_a_429_is_read(fake_api: FakeApi, connect: Connect, headers: dict[str, str], seconds: int) -> None:
    fake_api.reply("PATCH", f"/api/v2/{ONE}", refusal(429, "Global limit has been reached", headers=headers))
    with pytest.raises(RateLimitedError) as caught:
        write(connect())
    assert caught.value.seconds == seconds


def test_the_longer_of_both_waits_counts(fake_api: FakeApi, connect: Connect) -> None:
    reset = {"Retry-After": "2", "x-ratelimit-reset": str(int(time.time()) + 100)}
    fake_api.reply("PATCH", f"/api/v2/{ONE}", refusal(429, "x", headers=reset))
    with pytest.raises(RateLimitedError) as caught:
        write(connect())
    assert caught.value.seconds > 2


def test_a_read_waits_a_little_for_the_limit_and_a_write_never(
    fake_api: FakeApi, connect: Connect, waited: list[float]
) -> None:
    limited = refusal(429, "Global limit has been reached", headers={"Retry-After": "1"})
    fake_api.reply("GET", f"/api/v2/{ONE}", limited, limited, Reply(200, {}))
    assert read(connect()) == {}
    assert waited == [1, 1]
    fake_api.reply("GET", f"/api/v2/{ONE}", limited)
    with pytest.raises(RateLimitedError):
        read(connect())
    assert waited == [1, 1, 1, 1, 1]
    fake_api.reply("PATCH", f"/api/v2/{ONE}", limited)
    with pytest.raises(RateLimitedError):
        write(connect())
    assert waited == [1, 1, 1, 1, 1]


def test_a_body_beyond_all_measure_is_not_read_to_its_end(
    fake_api: FakeApi, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hooksui.auth0.connection.MAX_ANSWER", 100_000)
    fake_api.reply("GET", f"/api/v2/{ONE}", Reply(200, {"script": "x" * 10_000_000}, manner=Manner.GZIP))
    with pytest.raises(OddAnswerError):
        read(connect())


def test_calls_go_out_side_by_side_as_far_as_the_limit_allows(fake_api: FakeApi, connect: Connect) -> None:
    connection = connect()
    fake_api.reply("GET", "/api/v2/hooks/", Reply(200, {}))
    read(connection)
    together = threading.Barrier(4)
    fake_api.reply("GET", "/api/v2/hooks/", Reply(200, {}, before=lambda: together.wait(10)))
    assert connection.side_by_side([lambda: read(connection)] * 4) == [{}] * 4
    fake_api.reply("GET", "/api/v2/hooks/", Reply(200, {}, {"x-ratelimit-remaining": "1"}))
    read(connection)
    before = fake_api.connections
    assert connection.side_by_side([lambda: read(connection)] * 4) == [{}] * 4
    assert fake_api.connections == before
