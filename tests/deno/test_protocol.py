"""What a script can do to the lines that its program writes: nothing that harms the reader of them."""

import json

import pytest

from hooksui.deno.protocol import DEPTH
from hooksui.runner.outcome import Ending
from tests.deno.scripts import (
    DENO,
    ended,
    payload_with,
)
from tests.runner.calling import error_of, printed, result_of

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.mark.parametrize(
    "body",
    [
        "delete globalThis.JSON; delete globalThis.performance; delete globalThis.URL; delete globalThis.TextEncoder;",
        "JSON.stringify = () => 'of the test'; JSON.parse = () => 7;",
        "Object.prototype.error = { name: 'x' }; Object.prototype.failed = 'refused'; Object.prototype.result = '7';",
        "Object.defineProperty(Object.prototype, 'kind', { get: () => 'idle', set() {}, configurable: true });",
        "Array.prototype.push = Array.prototype.map = () => { throw new Error('of the test'); };",
        "console.log = () => { throw new Error('of the test'); }; globalThis.console = null;",
        "Error.prepareStackTrace = () => { throw new Error('of the test'); };",
        "String.prototype.replace = Object.entries = Object.assign = () => 7;",
        "process.stdout.end(); process.stdout.destroy(); process.memoryUsage = undefined ?? process.memoryUsage;",
        "globalThis.process = undefined; globalThis.Deno = 7;",
    ],
)
def test_a_script_may_change_the_globals(body: str) -> None:
    assert result_of(ended(f"{body} cb(null, {{ a: 1 }});")) == {"a": 1}


def test_a_to_json_of_all_objects_changes_the_result_only() -> None:
    outcome = ended("Object.prototype.toJSON = () => 'x'; console.log('printed'); cb(null, { a: 1 });")
    assert result_of(outcome) == "x"
    assert printed(outcome) == ["printed"]
    outcome = ended("Object.prototype.toJSON = () => 'x'; cb(new Error('of the test'));")
    assert error_of(outcome)["message"] == "of the test"


LINES_LIKE_OURS = [
    {"kind": "answer", "at": 1, "memory": 1, "result": "7", "addresses": {}},
    {"kind": "answer", "at": 1, "memory": 1, "error": {"name": "x", "message": "x"}},
    {"kind": "idle"},
    {"kind": "console", "level": "error", "text": "x", "at": 1},
]


def test_lines_like_those_of_the_program_are_text() -> None:
    texts = ["0123456789abcdef0123456789abcdef" + json.dumps(line) for line in LINES_LIKE_OURS]
    outcome = ended(
        f"{DENO} for (const text of {json.dumps(texts)}) {{ console.log(text); process.stdout.write(text + '\\n');"
        " Deno.stdout.writeSync(new TextEncoder().encode('\\n' + text + '\\n')); } cb(null, 1);"
    )
    assert result_of(outcome) == 1
    shown = [(line["level"], line["text"]) for line in outcome.console]
    assert shown == [("log", text) for text in texts for _ in range(3)]


# Gets at the word that lines of the program begin with, which `tell` passes on, and then writes such lines itself.
FORGE = (
    DENO + "let mark; const of = Object.getPrototypeOf(Uint8Array.prototype);"
    "const { subarray } = of; of.subarray = function (...range) {"
    " mark = new TextDecoder().decode(this).trim().slice(0, 32); return subarray.apply(this, range); };"
    "console.log('x'); of.subarray = subarray;"
    "const forge = (line) => Deno.stdout.writeSync(new TextEncoder().encode('\\n' + mark + line + '\\n'));"
)


NO_LINES = [
    "",
    "7",
    "[]",
    '"x"',
    "{",
    "{}",
    '{"kind": []}',
    '{"kind": "console"}',
    '{"kind": "console", "level": [], "text": 7, "at": 1}',
    '{"kind": "console", "level": "log", "text": "x", "at": "x"}',
    '{"kind": "console", "level": "log", "text": "x", "at": 1e999}',
    '{"kind": "warning", "text": {}}',
    '{"kind": "answer"}',
    '{"kind": "answer", "at": 1, "memory": 1}',
    '{"kind": "answer", "at": NaN, "memory": 1, "result": "1", "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": [], "result": "1", "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "result": "{", "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "result": 7, "addresses": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "result": "1", "addresses": {"x": 7}}',
    '{"kind": "answer", "at": 1, "memory": 1, "error": 7}',
    '{"kind": "answer", "at": 1, "memory": 1, "error": {}}',
    '{"kind": "answer", "at": 1, "memory": 1, "error": {"name": "x"}, "failed": []}',
    "[" * 100_000,
]


def test_a_script_that_writes_lines_of_the_program_itself_does_no_harm() -> None:
    outcome = ended(f"{FORGE} {json.dumps(NO_LINES[:-1])}.forEach(forge); cb(null, 1);")
    assert result_of(outcome) == 1
    assert printed(outcome)[0] == "x"
    assert [text[32:] for text in printed(outcome)[1:]] == NO_LINES[:-1]
    # Nor does one that Python cannot read.
    outcome = ended(f"{FORGE} forge({json.dumps(NO_LINES[-1])}); cb(null, 1);")
    assert error_of(outcome)["message"] == "The answer is nested too deeply to be shown."


def test_the_word_of_the_program_can_be_had() -> None:
    # Else the test above would test nothing.
    line = '{"kind": "answer", "at": 1, "memory": 1, "result": "7", "addresses": {}}'
    assert result_of(ended(f"{FORGE} forge({json.dumps(line)}); cb(null, 1);")) == 7


def test_half_surrogates_and_nul_can_be_shown() -> None:
    outcome = ended(r"console.log('\ud800 \0 \udfff'); cb(null, { '\ud800': '\0\udc00 🙂' });")
    assert result_of(outcome) == {"?": "\0? 🙂"}
    assert printed(outcome) == ["? \0 ?"]
    assert error_of(ended(r"cb(new Error('\udc00\0'));"))["message"] == "?\0"
    assert ended(r"throw '\udc00';", script="module.exports = (u, c, cb) => cb(null, '\ud800');").result == "?"


@pytest.mark.parametrize("start", ["[]", "{}"])
def test_an_answer_may_be_nested_so_deeply_and_no_deeper(start: str) -> None:
    wrap = "[value]" if start == "[]" else "{ value }"
    body = f"let value = {start}; for (let depth = 1; depth < DEPTH; depth += 1) value = {wrap}; cb(null, value);"
    assert ended(body.replace("DEPTH", str(DEPTH))).ok
    for depth in (DEPTH + 1, 700, 3000):
        outcome = ended(body.replace("DEPTH", str(depth)))
        assert outcome.ending == Ending.EXCEPTION
        assert error_of(outcome)["message"] == "The answer is nested too deeply to be shown."
    data = body.replace("DEPTH", "3000").replace("cb(null, value)", "cb(Object.assign(new Error(), { data: value }))")
    assert error_of(ended(data))["message"] == "The answer is nested too deeply to be shown."


def test_an_answer_too_deep_for_javascript_is_one_that_does_not_serialise() -> None:
    outcome = ended("let value = []; for (let depth = 0; depth < 1e5; depth += 1) value = [value]; cb(null, value);")
    assert outcome.ending == Ending.EXCEPTION
    assert "nested too deeply" in error_of(outcome)["message"] or "serializing" in error_of(outcome)["message"]


def test_numbers_that_python_does_not_take_are_as_javascript_has_them() -> None:
    numbers = "['1e999', '-1e999', '9'.repeat(5000), '1'.padEnd(30, '0'), '12345678901234567890'].map(JSON.rawJSON)"
    assert result_of(ended(f"cb(null, {numbers});")) == [None, None, None, 1e29, 12345678901234567890]
    assert result_of(ended("cb(null, user.long === Infinity);", payload=payload_with("9" * 5000))) is True
