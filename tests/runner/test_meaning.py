"""What an answer would do at Auth0 (section 4: results and errors)."""

import json
import threading
from typing import Any

import pytest

from hooksui import catalogue
from hooksui.runner import calling
from hooksui.runner.outcome import Ending, Outcome, label_of, summary_of
from tests.runner.calling import ALL, EXCHANGE, PASSWORD, PHONE, POST, PRE, REGISTRATION, call, run, sample

NOT_AN_ADDRESS = "is ignored: a claim's name is an http: or https: address."


def effects(outcome: Outcome) -> list[str]:
    """The sentences on what counts."""
    return [effect.text for effect in outcome.meaning if not effect.ignored]


def ignored(outcome: Outcome) -> list[str]:
    """The sentences on what has no effect."""
    return [effect.text for effect in outcome.meaning if effect.ignored]


def exchange(result: Any, scope: Any = ("read:a", "read:b")) -> Outcome:
    """What comes of a result of credentials-exchange."""
    payload = json.dumps(sample(EXCHANGE) | {"scope": scope})
    return call(f"cb(null, {json.dumps(result)});", EXCHANGE, payload)


NO_SCOPES = "The token has no scopes: a result without scope removes all of them."
NO_OBJECT = "The token has no scopes. What an answer without an object does is not documented."
NOT_A_LIST = "What happens when scope is not an array is not documented."
LOST_ALL = "Scopes removed: read:a, read:b."
SCOPES: dict[str, tuple[Any, list[str]]] = {
    "kept": ({"scope": ["read:a", "read:b"]}, ["The token has the scopes read:a, read:b."]),
    "one lost": ({"scope": ["read:b"]}, ["The token has the scopes read:b.", "Scopes removed: read:a."]),
    "one added": (
        {"scope": ["read:a", "read:b", "new"]},
        ["The token has the scopes read:a, read:b, new.", "Scopes added: new."],
    ),
    "exchanged": ({"scope": ["new"]}, ["The token has the scopes new.", LOST_ALL, "Scopes added: new."]),
    "none": ({"scope": []}, ["The token has no scopes.", LOST_ALL]),
    "missing": ({}, [NO_SCOPES]),
    "null": ({"scope": None}, [NOT_A_LIST]),
    "a text": ({"scope": "read:a read:b"}, [NOT_A_LIST]),
    "no object": ("text", [NO_OBJECT]),
    "a list": (["read:a"], [NO_OBJECT]),
    "no data": (None, [NO_OBJECT]),
}


@pytest.mark.parametrize(("result", "sentences"), SCOPES.values(), ids=SCOPES)
def test_scopes_of_a_token(result: Any, sentences: list[str]) -> None:
    outcome = exchange(result)
    assert effects(outcome) == sentences
    assert ignored(outcome) == []


@pytest.mark.parametrize("scope", [None, "", 0, []])
def test_scopes_that_were_not_there_before_are_added(scope: Any) -> None:
    assert effects(exchange({"scope": ["a"]}, scope)) == ["The token has the scopes a.", "Scopes added: a."]
    assert effects(exchange({"scope": []}, scope)) == ["The token has no scopes."]


def test_a_scope_that_the_hook_changed_in_place_counts_as_changed() -> None:
    outcome = call("scope.push('write:invoices'); cb(null, { scope });")
    assert effects(outcome)[1:] == ["Scopes added: write:invoices."]


def test_a_callback_without_data_says_that_nothing_is_documented() -> None:
    assert effects(call("cb();")) == [NO_OBJECT]


CLAIMS = [
    "https://claims.acme.example/tier",
    "http://acme.example",
    "https://notauth0.com/x",
    "https://auth0.com.example/x",
    "https://notwebtask.io/",
    "https://webtask.run.example:8443/x?y#z",
    "HTTPS://ACME.EXAMPLE/Upper",
    "https://user@acme.example/",
    "https://acme.example/auth0.com",
    "https://203.0.113.9/ip",
]


def test_names_that_are_claims() -> None:
    outcome = exchange({"scope": ["read:a", "read:b"]} | dict.fromkeys(CLAIMS))
    assert effects(outcome)[1:] == [f"Claims added: {', '.join(CLAIMS)}."]
    assert ignored(outcome) == []


RESERVED = {
    "https://auth0.com/x": "auth0.com",
    "https://acme.eu.auth0.com": "auth0.com",
    "http://auth0.com:8080/x": "auth0.com",
    "https://me@auth0.com/x": "auth0.com",
    "HTTPS://Acme.AUTH0.com/x": "auth0.com",
    "https://webtask.io/x": "webtask.io",
    "https://a.b.webtask.io/x": "webtask.io",
    "https://webtask.run": "webtask.run",
    "https://acme.WEBTASK.run/x": "webtask.run",
}
NO_ADDRESSES = [
    "tier",
    "",
    "claims.acme.example/tier",
    "//acme.example/tier",
    "/tier",
    "https://",
    "ftp://acme.example/tier",
    "urn:acme:tier",
    "mailto:dana@acme.example",
    "auth0.com",
    "ftp://auth0.com/x",
    "scopes",
]


def test_names_that_are_no_claims_are_ignored_for_a_reason() -> None:
    outcome = exchange({"scope": ["read:a", "read:b"]} | dict.fromkeys([*RESERVED, *NO_ADDRESSES], 1))
    assert effects(outcome) == ["The token has the scopes read:a, read:b."]
    assert ignored(outcome) == [
        *(f"{name} is ignored: {owner} is Auth0's own." for name, owner in RESERVED.items()),
        *(f"{name} {NOT_AN_ADDRESS}" for name in NO_ADDRESSES),
    ]


def test_claims_count_without_scopes_too() -> None:
    outcome = exchange({"https://acme.example/a": 1, "other": 2})
    assert effects(outcome) == [NO_SCOPES, "Claims added: https://acme.example/a."]
    assert ignored(outcome) == [f"other {NOT_AN_ADDRESS}"]


REFUSALS = {
    "new InvalidScopeError('why')": "invalid_scope (HTTP 400)",
    "new InvalidRequestError('why')": "invalid_request (HTTP 400)",
    "new ServerError('why')": "server_error (HTTP 500)",
    "new Error('why')": "server_error (HTTP 500)",
    "new ExtensibilityUserError('why')": "server_error (HTTP 500)",
    "new (class TooBig extends InvalidRequestError {})('why')": "server_error (HTTP 500)",
    "Object.assign(new Error('why'), { statusCode: 403 })": "server_error (HTTP 500)",
    "'why'": "server_error (HTTP 500)",
    "{ message: 'why', name: 'InvalidScopeError' }": "server_error (HTTP 500)",
}


@pytest.mark.parametrize(("error", "answer"), REFUSALS.items(), ids=REFUSALS)
def test_an_error_is_the_answer_of_the_token_endpoint(error: str, answer: str) -> None:
    outcome = call(f"cb({error}, {{ scope: ['dropped'] }});")
    assert effects(outcome) == [f"Denied with {answer}: why"]
    assert ignored(outcome) == []


def sign_up(result: Any) -> Outcome:
    """What comes of a result of pre-user-registration."""
    return call(f"cb(null, {json.dumps(result)});", PRE)


def other(name: str) -> str:
    """What is said of a property that does not count."""
    return f"{name} is ignored: only user_metadata and app_metadata of user are used."


def test_metadata_is_added_to_a_new_user() -> None:
    outcome = sign_up({"user": {"app_metadata": {"plan": "free", "a": {"b.c": 1}}, "user_metadata": {"hobby": None}}})
    assert effects(outcome) == ["The user is created.", "user_metadata added: hobby.", "app_metadata added: plan, a."]
    assert ignored(outcome) == []


@pytest.mark.parametrize("result", [{}, {"user": {}}, {"user": {"user_metadata": {}, "app_metadata": {}}}, False])
def test_a_user_is_created_without_metadata(result: Any) -> None:
    outcome = sign_up(result)
    assert effects(outcome) == ["The user is created."]
    assert ignored(outcome) == []


def test_names_of_metadata_have_no_dot_and_no_dollar_before_them() -> None:
    metadata = {"a.b": 1, "$set": 1, "good": 1, "in$ide": 1, ".": 1}
    outcome = sign_up({"user": {"user_metadata": metadata, "app_metadata": {"x.y": 1}}})
    assert effects(outcome) == ["The user is created.", "user_metadata added: good, in$ide."]
    assert ignored(outcome) == [
        f"{name} is invalid: a name has no dot and does not start with $."
        for name in ("user_metadata.a.b", "user_metadata.$set", "user_metadata..", "app_metadata.x.y")
    ]


def test_other_properties_of_a_new_user_are_ignored() -> None:
    outcome = sign_up({"user": {"name": "Dana", "email": "x", "app_metadata": {"a": 1}}, "app_metadata": {"b": 1}})
    assert effects(outcome) == ["The user is created.", "app_metadata added: a."]
    assert ignored(outcome) == [other("user.name"), other("user.email"), other("app_metadata")]
    assert ignored(sign_up({"user": "text"})) == [other("user")]


def test_a_text_for_the_log_and_one_for_the_person_refuse_a_sign_up() -> None:
    outcome = call("cb(new PreUserRegistrationError('domain of dana', 'Use your work address.'));", PRE)
    assert effects(outcome) == [
        "The sign-up is refused.",
        "Tenant log: domain of dana",
        "Shown to the user (New Universal Login): Use your work address.",
    ]
    assert ignored(outcome) == []
    outcome = call("cb(new PreUserRegistrationError('both'));", PRE)
    assert effects(outcome)[-1] == "Shown to the user (New Universal Login): both"


@pytest.mark.parametrize("error", ["new Error('x')", "'x'", "new ExtensibilityUserError('x')"])
def test_the_message_of_another_error_reaches_nobody(error: str) -> None:
    outcome = call(f"cb({error});", PRE)
    assert effects(outcome) == ["The sign-up is refused."]
    assert ignored(outcome) == ["Nobody sees the message: only that of a PreUserRegistrationError is shown."]


CREATED, CHANGED = "The user was created before", "The password was changed before"
LOG = "The failure becomes an entry of the tenant log"
AFTERWARDS = {
    POST: (f"{CREATED}. The result is ignored.", f"{CREATED} and stays. {LOG} (fpurh)."),
    PASSWORD: (f"{CHANGED}. The result is ignored.", f"{CHANGED} and stays so. {LOG}."),
    PHONE: ("The message counts as sent. The result has no documented effect.", "The message counts as not sent."),
}


@pytest.mark.parametrize(("trigger", "ok", "failed"), [(trigger, *texts) for trigger, texts in AFTERWARDS.items()])
def test_points_whose_result_changes_nothing(trigger: str, ok: str, failed: str) -> None:
    special = "SendPhoneMessageError" if trigger == PHONE else "PreUserRegistrationError"
    assert effects(call("cb(null, { user: { app_metadata: { a: 1 } } });", trigger)) == [ok]
    assert effects(call(f"cb(new {special}('x', 'y'));", trigger)) == [failed]
    assert ignored(call("cb(null, { 'https://acme.example/a': 1 });", trigger)) == []


NO_ANSWER = {
    EXCHANGE: "No token is issued. What the token endpoint answers then is not documented.",
    PRE: "The user is not created.",
} | {trigger: failed for trigger, (_, failed) in AFTERWARDS.items()}


@pytest.mark.parametrize("trigger", ALL)
def test_a_run_without_an_answer(trigger: str) -> None:
    assert effects(run("not a script", trigger)) == [NO_ANSWER[trigger]]
    assert effects(call("cb();", trigger, "42")) == [NO_ANSWER[trigger]]
    assert effects(call("throw new Error('x');", trigger)) == [NO_ANSWER[trigger]]
    assert effects(call("", trigger)) == [NO_ANSWER[trigger]]


@pytest.mark.parametrize("trigger", REGISTRATION)
def test_what_goes_wrong_after_the_answer_does_not_change_its_meaning(trigger: str) -> None:
    outcome = call("cb(null, {}); throw new Error('x');", trigger)
    assert outcome.warnings == ["After the answer: x"]
    assert outcome.meaning == call("cb();", trigger).meaning


def test_of_very_many_sentences_the_first_are_said() -> None:
    outcome = call(
        "const r = { scope }; for (let i = 0; i < 9000; i++) r['https://a.example/' + i] = r['n' + i] = 1; cb(null, r);"
    )
    assert len(outcome.meaning) == 101
    assert outcome.meaning[-1].text == "And 8902 more like these."
    assert outcome.meaning[-1].ignored


@pytest.mark.parametrize(
    "body",
    [
        "fetch('https://crm.example/').then(() => cb(), cb);",
        "fetch('https://crm.example/').catch((error) => cb(new Error('The CRM: ' + error.message)));",
        "fetch('https://crm.example/').catch((error) => cb(Object.assign(error, { self: error })));",
        "require('fs').readFileSync('/etc/passwd');",
    ],
)
def test_what_the_runner_does_not_allow_is_neither_the_hooks_nor_auth0s_doing(body: str) -> None:
    outcome = call(body, PRE)
    assert outcome.ending == Ending.DENIED
    assert summary_of(outcome, PRE).startswith("Not allowed here: ")
    assert "The Runner denies " in summary_of(outcome, PRE)
    (effect,) = outcome.meaning
    assert effect.text.endswith("what the hook would answer at Auth0 is not known.")
    assert label_of(outcome.ending, PRE) == "Not allowed here"


def test_a_denial_that_the_hook_lived_with_is_told_beside_its_answer() -> None:
    body = "fetch('https://crm.example/').catch((error) => { console.log(error.message); cb(null, {}); });"
    outcome = call(body, PRE)
    assert outcome.ok
    assert any("its answer may differ" in warning for warning in outcome.warnings)


def test_a_post_hook_refuses_nothing() -> None:
    body = "cb(new Error('no'));"
    after = call(body, POST)
    assert summary_of(after, POST) == "The hook called back with an error: no."
    assert label_of(after.ending, POST) == "Called back with an error"
    before = call(body, PRE)
    assert summary_of(before, PRE) == "The hook refused: no."
    assert label_of(before.ending, PRE) == "Refused by the hook"


def test_of_a_run_that_was_stopped_nothing_is_known() -> None:
    stop = threading.Event()
    stop.set()
    *_, end = calling.run(calling.Job("module.exports = () => {};", PRE, catalogue.points()[PRE].sample), stop)
    (effect,) = end["outcome"].meaning
    assert effect.text == "The run was stopped: what the hook would answer at Auth0 is not known."
