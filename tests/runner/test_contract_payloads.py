"""Which payloads are refused, with which message, and which pass (section 4)."""

import json
from typing import Any

import pytest

from hooksui.runner.outcome import Ending
from tests.runner.calling import (
    EXCHANGE,
    PHONE,
    PRE,
    REGISTRATION,
    SYNCHRONOUS,
    call,
    error_of,
    printed,
    result_of,
    sample,
)

RECEIVED = "received by extensibility point is"
OBJECT, STRING = f"{RECEIVED} not an object", f"{RECEIVED} not a string"
# What is looked at, in order, and what is said of it.
REGISTRATION_CHECKS = [
    ("", f"Body {OBJECT}"),
    ("user", f"Body.user {OBJECT}"),
    ("context", f"Body.context {OBJECT}"),
    ("context.connection", f"Body.context.connection {OBJECT}"),
]
CHECKS = {
    EXCHANGE: [
        ("", f"Body {OBJECT}"),
        ("client", f"Body .client {OBJECT}"),
        ("scope", f"Body .scope {RECEIVED} neither empty nor an array"),
        ("audience", f"Body .audience {STRING}"),
    ],
    PHONE: [
        ("", f"Body {OBJECT}"),
        ("recipient", f"Body.recipient {STRING}"),
        ("text", f"Body.text {STRING}"),
        ("context", f"Body.context {OBJECT}"),
        ("context.message_type", f"Body.context.message_type {RECEIVED} not `sms` or `voice`"),
        ("context.action", f"Body.context.action {RECEIVED} not `enrollment` or `second-factor-authentication`"),
        ("context.language", f"Body.context.language {STRING}"),
        ("context.code", f"Body.context.code {STRING}"),
        ("context.ip", f"Body.context.ip {STRING}"),
        ("context.user_agent", f"Body.context.user_agent {STRING}"),
        ("context.client", f"Body.context.client {OBJECT}"),
        ("context.client.client_id", f"Body.context.client.client_id {STRING}"),
        ("context.client.name", f"Body.context.client.name {STRING}"),
        ("context.client.client_metadata", f"Body.context.client.client_metadata {OBJECT}"),
        ("context.user", f"Body.context.user {OBJECT}"),
    ],
} | dict.fromkeys(REGISTRATION, REGISTRATION_CHECKS)
EACH_CHECK = [
    pytest.param(trigger, path, message, id=f"{trigger}-{path or 'body'}")
    for trigger, checks in CHECKS.items()
    for path, message in checks
]
OPTIONAL = ["scope", "context.client", "context.client.client_metadata"]
ABSENT = object()


def changed(payload: Any, path: str, value: Any) -> Any:
    """`payload` with `value` at `path`, or without what is there. Nothing changes where nothing holds it."""
    if not path:
        return value
    *way, last = path.split(".")
    holder = payload
    for key in way:
        holder = holder[key]
        if not isinstance(holder, dict):
            return payload
    if value is ABSENT:
        del holder[last]
    else:
        holder[last] = value
    return payload


def refusal(trigger: str, payload: Any) -> str:
    """The message with which a payload is refused."""
    outcome = call("console.log('called'); cb();", trigger, json.dumps(payload))
    error = error_of(outcome)
    assert outcome.ending == Ending.REFUSED
    assert (error["name"], error["statusCode"], error["code"]) == ("Error", 500, None)
    assert "kind" not in error
    assert printed(outcome) == []
    return str(error["message"])


@pytest.mark.parametrize(("trigger", "path", "message"), EACH_CHECK)
def test_the_first_check_that_fails_answers(trigger: str, path: str, message: str) -> None:
    payload = sample(trigger)
    paths = [path for path, _ in CHECKS[trigger]]
    for wrong in paths[paths.index(path) :]:
        payload = changed(payload, wrong, 42) if isinstance(payload, dict) else payload
    assert refusal(trigger, payload) == message


@pytest.mark.parametrize(
    ("trigger", "path", "message"),
    [
        check
        for check in EACH_CHECK
        if check.values[0] in (EXCHANGE, PRE, PHONE) and check.values[1] not in ("", *OPTIONAL)
    ],
)
def test_what_a_check_looks_at_has_to_be_there(trigger: str, path: str, message: str) -> None:
    assert refusal(trigger, changed(sample(trigger), path, ABSENT)) == message


@pytest.mark.parametrize(("path", "message"), REGISTRATION_CHECKS, ids=["body", "user", "context", "connection"])
@pytest.mark.parametrize("trigger", REGISTRATION)
def test_the_registration_points_refuse_null(trigger: str, path: str, message: str) -> None:
    assert refusal(trigger, changed(sample(trigger), path, None)) == message


@pytest.mark.parametrize(
    ("trigger", "payload", "message"),
    [
        (EXCHANGE, [], f"Body .client {OBJECT}"),
        (EXCHANGE, "text", f"Body {OBJECT}"),
        (EXCHANGE, changed(sample(EXCHANGE), "scope", {"0": "a"}), CHECKS[EXCHANGE][2][1]),
        (EXCHANGE, changed(sample(EXCHANGE), "scope", "read:invoices"), CHECKS[EXCHANGE][2][1]),
        (EXCHANGE, changed(sample(EXCHANGE), "audience", None), f"Body .audience {STRING}"),
        (PRE, [], f"Body.user {OBJECT}"),
        (PRE, changed(sample(PRE), "context", []), f"Body.context.connection {OBJECT}"),
        (PHONE, [], f"Body.recipient {STRING}"),
        (PHONE, changed(sample(PHONE), "context.action", "authentication"), CHECKS[PHONE][5][1]),
        (PHONE, changed(sample(PHONE), "context.message_type", "SMS"), CHECKS[PHONE][4][1]),
        (PHONE, changed(sample(PHONE), "context.client", []), f"Body.context.client.client_id {STRING}"),
    ],
)
def test_other_payloads_that_are_refused(trigger: str, payload: Any, message: str) -> None:
    assert refusal(trigger, payload) == message


PASSING = [
    (EXCHANGE, "client", None, "client"),
    (EXCHANGE, "client", [], "client"),
    (EXCHANGE, "scope", None, "scope"),
    (EXCHANGE, "scope", "", "scope"),
    (EXCHANGE, "scope", 0, "scope"),
    (EXCHANGE, "scope", False, "scope"),
    (EXCHANGE, "scope", [], "scope"),
    (EXCHANGE, "scope", [1, None], "scope"),
    (EXCHANGE, "audience", "", "audience"),
    (PRE, "user", [], "user"),
    (PRE, "context.connection", [], "context.connection"),
    (PHONE, "recipient", "", "recipient"),
    (PHONE, "context.message_type", "voice", "context.message_type"),
    (PHONE, "context.action", "second-factor-authentication", "context.action"),
    (PHONE, "context.client.client_metadata", None, "context.client.client_metadata"),
    (PHONE, "context.client.client_metadata", [], "context.client.client_metadata"),
    (PHONE, "context.user", None, "context.user"),
    (PHONE, "context.user", [], "context.user"),
]


@pytest.mark.parametrize(("trigger", "path", "value", "expression"), PASSING)
def test_what_passes_reaches_the_hook_as_it_is(trigger: str, path: str, value: Any, expression: str) -> None:
    payload = json.dumps(changed(sample(trigger), path, value))
    assert result_of(call(f"cb(null, [{expression}]);", trigger, payload)) == [value]


@pytest.mark.parametrize(
    ("trigger", "path", "expression"),
    [
        (EXCHANGE, "scope", "scope"),
        (PHONE, "context.client", "context.client"),
        (PHONE, "context.client.client_metadata", "context.client.client_metadata"),
    ],
)
def test_what_may_be_absent_is_undefined(trigger: str, path: str, expression: str) -> None:
    payload = json.dumps(changed(sample(trigger), path, ABSENT))
    assert result_of(call(f"cb(null, typeof {expression});", trigger, payload)) == "undefined"


@pytest.mark.parametrize(
    ("trigger", "path", "message"),
    [
        (EXCHANGE, "", "Cannot read properties of null (reading 'client')"),
        (EXCHANGE, "context", "Cannot set properties of null (setting 'webtask')"),
        (PHONE, "", "Cannot read properties of null (reading 'recipient')"),
        (PHONE, "context", "Cannot read properties of null (reading 'message_type')"),
        (PHONE, "context.client", "Cannot read properties of null (reading 'client_id')"),
    ],
)
def test_some_nulls_end_in_an_exception_instead(trigger: str, path: str, message: str) -> None:
    payload = json.dumps(changed(sample(trigger), path, None))
    outcome = call("console.log('called'); cb();", trigger, payload)
    error = error_of(outcome)
    assert outcome.ending == Ending.EXCEPTION
    assert (error["name"], error["message"], error["kind"]) == ("TypeError", message, SYNCHRONOUS)
    assert printed(outcome) == []
