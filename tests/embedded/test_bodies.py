"""Bodies of hooks that are wrong, in the words that name the mistake (docs/management-api.md, "Errors")."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from tests.embedded.conftest import Api, Hooks

GOOD = {"name": "a", "script": "1", "triggerId": "credentials-exchange"}
NAME = "on property name (Name of this hook.)"
SCRIPT = "on property script (Code to be executed when this hook runs.)"
ENABLED = "on property enabled (Whether this hook will be executed (true) or ignored (false).)"
DEPENDENCIES = "on property dependencies (Dependencies of this hook used by webtask server.)"
TRIGGER = (
    "on property triggerId (Execution stage of this rule. Can be `credentials-exchange`, `pre-user-registration`, "
    "`post-user-registration`, `post-change-password`, or `send-phone-message`.)"
)
PATTERN = r"^[a-zA-Z0-9]([ \-a-zA-Z0-9]*[a-zA-Z0-9])?$"
NOT_STORABLE = "'String has a NUL character or half of a surrogate pair'"


def without(name: str) -> dict[str, str]:
    return {each: value for each, value in GOOD.items() if each != name}


def refusal(answer: Any) -> str:
    assert answer.status_code == 400, answer.content
    body = answer.json()
    assert list(body) == ["statusCode", "error", "message", "errorCode"]
    assert (body["statusCode"], body["error"], body["errorCode"]) == (400, "Bad Request", "invalid_body")
    message: str = body["message"]
    return message


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (without("name"), "'Missing required property: name'"),
        (without("script"), "'Missing required property: script'"),
        (without("triggerId"), "'Missing required property: triggerId'"),
        ({**GOOD, "secrets": {}}, "'Additional properties not allowed: secrets'"),
        ({**GOOD, "a": 1, "b": 2}, "'Additional properties not allowed: a,b'"),
        ({**GOOD, "\ud800": 1}, "'Additional properties not allowed: \ud800'"),
        ({**GOOD, "name": 1}, f"'Expected type string but found type integer' {NAME}"),
        ({**GOOD, "name": 1.5}, f"'Expected type string but found type number' {NAME}"),
        ({**GOOD, "name": 1e400}, "Invalid request payload JSON format"),
        ({**GOOD, "name": True}, f"'Expected type string but found type boolean' {NAME}"),
        ({**GOOD, "name": None}, f"'Expected type string but found type null' {NAME}"),
        ({**GOOD, "name": ["a"]}, f"'Expected type string but found type array' {NAME}"),
        ({**GOOD, "name": ""}, f"'String does not match pattern {PATTERN}: ' {NAME}"),
        ({**GOOD, "name": "a_b"}, f"'String does not match pattern {PATTERN}: a_b' {NAME}"),
        ({**GOOD, "name": "a\n"}, f"'String does not match pattern {PATTERN}: a\n' {NAME}"),
        ({**GOOD, "name": "-a"}, f"'String does not match pattern {PATTERN}: -a' {NAME}"),
        ({**GOOD, "name": "é"}, f"'String does not match pattern {PATTERN}: é' {NAME}"),
        ({**GOOD, "name": "\ud800"}, f"'String does not match pattern {PATTERN}: \ud800' {NAME}"),
        ({**GOOD, "name": "a" * 129}, f"'String is too long (129 chars), maximum 128' {NAME}"),
        ({**GOOD, "script": ""}, f"'String is too short (0 chars), minimum 1' {SCRIPT}"),
        ({**GOOD, "script": "a\0b"}, f"{NOT_STORABLE} {SCRIPT}"),
        ({**GOOD, "script": "\ud800"}, f"{NOT_STORABLE} {SCRIPT}"),
        ({**GOOD, "script": {"a": 1}}, f"'Expected type string but found type object' {SCRIPT}"),
        ({**GOOD, "enabled": "true"}, f"'Expected type boolean but found type string' {ENABLED}"),
        ({**GOOD, "enabled": 1}, f"'Expected type boolean but found type integer' {ENABLED}"),
        ({**GOOD, "enabled": None}, f"'Expected type boolean but found type null' {ENABLED}"),
        ({**GOOD, "triggerId": "login"}, f"'No enum match for: login' {TRIGGER}"),
        ({**GOOD, "dependencies": []}, f"'Expected type object but found type array' {DEPENDENCIES}"),
        (
            {**GOOD, "dependencies": {"auth0": 2}},
            "'Expected type string but found type integer' on property dependencies.auth0",
        ),
        ({**GOOD, "dependencies": {"auth0": "\0"}}, f"{NOT_STORABLE} on property dependencies.auth0"),
        ({**GOOD, "dependencies": {"\udc00": "1"}}, f"{NOT_STORABLE} on property dependencies.\udc00"),
        ([], "'Expected type object but found type array'"),
        (None, "'Expected type object but found type null'"),
        ("text", "'Expected type object but found type string'"),
    ],
)
def test_a_wrong_new_hook_is_refused_by_name(api: Api, body: Any, reason: str) -> None:
    expected = f"Payload validation error: {reason}." if "'" in reason else reason
    assert refusal(api.post("/hooks", body)) == expected


def test_all_problems_of_a_body_are_told(api: Api) -> None:
    assert refusal(api.post("/hooks", {"script": "", "enabled": 1, "x": 1})) == (
        "Payload validation error: 'Additional properties not allowed: x'. (also) "
        "Payload validation error: 'Missing required property: triggerId'. (also) "
        "Payload validation error: 'Missing required property: name'. (also) "
        f"Payload validation error: 'Expected type boolean but found type integer' {ENABLED}. (also) "
        f"Payload validation error: 'String is too short (0 chars), minimum 1' {SCRIPT}."
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"triggerId": "credentials-exchange"}, "'Additional properties not allowed: triggerId'"),
        ({"id": "x"}, "'Additional properties not allowed: id'"),
        ({}, "'Too few properties defined (0), minimum 1'"),
        ({"name": "a_b"}, f"'String does not match pattern {PATTERN}: a_b' {NAME}"),
        ({"enabled": "true"}, f"'Expected type boolean but found type string' {ENABLED}"),
    ],
)
def test_a_wrong_change_is_refused_by_name(api: Api, new_hook: Hooks, body: Any, reason: str) -> None:
    hook = new_hook()
    assert refusal(api.patch(f"/hooks/{hook['id']}", body)) == f"Payload validation error: {reason}."


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{'name':'a'}",
        b'{"name":NaN}',
        b'{"name":Infinity}',
        b'{"name":-Infinity}',
        b'{"name":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"name":"\xff"}',
        '{"name":"a"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"name":"a"}',
        b"\0",
        b'{"name":"a"} {"name":"b"}',
    ],
    ids=range(13),
)
def test_what_is_not_json_is_refused(api: Api, content: bytes) -> None:
    answer = api.send("POST", "/hooks", content)
    assert answer.status_code == 400
    assert answer.content == (
        b'{"statusCode":400,"error":"Bad Request","message":"Invalid request payload JSON format",'
        b'"errorCode":"invalid_body"}'
    )


def test_an_empty_body_is_null(api: Api) -> None:
    expected = "Payload validation error: 'Expected type object but found type null'."
    assert refusal(api.send("POST", "/hooks", b"")) == expected


def test_nesting_that_json_can_read_is_a_wrong_type(api: Api) -> None:
    content = json.dumps(GOOD).replace('"credentials-exchange"', "[" * 400 + "]" * 400)
    assert refusal(api.send("POST", "/hooks", content.encode())) == (
        f"Payload validation error: 'Expected type string but found type array' {TRIGGER}."
    )


def test_a_property_given_twice_counts_as_its_last_value(api: Api) -> None:
    content = b'{"name":"a","name":"b","script":"1","triggerId":"credentials-exchange"}'
    assert api.send("POST", "/hooks", content).json()["name"] == "b"


def test_a_body_over_the_limit_is_too_large(api: Api, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = api.send("POST", "/hooks", b" " * 101)
    assert answer.status_code == 413
    assert answer.content == (
        b'{"statusCode":413,"error":"Request Entity Too Large",'
        b'"message":"Payload content length greater than maximum allowed: 100"}'
    )


@pytest.mark.parametrize(
    "form", [b"name=a&name=b", b"name=%00", b"script=%FF", b"dependencies=a", b"x=1", b"enabled=1"]
)
def test_wrong_forms_are_refused(api: Api, form: bytes) -> None:
    answer = api.send("POST", "/hooks", b"triggerId=credentials-exchange&" + form, "application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_a_fault_is_answered_without_details_and_logged(
    api: Api, settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Any, new_hook: Hooks
) -> None:
    path = f"/hooks/{new_hook()['id']}/secrets"
    token_key = settings.DATA_DIR / "signing_key.pem"
    (tmp_path / "signing_key.pem").write_text(token_key.read_text())
    settings.DATA_DIR = tmp_path  # without encryption keys
    answer = api.post(path, {"a": "do-not-tell"})
    assert answer.status_code == 500
    assert answer.content == (
        b'{"statusCode":500,"error":"Internal Server Error","message":"An internal server error occurred"}'
    )
    assert f"failed at POST '/api/v2{path}'" in caplog.text
    assert "do-not-tell" not in caplog.text
