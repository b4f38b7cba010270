"""Answers, addresses and networks that no tenant should have, and that must end in an error of ours all the same."""

import json
import socket
import threading
from typing import Any

import pytest

from hooksui.auth0.connection import Connection
from hooksui.auth0.errors import (
    HooksGoneError,
    NoAnswerError,
    OddAnswerError,
    RateLimitedError,
    RefusedError,
    ScriptsReadOnlyError,
    TokenRejectedError,
    UnreachableError,
)
from hooksui.auth0.hooks import Hooks
from hooksui.auth0.transport import PooledAdapter
from tests.auth0.conftest import Connect
from tests.fakes import FakeApi, Manner, Reply
from tests.fakes.management_api import refusal

LIST = "/api/v2/hooks"

ONE = "/api/v2/hooks/01HOOK"

REFUSED = refusal(403, "This endpoint is disabled for your tenant.")


@pytest.mark.parametrize(
    "answer",
    [
        Reply(200, b"this is no gzip", {"Content-Encoding": "gzip"}),
        Reply(200, b"", {"Content-Length": "0"}),
        Reply(204),
        Reply(200, b"\x00"),
        Reply(200, b"null"),
        Reply(200, b'{"total": 1' + b"0" * 5000 + b', "hooks": []}'),
        Reply(200, b'{"total": NaN, "hooks": []}'),
        Reply(200, {"total": 1, "hooks": [{"id": 7}]}),
        Reply(200, {"total": 1, "hooks": [{"id": True}]}),
        Reply(200, {"total": 1, "hooks": [{"id": "a\n"}]}),
        Reply(200, {"total": 1, "hooks": [{"id": "a\x00b"}]}),
        Reply(599, b"x"),
        Reply(418, {"message": None}),
        Reply(500, [["message"]]),
        Reply(304),
    ],
)
def test_what_cannot_be_a_list_is_an_odd_answer(fake_api: FakeApi, hooks: Hooks, answer: Reply) -> None:
    fake_api.reply("GET", LIST, answer)
    with pytest.raises(OddAnswerError):
        hooks.all()
    assert len(fake_api.calls("GET")) == 1


@pytest.mark.parametrize("message", [None, 1, [], {"a": 1}, "\ud800", "a\r\nb", "<b>"])
def test_a_message_of_any_kind_becomes_text_that_a_page_can_hold(fake_api: FakeApi, hooks: Hooks, message: Any) -> None:
    fake_api.reply("PATCH", ONE, Reply(400, {"message": message}))
    with pytest.raises(RefusedError) as caught:
        hooks.update("01HOOK", {"script": "1"})
    assert caught.value.remote.encode("utf-8").decode() == (
        message.replace("\ud800", "\ufffd") if isinstance(message, str) else ""
    )


def test_texts_of_a_hook_come_as_they_are_but_for_halves_of_characters(fake_api: FakeApi, hooks: Hooks) -> None:
    script = "\ufeff\x00\r\n\u2028 🙂 \udc00"
    fake_api.reply("GET", ONE, Reply(200, {"id": "01HOOK", "name": ["x"], "triggerId": None, "script": script}))
    hook = hooks.get("01HOOK")
    assert (hook.name, hook.trigger, hook.script) == ("01HOOK", "", script.replace("\udc00", "\ufffd"))


def test_a_half_character_that_is_sent_travels_as_an_escape(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.add_hook(id="01HOOK")
    hooks.update("01HOOK", {"script": "\ud800 \x00 🙂"})
    assert json.loads(fake_api.calls("PATCH")[0].body) == {"script": "\ud800 \x00 🙂"}


@pytest.mark.parametrize("value", ["²", "9" * 5000, "-1", "", "1.5", "1, 2"])
def test_numbers_in_headers_that_are_none_are_passed_over(fake_api: FakeApi, connect: Connect, value: str) -> None:
    fake_api.headers = dict.fromkeys(("x-ratelimit-remaining", "x-ratelimit-reset", "Retry-After"), value)
    connection = connect()
    assert Hooks(connection).all() == []
    fake_api.reply("POST", LIST, refusal(429, "Global limit has been reached", headers=fake_api.headers))
    with pytest.raises(RateLimitedError) as caught:
        Hooks(connection).create("a", "send-phone-message", "1", enabled=False)
    assert caught.value.seconds == 1


@pytest.mark.parametrize("date", ["Mon, 01 Jan 99999 00:00:00 GMT", "Mon, 01 Jan 2001 00:00:00 +99999999999999999999"])
def test_a_date_out_of_all_calendars_is_no_wait(fake_api: FakeApi, hooks: Hooks, date: str) -> None:
    fake_api.reply("POST", LIST, refusal(429, "x", headers={"Retry-After": date}))
    with pytest.raises(RateLimitedError) as caught:
        hooks.create("a", "send-phone-message", "1", enabled=False)
    assert caught.value.seconds == 1


@pytest.mark.parametrize("token", ["", "a\r\nX-Evil: 1", "ü", "a b", "a\x00", ["a"], 7])
@pytest.mark.parametrize("lifetime", [60, 10**400, "60", float("inf"), True, 0])
def test_a_token_or_lifetime_that_is_none_never_travels(
    fake_api: FakeApi, hooks: Hooks, token: Any, lifetime: Any
) -> None:
    fake_api.reply("POST", "/oauth/token", Reply(200, {"access_token": token, "expires_in": lifetime}))
    with pytest.raises(OddAnswerError) as caught:
        hooks.all()
    assert "Evil" not in str(caught.value)
    assert fake_api.calls("GET") == []


@pytest.mark.parametrize("lifetime", [10**400, "60", float("inf"), float("nan"), 0, -1, None])
def test_a_good_token_needs_a_lifetime(fake_api: FakeApi, hooks: Hooks, lifetime: Any) -> None:
    fake_api.lifetime = lifetime
    with pytest.raises(OddAnswerError):
        hooks.all()
    assert fake_api.calls("GET") == []


def test_a_rejected_token_that_is_given_out_again_is_not_asked_for_for_ever(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.reply("POST", "/oauth/token", Reply(200, {"access_token": "same", "expires_in": 60}))
    fake_api.tokens.add("same")
    hooks.all()
    fake_api.tokens.clear()
    with pytest.raises(TokenRejectedError):
        hooks.all()
    assert len(fake_api.calls("POST", "/oauth/token")) == 2
    assert len(fake_api.calls("GET")) == 3


def test_threads_whose_token_is_revoked_together_fetch_one_new_one(fake_api: FakeApi, hooks: Hooks) -> None:
    for _ in range(350):
        fake_api.add_hook()
    hooks.all()
    fake_api.tokens.clear()
    assert len(hooks.all()) == 350
    assert len(fake_api.calls("POST", "/oauth/token")) == 2


def test_a_read_finds_a_new_connection_when_all_kept_open_ones_are_dead(fake_api: FakeApi, connect: Connect) -> None:
    connection = connect()
    calls = [lambda: connection.request("GET", "hooks", scope="read:hooks")] * 4
    fake_api.reply("GET", LIST, Reply(200, {}))
    connection.side_by_side(calls)
    together = threading.Barrier(4)
    fake_api.reply("GET", LIST, Reply(200, {}, before=lambda: together.wait(10)))
    connection.side_by_side(calls)
    opened = fake_api.connections

    # What a load balancer does that was restarted: whatever comes on a connection it knew before is not answered.
    def on_new_connections_only(request: Any) -> Reply:
        return Reply(200, {"new": True}) if request.connection > opened else Reply(manner=Manner.DROPPED)

    fake_api.reply("GET", LIST, on_new_connections_only)
    assert connection.request("GET", "hooks", scope="read:hooks") == {"new": True}


def test_a_read_is_sent_twice_at_most(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.reply("GET", LIST, Reply(manner=Manner.DROPPED))
    with pytest.raises(NoAnswerError) as caught:
        hooks.all()
    assert caught.value.lost
    assert len(fake_api.calls("GET")) == 2


def test_a_read_that_is_too_slow_is_sent_once(fake_api: FakeApi, connect: Connect) -> None:
    fake_api.reply("GET", LIST, Reply(manner=Manner.SILENT))
    with pytest.raises(NoAnswerError) as caught:
        Hooks(connect(timeout=0.2)).all()
    assert not caught.value.lost
    assert len(fake_api.calls("GET")) == 1


def test_a_connection_that_is_dropped_before_the_request_is_read_costs_a_read_nothing(
    fake_api: FakeApi, connect: Connect
) -> None:
    fake_api.tokens.add("t")
    fake_api.drop_connections(1)
    assert Hooks(connect(token="t", client_id="")).all() == []
    assert fake_api.connections == 2


def test_a_token_call_on_a_lost_connection_is_made_again_before_a_write(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.drop_connections(1)
    assert hooks.create("a", "send-phone-message", "1", enabled=False).name == "a"
    assert len(fake_api.calls("POST", LIST)) == 1


def test_a_token_call_without_an_answer_leaves_no_doubt_about_the_write(fake_api: FakeApi, connect: Connect) -> None:
    fake_api.reply("POST", "/oauth/token", Reply(manner=Manner.SILENT))
    with pytest.raises(UnreachableError) as caught:
        Hooks(connect(timeout=0.2)).create("a", "send-phone-message", "1", enabled=False)
    assert caught.value.reason == "did not answer within 0.2 seconds"


def test_a_write_that_nobody_reads_is_too_slow_and_not_lost() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        hooks = Hooks(Connection(origin, PooledAdapter(), token="t", timeout=0.2))
        with pytest.raises(NoAnswerError) as caught:
            hooks.update("01HOOK", {"script": "x" * 30_000_000})
    assert (caught.value.reason, caught.value.lost) == ("did not answer within 0.2 seconds", False)


@pytest.mark.parametrize(
    "answer", [Reply(500, b"x"), Reply(manner=Manner.DROPPED), refusal(403, "Insufficient scope", "insufficient_scope")]
)
def test_a_refused_write_is_said_to_be_refused_even_if_the_list_fails(
    fake_api: FakeApi, hooks: Hooks, answer: Reply
) -> None:
    fake_api.reply("PATCH", ONE, REFUSED)
    fake_api.reply("GET", LIST, answer)
    with pytest.raises(ScriptsReadOnlyError):
        hooks.update("01HOOK", {"script": "1"})


def test_a_hook_of_a_tenant_without_hooks_is_gone_with_them(fake_api: FakeApi, hooks: Hooks) -> None:
    fake_api.mode = "gone"
    with pytest.raises(HooksGoneError):
        hooks.get("01HOOK")


def test_a_redirect_of_the_token_call_does_not_carry_the_secret_away(fake_api: FakeApi, hooks: Hooks) -> None:
    with FakeApi() as elsewhere:
        for status in (301, 307, 308):
            there = {"Location": f"{elsewhere.origin}/oauth/token"}
            fake_api.reply("POST", "/oauth/token", Reply(status, None, there))
            with pytest.raises(OddAnswerError):
                hooks.all()
        assert elsewhere.requests == []


def test_dependencies_of_odd_types_become_versions_or_nothing(fake_api: FakeApi, hooks: Hooks) -> None:
    odd = {"a": 1, "b": None, "c": ["x"], "": "1", "d": 1.5, "e": True, "f": {"x": 1}, "g\ud800": "2", "h": 10**400}
    fake_api.reply("GET", ONE, Reply(200, {"id": "01HOOK", "dependencies": odd}))
    assert hooks.get("01HOOK").dependencies == {"a": "1", "d": "1.5", "g\ufffd": "2", "h": str(10**400)}
    fake_api.reply("GET", ONE, Reply(200, {"id": "01HOOK", "dependencies": ["a"]}))
    assert hooks.get("01HOOK").dependencies == {}


@pytest.mark.parametrize(
    "answer",
    [Reply(200, {"id": "01OTHER"}), Reply(200, b"null"), Reply(200, b""), Reply(204), Reply(200, []), Reply(201, {})],
)
def test_an_answer_about_another_hook_or_none_is_no_success(fake_api: FakeApi, hooks: Hooks, answer: Reply) -> None:
    for method in ("GET", "PATCH", "POST"):
        fake_api.reply(method, ONE if method != "POST" else LIST, answer)
    with pytest.raises(OddAnswerError):
        hooks.get("01HOOK")
    with pytest.raises(OddAnswerError):
        hooks.update("01HOOK", {"enabled": True})
    with pytest.raises(OddAnswerError):
        hooks.create("a", "send-phone-message", "1", enabled=False)


@pytest.mark.parametrize("answer", [Reply(200, b"<html>"), Reply(200, b"null"), Reply(200, b""), Reply(200, {})])
def test_a_removal_is_answered_by_a_204_alone(fake_api: FakeApi, hooks: Hooks, answer: Reply) -> None:
    fake_api.reply("DELETE", ONE, answer)
    with pytest.raises(OddAnswerError):
        hooks.delete("01HOOK")
