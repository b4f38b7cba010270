"""What a hook is called with: `this`, its arguments, its context and `context.webtask` (sections 2, 4 and 6)."""

import json
import re
from typing import Any

import pytest

from tests.runner.calling import (
    ALL,
    EXCHANGE,
    PARAMETERS,
    PHONE,
    REGISTRATION,
    call,
    error_of,
    result_of,
    run,
    sample,
)

NOT_SERIALIZED = "Error when JSON serializing the result of the extension point"
KEYS = ["data", "headers", "id", "params", "query", "secrets", "meta", "storage", "token", "body_raw", "body"]


def test_a_hook_is_called_without_this() -> None:
    body = """const strict = function () { 'use strict'; return this; };
        cb(null, [this === globalThis, typeof strict(), this.missing === undefined]);"""
    assert result_of(call(body)) == [True, "undefined", True]
    strict = "module.exports = function (a, b, c, d, cb) { 'use strict'; cb(null, typeof this); };"
    assert result_of(run(strict)) == "undefined"


@pytest.mark.parametrize("trigger", ALL)
def test_arguments_are_members_of_the_payload_then_context_then_callback(trigger: str) -> None:
    *names, _, _ = PARAMETERS.get(trigger, "user, context, cb").split(", ")
    script = """module.exports = function (...given) {
        const cb = given.pop(), context = given.pop();
        const { body } = context.webtask;
        const same = given.every((value, at) => value === body[NAMES[at]]);
        cb(null, { given, same, types: [typeof cb, typeof context] });
    };"""
    outcome = run(script.replace("NAMES", json.dumps(names)), trigger)
    payload = sample(trigger)
    assert result_of(outcome) == {
        "given": [payload[name] for name in names],
        "same": True,
        "types": ["function", "object"],
    }


@pytest.mark.parametrize("parameters", ["", "client, scope, audience, context, cb, more"])
def test_the_number_of_parameters_does_not_matter(parameters: str) -> None:
    script = f"module.exports = function ({parameters}) {{ arguments[4](null, arguments.length); }};"
    assert result_of(run(script)) == 5


def with_context(trigger: str, context: Any) -> str:
    """The sample of a point with another context, as text."""
    return json.dumps(sample(trigger) | {"context": context})


@pytest.mark.parametrize("given", ["text", 1, True, "absent"])
def test_credentials_exchange_gets_a_new_context_where_the_payload_has_none(given: Any) -> None:
    payload = None if given == "absent" else with_context(EXCHANGE, given)
    body = "cb(null, [Object.keys(context), context.webtask.body.context !== context, typeof context]);"
    assert result_of(call(body, EXCHANGE, payload)) == [["webtask"], True, "object"]
    assert list(result_of(call("cb(null, context);", EXCHANGE, payload))) == ["webtask"]


def test_credentials_exchange_gets_the_context_of_the_payload_itself() -> None:
    payload = with_context(EXCHANGE, {"body": {"grant_type": "client_credentials"}})
    body = "cb(null, [context.webtask.body.context === context, Object.keys(context), context.body]);"
    assert result_of(call(body, EXCHANGE, payload)) == [
        True,
        ["body", "webtask"],
        {"grant_type": "client_credentials"},
    ]
    assert error_of(call("cb(null, context);", EXCHANGE, payload))["message"] == NOT_SERIALIZED
    body = "cb(null, [Array.isArray(context), context[0], 'webtask' in context]);"
    assert result_of(call(body, EXCHANGE, with_context(EXCHANGE, ["x"]))) == [True, "x", True]


@pytest.mark.parametrize("trigger", REGISTRATION)
def test_the_registration_points_get_a_copy_of_the_context(trigger: str) -> None:
    payload = sample(trigger)
    payload["context"] |= {"webtask": "overwritten", "more": 1}
    body = """const given = context.webtask.body.context;
        cb(null, { copy: context !== given, shallow: context.connection === given.connection, given: given.webtask,
            context: Object.keys(context).sort(), more: context.more });"""
    assert result_of(call(body, trigger, json.dumps(payload))) == {
        "copy": True,
        "shallow": True,
        "given": "overwritten",
        "context": sorted(payload["context"]),
        "more": 1,
    }
    leaked = result_of(call("cb(null, context);", trigger, secrets={"KEY": "value"}))
    assert leaked["webtask"]["secrets"] == {"KEY": "value"}


def test_send_phone_message_gets_the_context_of_the_payload_itself() -> None:
    body = "cb(null, [context.webtask.body.context === context, Object.keys(context).at(-1)]);"
    assert result_of(call(body, PHONE)) == [True, "webtask"]
    assert error_of(call("cb(null, context);", PHONE))["message"] == NOT_SERIALIZED


@pytest.mark.parametrize("trigger", ALL)
def test_webtask_has_what_the_platform_gives(trigger: str) -> None:
    payload = " " + json.dumps(sample(trigger), indent=3) + "\n"
    body = """const { storage, ...rest } = context.webtask;
        const keys = Object.keys(context.webtask);
        if (rest.body.context) delete rest.body.context.webtask;
        cb(null, { keys, rest });"""
    outcome = call(body, trigger, payload, secrets={"KEY": "value", "empty": ""})
    result = result_of(outcome)
    assert result["keys"] == [*KEYS, "create_token", "create_token_url"]
    rest = result["rest"]
    assert re.fullmatch("[0-9a-f]{32}", rest.pop("id"))
    assert isinstance(rest.pop("token"), str)
    assert rest == {
        "data": {"KEY": "value", "empty": ""},
        "headers": {"content-type": "application/json"},
        "params": {},
        "query": {},
        "secrets": {"KEY": "value", "empty": ""},
        "meta": {"auth0-extension": "runtime", "auth0-extension-name": trigger},
        "body_raw": payload,
        "body": sample(trigger),
    }


def test_webtask_without_secrets_has_empty_ones() -> None:
    body = "const { secrets, data } = context.webtask; cb(null, [secrets, data, secrets === data]);"
    assert result_of(call(body)) == [{}, {}, False]


def test_the_runner_authorises_itself_with_the_secret_of_the_extension() -> None:
    body = "cb(null, [context.webtask.headers, context.webtask.secrets]);"
    secrets = {"auth0-extension-secret": "opening"}
    assert result_of(call(body, secrets=secrets)) == [
        {"content-type": "application/json", "authorization": "Bearer opening"},
        secrets,
    ]


def test_storage_keeps_one_document_for_the_run() -> None:
    body = """const { storage } = context.webtask;
        const seen = [];
        storage.get((error, data) => {
            seen.push([error, typeof data]);
            const kept = { list: [1], gone: undefined };
            storage.set(kept, (error) => {
                kept.list.push(2);
                seen.push(error);
                storage.get({}, (error, data) => {
                    seen.push([error, data]);
                    storage.set('text', { force: 1 }, (error) => {
                        storage.get((error, data) => cb(null, [...seen, data]));
                    });
                });
            });
        });
        seen.push('later');"""
    assert result_of(call(body)) == ["later", [None, "undefined"], None, [None, {"list": [1]}], "text"]
    again = "context.webtask.storage.get((error, data) => cb(null, typeof data));"
    assert result_of(call(again)) == "undefined"


def test_storage_is_not_set_unseen_unless_forced() -> None:
    body = """const { storage } = context.webtask;
        const tries = [];
        for (const options of [[], [{}], [{ force: 0 }]]) {
            try { storage.set(1, ...options, () => tries.push('set')); } catch (error) { tries.push(error.name); }
        }
        storage.set(2, { force: 1 }, () => storage.get((error, data) => cb(null, [...tries, data])));"""
    assert result_of(call(body)) == ["Error", "Error", "Error", 2]


def test_tokens_cannot_be_created() -> None:
    body = """cb(null, ['create_token', 'create_token_url'].map((name) => {
        try { return context.webtask[name]({}); } catch (error) { return error.message; }
    }));"""
    assert result_of(call(body)) == [
        "The 'create_token' method is not supported in this environment",
        "The 'create_token_url' method is not supported in this environment",
    ]
