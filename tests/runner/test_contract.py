"""The order of a run, what does not compile, the callback, and what becomes of a result (sections 2, 3 and 5)."""

from typing import Any

import pytest

from hooksui.runner.outcome import Ending
from tests.runner.calling import ALL, EXCHANGE, PHONE, REGISTRATION, call, error_of, printed, result_of, run

UNABLE = "Unable to compile the extensibility code as javascript"
NO_FUNCTION = "Supplied code must return or export a function."
ESM = " (ECMAScript module syntax; hooks are CommonJS modules)"


def test_a_script_is_loaded_once_before_its_hook_is_called() -> None:
    outcome = run(
        "console.log('loaded'); let calls = 0;\n"
        "module.exports = (a, b, c, d, cb) => { calls += 1; console.log('called'); cb(null, { calls }); };\n"
        "console.log('to the end');"
    )
    assert outcome.ending == Ending.OK
    assert result_of(outcome) == {"calls": 1}
    assert printed(outcome) == ["loaded", "to the end", "called"]


def test_a_script_that_does_not_compile_is_told_before_the_payload_is_looked_at() -> None:
    outcome = run("console.log('loading'); throw new Error('no');", payload="42")
    assert outcome.ending == Ending.NOT_COMPILED
    assert error_of(outcome)["message"] == UNABLE
    assert printed(outcome) == ["loading"]


def test_a_hook_is_not_called_with_a_refused_payload() -> None:
    script = "console.log('loaded'); module.exports = (a, b, c, d, cb) => { console.log('called'); cb(); };"
    outcome = run(script, payload="42")
    assert outcome.ending == Ending.REFUSED
    assert printed(outcome) == ["loaded"]
    assert error_of(outcome) == {
        "name": "Error",
        "message": "Body received by extensibility point is not an object",
        "statusCode": 500,
        "code": None,
        "stack": "",
    }


def test_what_a_hook_returns_is_ignored() -> None:
    assert result_of(call("setTimeout(() => cb(null, 'called back'), 0); return 'returned';")) == "called back"
    assert result_of(call("setTimeout(() => cb(null, 'called back'), 0); return Promise.resolve(1);")) == "called back"


NOT_COMPILING = {
    "syntax": ("let x = ;", "Unexpected token ';'", None, (1, 9)),
    "syntax further down": ("\n\n  let x = ;\n", "Unexpected token ';'", None, (3, 11)),
    "syntax after a BOM": ("\ufefflet x = ;", "Unexpected token ';'", None, (1, 9)),
    "not closed": ("module.exports = () => {\n  (\n};", "Unexpected token '}'", None, (3, 1)),
    "closing what is around it": ("} {", "Unexpected token '}'", None, (1, 1)),
    "await": ("await 1;", "await is only valid in async functions and the top level bodies of modules", None, (1, 1)),
    "throw": ("let ok; throw new Error('no start');", "no start", None, (1, 15)),
    "throw with a code": (
        "\n  throw Object.assign(new TypeError('no'), { code: 'E_NO' });",
        "no",
        "E_NO",
        (2, 23),
    ),
    "throw a text": ("throw 'no start';", "no start", None, None),
    "throw null": ("throw null;", "null", None, None),
    "missing module": ("\nrequire('left-pad');", "Cannot find module 'left-pad'", "MODULE_NOT_FOUND", (2, 1)),
    "export": ("\n export default () => {};", f"Unexpected token 'export'{ESM}", None, (2, 2)),
    "import": ("import x from 'x';", f"Cannot use import statement outside a module{ESM}", None, (1, 1)),
    "import.meta": ("let x = import.meta;", f"Cannot use 'import.meta' outside a module{ESM}", None, (1, 16)),
    "nothing exported": ("function hook() {}", NO_FUNCTION, None, None),
    "empty": ("", NO_FUNCTION, None, None),
    "an object exported": ("module.exports = { hook() {} };", NO_FUNCTION, None, None),
    "exports overwritten": ("exports = () => {};", NO_FUNCTION, None, None),
    "a member exported": ("exports.hook = () => {};", NO_FUNCTION, None, None),
    "something else returned": ("return 'hook';", NO_FUNCTION, None, None),
}


@pytest.mark.parametrize(("script", "description", "code", "place"), NOT_COMPILING.values(), ids=NOT_COMPILING)
def test_what_does_not_compile(script: str, description: str, code: str | None, place: tuple[int, int] | None) -> None:
    outcome = run(script)
    error = error_of(outcome)
    assert outcome.ending == Ending.NOT_COMPILED
    assert not outcome.timed_out
    assert (error["name"], error["message"], error["statusCode"]) == ("Error", UNABLE, 500)
    assert (error["error_description"], error["code"]) == (description, code)
    assert (error.get("line"), error.get("column")) == (place or (None, None))
    assert "kind" not in error


def test_a_function_may_be_exported_in_two_ways_or_returned() -> None:
    assert result_of(run("return (a, b, c, d, cb) => cb(null, 'returned');")) == "returned"
    assert result_of(run("module.exports = (a, b, c, d, cb) => cb(null, this === exports);")) is True
    assert result_of(run("module['exports'] = async (a, b, c, d, cb) => cb(null, 'async');")) == "async"


DECLARATIONS = ["class {} {{}}", "let {};", "const {} = 1;", "var {};", "function {}() {{}}"]
NAMES = {
    EXCHANGE: ["ServerError", "InvalidScopeError", "InvalidRequestError", "ExtensibilityUserError"],
    PHONE: ["SendPhoneMessageError", "ExtensibilityUserError"],
} | {trigger: ["PreUserRegistrationError", "ExtensibilityUserError"] for trigger in REGISTRATION}


@pytest.mark.parametrize(
    ("trigger", "name", "declaration"),
    [(trigger, name, DECLARATIONS[0]) for trigger in ALL for name in NAMES[trigger]]
    + [(EXCHANGE, "ServerError", declaration) for declaration in DECLARATIONS[1:]],
)
def test_names_of_special_errors_are_taken_at_the_top_level(trigger: str, name: str, declaration: str) -> None:
    error = error_of(run(f"\n{declaration.format(name)}\nmodule.exports = () => {{}};", trigger))
    assert error["message"] == UNABLE
    assert error["error_description"] == f"Identifier '{name}' has already been declared"
    assert error["line"] == 2


def test_names_of_special_errors_are_free_inside_a_function_and_at_other_points() -> None:
    body = "class ServerError extends Error {} function InvalidScopeError() {} cb(new ServerError('own'));"
    assert error_of(call(body))["name"] == "Error"
    script = "class ServerError {} const InvalidScopeError = 1; module.exports = (a, b, cb) => cb(null, 'fine');"
    assert result_of(run(script, REGISTRATION[0])) == "fine"


def test_strict_mode_has_an_effect_inside_a_function_alone() -> None:
    script = """'use strict';
        undeclared = 1;
        const strict = () => { 'use strict'; try { other = 1; } catch (error) { return error.message; } };
        module.exports = (a, b, c, d, cb) => cb(null, [undeclared, strict()]);"""
    assert result_of(run(script)) == [1, "other is not defined"]


@pytest.mark.parametrize("error", ["''", "0", "false", "null", "undefined", "NaN", "0n"])
def test_what_is_false_is_no_error(error: str) -> None:
    assert result_of(call(f"cb({error}, 'result');")) == "result"


WRAPPED = {
    "'x'": "x",
    "42": "42",
    "true": "true",
    "{}": "[object Object]",
    "['a', 'b']": "a,b",
    "[]": "Unknown error",
    "{ message: 'm', code: 'E', statusCode: 404, data: 1, friendlyMessage: 'f', name: 'N' }": "m",
    "{ message: '' }": "[object Object]",
    "{ toString: () => 'own' }": "own",
    "Symbol('s')": "Symbol(s)",
    "require('vm').runInNewContext('Object.assign(new TypeError(\"far\"), { code: 1 })')": "far",
}


@pytest.mark.parametrize(("value", "message"), WRAPPED.items(), ids=WRAPPED)
def test_an_error_that_is_none_is_replaced_by_one_with_its_text(value: str, message: str) -> None:
    outcome = call(f"cb({value}, 'dropped');")
    assert outcome.ending == Ending.ERROR
    assert error_of(outcome) == {
        "name": "Error",
        "message": message,
        "statusCode": 500,
        "code": None,
        "stack": f"Error: {message}",
    }


def test_what_has_no_text_cannot_be_an_error() -> None:
    body = "try { cb(Object.create(null)); } catch (error) { cb(null, error.message); }"
    assert result_of(call(body)) == "Cannot convert object to primitive value"


def test_a_result_beside_an_error_and_a_third_argument_are_dropped() -> None:
    outcome = call("cb(new Error('x'), { scope: [] });")
    assert error_of(outcome)["message"] == "x"
    assert result_of(call("cb(null, 'second', 'third');")) == "second"


@pytest.mark.parametrize("again", ["null, 2", "new Error('again')"])
def test_the_first_call_is_the_answer_and_another_one_a_warning(again: str) -> None:
    outcome = call(f"cb(null, 1); console.log(String(cb({again}))); cb(null, 3);")
    assert result_of(outcome) == 1
    assert outcome.warnings == ["The hook called back again. The first answer stands."]
    assert printed(outcome) == ["undefined"]


def test_a_first_call_with_an_error_stands_too() -> None:
    outcome = call("cb(new Error('first')); cb(null, 2);")
    assert error_of(outcome)["message"] == "first"
    assert outcome.warnings == ["The hook called back again. The first answer stands."]


def test_a_result_is_what_json_makes_of_it_at_the_time_of_the_call() -> None:
    values = """const result = { gone: undefined, func() {}, symbol: Symbol(), nan: NaN, infinite: -Infinity,
        date: new Date(0), own: { toJSON: () => 'as text' }, list: [undefined, () => 1, NaN], map: new Map([[1, 2]]),
        text: 'é\\u2028😀', half: '\\ud83d', deep: { a: [{ b: null }] } };
        cb(null, result); result.late = 1;"""
    assert result_of(call(values)) == {
        "nan": None,
        "infinite": None,
        "date": "1970-01-01T00:00:00.000Z",
        "own": "as text",
        "list": [None, None, None],
        "map": {},
        "text": "é\u2028😀",
        "half": "?",
        "deep": {"a": [{"b": None}]},
    }


@pytest.mark.parametrize(
    ("value", "result"), [("'text'", "text"), ("[1]", [1]), ("true", True), ("new Date(NaN)", None), ("() => 1", None)]
)
def test_a_result_need_not_be_an_object(value: str, result: Any) -> None:
    assert result_of(call(f"cb(null, {value});")) == result


@pytest.mark.parametrize(
    "value", ["1n", "{ a: [2n] }", "(() => { const a = {}; a.a = a; return a; })()", "{ toJSON() { throw 'no'; } }"]
)
def test_a_result_that_is_no_json(value: str) -> None:
    error = error_of(call(f"cb(null, {value}); cb(null, 'too late');"))
    assert error["message"] == "Error when JSON serializing the result of the extension point"
    assert (error["name"], error["statusCode"], error["code"]) == ("Error", 500, None)


UNSENDABLE = {
    "{ data: 1n }": "Do not know how to serialize a BigInt",
    "{ code: 1n }": "Do not know how to serialize a BigInt",
    "{ request: { size: 1n } }": "Do not know how to serialize a BigInt",
    "{ data: { toJSON() { throw new Error('own reason'); } } }": "own reason",
}


@pytest.mark.parametrize(("members", "reason"), UNSENDABLE.items(), ids=UNSENDABLE)
def test_an_error_that_is_no_json(members: str, reason: str) -> None:
    outcome = call(f"\n  cb(Object.assign(new TypeError('x'), {members}));")
    assert outcome.ending == Ending.ERROR
    error = error_of(outcome)
    assert (error["name"], error["message"]) == ("Error", f"Error serializing error: {reason}")
    assert (error["statusCode"], error["code"], error["line"], error["column"]) == (500, None, 2, 20)
    assert "data" not in error


def test_an_error_with_a_cycle_is_no_json() -> None:
    error = error_of(call("const error = new Error('x'); error.response = { error }; cb(error);"))
    assert error["message"].startswith("Error serializing error: Converting circular structure to JSON")


@pytest.mark.parametrize("trigger", REGISTRATION)
@pytest.mark.parametrize("given", ["", "null, null", "null, 0", "null, false", "null, ''"])
def test_a_falsy_result_becomes_an_object_at_the_registration_points(trigger: str, given: str) -> None:
    assert result_of(call(f"cb({given});", trigger)) == {}


@pytest.mark.parametrize("trigger", [EXCHANGE, PHONE])
@pytest.mark.parametrize(
    ("given", "result"), [("", None), ("null, null", None), ("null, 0", 0), ("null, false", False), ("null, ''", "")]
)
def test_nothing_is_filled_in_at_the_other_points(trigger: str, given: str, result: Any) -> None:
    outcome = call(f"cb({given});", trigger)
    assert result_of(outcome) == result
    assert type(outcome.result) is type(result)


@pytest.mark.parametrize("trigger", ALL)
def test_a_result_stays_as_it_is(trigger: str) -> None:
    assert result_of(call("cb(null, { anything: [1, 'x'] });", trigger)) == {"anything": [1, "x"]}
