"""What is read of scripts without running them."""

import os
import signal

import pytest

from hooksui.deno import process, reader
from hooksui.deno.reader import Fault, Reading, read

PRE = "pre-user-registration"
GOOD = "module.exports = function (user, context, cb) {\n  cb(null, { user });\n};\n"


def one(script: str, trigger: str = PRE) -> Reading:
    """The reading of `script`."""
    (reading,) = read([script], trigger)
    return reading


@pytest.mark.parametrize(
    ("script", "message", "line"),
    [
        ("function f() {\n  await g();\n}", "await is only valid in async functions", 2),
        ("let a;\nlet a;", "Identifier 'a' has already been declared", 2),
        ("\n\nbreak;", "break outside of a loop", 3),
        ("continue", "continue outside of a loop", 1),
        ("let a = 1;\nif (/(ab/.test(a)) {}", "Invalid regular expression: /(ab/: Unterminated group", 2),
        ("const a = 1;\nclass PreUserRegistrationError extends Error {}", "Identifier 'PreUserRegistrationError'", 2),
        ("class ExtensibilityUserError {}", "Identifier 'ExtensibilityUserError' has already been declared", 1),
        ("const module = 1", "Identifier 'module' has already been declared", 1),
        ("export default function () {}", "hooks are CommonJS modules", 1),
        ("import a from 'a'", "hooks are CommonJS modules", 1),
        ("module.exports = () => {\n  if (a) {\n};\n", "Unexpected end of the script", 4),
        ("}); (function () {", "Unexpected token '}'", 1),
        ("let x = `\r\n`;\r\nlet y = ;", "Unexpected token", 3),
        ("`" + "\\" * 3, "Unterminated template", 1),
    ],
)
def test_what_does_not_compile_is_told_with_its_line(script: str, message: str, line: int) -> None:
    fault = one(script).fault
    assert fault
    assert message in fault.message
    assert fault.line == line


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("function hook() {}", "nothing is assigned to module.exports"),
        ("exports = function () {}", "exports is set, which changes nothing; set module.exports"),
        ("module.export = function () {}", "module.export is set where module.exports is meant"),
        ("exports.hook = function () {}", "exports is an object"),
        ("module.exports.hook = function () {}", "exports is an object"),
        ("module.exports = {\n hook() {} }", "module.exports is an object"),
        ("module.exports = 1", "module.exports is a plain value"),
        ("module.exports = []", "module.exports is a list"),
    ],
)
def test_what_certainly_exports_no_function_is_told(script: str, message: str) -> None:
    assert one(script).no_export == Fault(message, 1)


@pytest.mark.parametrize(
    "script",
    [
        GOOD,
        "module.exports = async () => {}",
        "'use strict';\nconst f = () => {};\nmodule.exports = f;",
        "module.exports = f; function f() {}",
        "let f = () => {}; module.exports = f;",
        "module.exports = exports = function () {}",
        "exports = module.exports = function () {}",
        "module['exports'] = function () {}",
        "if (x) module.exports = 1;",
        "module.exports = require('./x')",
        "module.exports = wrap(() => {})",
        "return function () {};",
        "Object.assign(module, { exports: () => {} })",
        "(function (module) { module.exports = 1; })(module)",
        "module.exports = class {}",
        "\ufeffmodule.exports = () => {}",
        "a?.b; x = 1_000n; class Q { #p; static {} } module.exports = () => {}",
        "module.exports = () => { const { user } = await1; label: for (;;) break label; }",
        "(" * 20_000,
    ],
)
def test_nothing_is_said_against_what_may_be_right(script: str) -> None:
    assert one(script).fault is None


def test_a_class_of_another_point_may_be_declared() -> None:
    script = "class PreUserRegistrationError {}\nmodule.exports = () => {};"
    assert one(script, "send-phone-message").fault is None


def test_many_scripts_are_read_in_their_order() -> None:
    readings = read([f"{GOOD}require('module-{number}')" for number in range(200)], PRE)
    assert [reading.modules for reading in readings] == [(f"module-{number}",) for number in range(200)]
    assert read([]) == []


def test_a_process_that_was_ended_is_started_anew() -> None:
    assert one("require('a')").modules == ("a",)
    pid = reader.dialogue().pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert one("require('a')").modules == ("a",)


def test_nothing_is_known_without_deno(monkeypatch: pytest.MonkeyPatch) -> None:
    reader.dialogue().end()
    monkeypatch.setattr(process, "find_deno_bin", lambda: "/nonexistent/deno")
    assert one("let a; let a;") == Reading()


@pytest.mark.parametrize("piece", ["`\\", "'\\", "=/[\\", "(", "${`", "a.", '"', "a=b+", "/*", "require('x');"])
def test_hostile_scripts_are_read_like_any_other(piece: str) -> None:
    # The time is bounded by a row of the benchmarks.
    read([piece * (100_000 // len(piece))], PRE)
