"""Special classes of errors, what is reported of an error, exceptions and their places (sections 3 and 5)."""

from typing import Any

import pytest

from hooksui.runner.outcome import Ending, Outcome
from tests.runner.calling import (
    ALL,
    ASYNCHRONOUS,
    EXCHANGE,
    NO_ANSWER,
    PHONE,
    POST,
    REGISTRATION,
    SYNCHRONOUS,
    call,
    error_of,
    printed,
    result_of,
    run,
)

SPECIAL = {
    EXCHANGE: ["InvalidRequestError", "InvalidScopeError", "ServerError"],
    PHONE: ["SendPhoneMessageError"],
} | {trigger: ["PreUserRegistrationError"] for trigger in REGISTRATION}
ANYWHERE = sorted({name for names in SPECIAL.values() for name in names})
EACH = [(trigger, name) for trigger in ALL for name in SPECIAL[trigger]]


@pytest.mark.parametrize("trigger", ALL)
def test_each_point_has_its_own_classes_of_errors(trigger: str) -> None:
    tests = ", ".join(f"{name}: typeof {name}" for name in ANYWHERE)
    body = f"cb(null, {{ {tests}, global: typeof globalThis.ExtensibilityUserError }});"
    known = {name: "function" if name in SPECIAL[trigger] else "undefined" for name in ANYWHERE}
    assert result_of(call(body, trigger)) == {**known, "global": "undefined"}


@pytest.mark.parametrize(("trigger", "name"), EACH)
def test_a_special_error_is_known_by_its_name(trigger: str, name: str) -> None:
    outcome = call(
        f"const error = new {name}('for the log', 'for the person');"
        "console.log(error instanceof Error, error instanceof ExtensibilityUserError, Object.keys(error));"
        "cb(error);",
        trigger,
    )
    error = error_of(outcome)
    assert outcome.ending == Ending.ERROR
    assert (error["name"], error["message"], error["statusCode"], error["code"]) == (name, "for the log", 500, None)
    assert error.get("friendlyMessage") == (None if trigger == EXCHANGE else "for the person")
    own = "[ 'name' ]" if trigger == EXCHANGE else "[ 'name', 'friendlyMessage' ]"
    assert printed(outcome) == [f"true true {own}"]


@pytest.mark.parametrize(("trigger", "name"), [each for each in EACH if each[0] != EXCHANGE])
def test_the_text_for_the_log_is_the_one_for_the_person_too(trigger: str, name: str) -> None:
    assert error_of(call(f"cb(new {name}('both'));", trigger))["friendlyMessage"] == "both"
    assert error_of(call(f"cb(new {name}('both', ''));", trigger))["friendlyMessage"] == "both"


@pytest.mark.parametrize("trigger", ALL)
def test_the_base_class_is_named_too_and_so_is_a_class_below_it(trigger: str) -> None:
    error = error_of(call("cb(new ExtensibilityUserError('m', 'not taken'));", trigger))
    assert (error["name"], error["message"]) == ("ExtensibilityUserError", "m")
    assert "friendlyMessage" not in error
    below = f"class TooBig extends {SPECIAL[trigger][0]} {{}} cb(new TooBig('m'));"
    assert error_of(call(below, trigger))["name"] == "TooBig"


MEMBERS = {
    "statusCode": 404,
    "code": "E_CODE",
    "errno": -2,
    "error": "invalid",
    "error_description": "it is",
    "data": {"list": [1, None]},
    "friendlyMessage": "sorry",
}


def test_an_error_is_told_with_these_members_and_no_other() -> None:
    values = """{ statusCode: 404, code: 'E_CODE', errno: -2, error: 'invalid', error_description: 'it is',
        data: { list: [1, undefined] }, friendlyMessage: 'sorry', own: 1, response: {} }"""
    error = error_of(call(f"cb(Object.assign(new RangeError('m'), {values}));"))
    place = {"line": 1, "column": 85, "stack": "RangeError: m\n    at module.exports (hook.js:1:85)"}
    assert error == {"name": "RangeError", "message": "m", **MEMBERS, **place}


def test_members_of_an_error_that_are_falsy_are_not_told() -> None:
    values = """{ statusCode: 0, code: '', errno: 0, error: null, error_description: '', data: 0, friendlyMessage: '',
        name: 'Renamed' }"""
    error = error_of(call(f"cb(Object.assign(new Error(''), {values}));"))
    assert set(error) == {"name", "message", "statusCode", "code", "stack", "line", "column"}
    assert (error["name"], error["message"], error["statusCode"], error["code"]) == ("Renamed", "", 500, None)


THROWN = [
    ("new TypeError('x')", "TypeError", "x"),
    ("'text'", "Error", "text"),
    ("undefined", "Error", "undefined"),
    ("Object.assign(new Error('no name'), { name: Object.create(null) })", "[object Object]", "no name"),
    ("Object.assign(new Error('with more'), { data: 1n })", "Error", "with more"),
    ("{ message: 'not taken' }", "Error", "[object Object]"),
    ("Object.create(null)", "Error", "[object Object]"),
    ("Symbol('s')", "Error", "Symbol(s)"),
    ("new InvalidScopeError('not passed')", "InvalidScopeError", "not passed"),
]
# A busy machine may take a while to come back to the rejection; the run ends with it.
LATER = ["setTimeout(() => { throw thrown; }, 0);", "Promise.reject(thrown); setTimeout(cb, 5000);"]


@pytest.mark.parametrize(
    ("how", "kind", "thrown", "name", "message"),
    [("throw thrown;", SYNCHRONOUS, *each) for each in THROWN]
    + [(how, ASYNCHRONOUS, *each) for how in LATER for each in THROWN[:5]],
)
def test_an_exception_that_nobody_handles(how: str, kind: str, thrown: str, name: str, message: str) -> None:
    outcome = call(f"const thrown = {thrown}; {how}")
    error = error_of(outcome)
    assert outcome.ending == Ending.EXCEPTION
    assert (error["kind"], error["name"], error["message"]) == (kind, name, message)
    assert (error["statusCode"], error["code"]) == (500, None)
    assert not outcome.timed_out
    assert outcome.warnings == []


@pytest.mark.parametrize(
    "how",
    [
        "process.nextTick(() => { throw error; });",
        "setImmediate(() => { throw error; });",
        "queueMicrotask(() => { throw error; });",
        "new (require('events'))().emit('error', error);",
        "require('zlib').gzip('text', () => { throw error; });",
        "(async () => { await null; throw error; })();",
        "Promise.resolve().then(() => { throw error; });",
    ],
)
def test_wherever_an_exception_comes_from_its_members_are_told(how: str) -> None:
    members = "{ code: 'E_X', statusCode: 418, data: [1] }"
    error = error_of(call(f"const error = Object.assign(new Error('x'), {members}); {how} setTimeout(cb, 5000);"))
    assert (error["message"], error["code"], error["statusCode"], error["data"]) == ("x", "E_X", 418, [1])
    assert error["kind"] == (SYNCHRONOUS if "emit" in how else ASYNCHRONOUS)


def test_an_exception_or_rejection_that_is_handled_is_none() -> None:
    body = """try { throw new Error('caught'); } catch {}
        const rejected = Promise.reject(new Error('caught later'));
        rejected.catch(() => setTimeout(() => cb(null, 'fine'), 0));"""
    outcome = call(body)
    assert result_of(outcome) == "fine"
    assert outcome.warnings == []


def test_an_async_hook_that_rejects_is_told_at_once() -> None:
    script = "module.exports = async function (a, b, c, d, cb) {\n  throw new TypeError('x');\n};"
    outcome = run(script)
    error = error_of(outcome)
    assert (error["kind"], error["name"], error["line"], error["column"]) == (ASYNCHRONOUS, "TypeError", 2, 9)
    assert not outcome.timed_out


@pytest.mark.parametrize(
    "body", ["", "return { scope };", "await null; return 'result';", "await new Promise(() => {});"]
)
def test_a_hook_that_never_calls_back_times_out(body: str) -> None:
    outcome = run(f"module.exports = async (client, scope, audience, context, cb) => {{ {body} }};")
    assert outcome.ending == Ending.NO_CALLBACK
    assert outcome.timed_out
    assert error_of(outcome) == {"name": "Error", "message": NO_ANSWER, "statusCode": 500, "code": None, "stack": ""}


def warned(outcome: Outcome) -> list[str]:
    """The warnings of a run whose answer is `1`."""
    assert result_of(outcome) == 1
    assert outcome.ending == Ending.OK
    return outcome.warnings


def test_what_goes_wrong_after_the_answer_is_a_warning() -> None:
    assert warned(call("cb(null, 1); throw new Error('x');")) == ["After the answer: x"]
    assert warned(call("cb(null, 1); setTimeout(() => { throw 'later'; }, 0);")) == ["After the answer: later"]
    assert warned(call("cb(null, 1); Promise.reject(new Error('rejected'));")) == ["After the answer: rejected"]
    several = "cb(null, 1); for (const i of [1, 2]) setTimeout(() => { throw i; }, 0); cb(); throw 0;"
    assert warned(call(several)) == [
        "The hook called back again. The first answer stands.",
        "After the answer: 0",
        "After the answer: 1",
        "After the answer: 2",
    ]


def test_an_error_that_was_passed_stands_when_the_hook_throws() -> None:
    outcome = call("cb(new Error('passed')); throw new Error('thrown');")
    error = error_of(outcome)
    assert error["message"] == "passed"
    assert "kind" not in error
    assert outcome.warnings == ["After the answer: thrown"]


def test_work_goes_on_after_the_answer() -> None:
    body = "cb(null, 'answer'); setTimeout(() => console.log('done'), 20);"
    outcome = call(body, POST)
    assert result_of(outcome) == "answer"
    assert printed(outcome) == ["done"]
    assert outcome.warnings == []


PLACES: dict[str, tuple[str, int, int]] = {
    "first line": ("module.exports = (a, b, c, d, cb) => { throw new Error('x'); };", 1, 46),
    "passed": ("module.exports = (a, b, c, d, cb) => cb(new Error('x'));", 1, 41),
    "further down": ("module.exports = (a, b, c, d, cb) => {\n\n    throw new Error('x');\n};", 3, 11),
    "Windows lines": ("module.exports = (a, b, c, d, cb) => {\r\n  throw new Error('x');\r\n};", 2, 9),
    "special error": ("\nmodule.exports = (a, b, c, d, cb) =>\n cb(new ServerError('x'));", 3, 5),
    "special error in line 1": ("module.exports = (a, b, c, d, cb) => cb(new InvalidScopeError('x'));", 1, 41),
    "in a function": (
        "module.exports = (a, b, c, d, cb) => {\n  inner();\n};\nfunction inner() {\n  null.x;\n}",
        5,
        8,
    ),
    "in a module of Node": ("module.exports = (a, b, c, d, cb) => {\n  require('path').join(1);\n};", 2, 19),
    "later": ("module.exports = () => {\n  setTimeout(() => {\n    throw new Error('x');\n  }, 0);\n};", 3, 11),
    "rejected": ("module.exports = () => {\n  Promise.reject(new Error('x'));\n};", 2, 18),
}


@pytest.mark.parametrize(("script", "line", "column"), PLACES.values(), ids=PLACES)
def test_places_are_those_of_the_editor(script: str, line: int, column: int) -> None:
    error: dict[str, Any] = error_of(run(script))
    assert (error["line"], error["column"]) == (line, column)
    first, *frames = error["stack"].split("\n")
    assert first.endswith(f": {error['message']}") or "TypeError" in first
    assert f"hook.js:{line}:{column}" in frames[0]
    assert all(frame.startswith("    at ") and "hook.js:" in frame for frame in frames)


def test_what_is_no_error_has_no_place() -> None:
    error = error_of(call("throw 'text';"))
    assert error["stack"] == "Error: text"
    assert "line" not in error
