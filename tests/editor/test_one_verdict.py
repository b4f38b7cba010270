"""Whether a script compiles and exports a function: the editor, Save's reader and the engine say the same."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hooksui import catalogue
from hooksui.deno.reader import Reading, read
from tests.editor.service import look
from tests.node_tools import node

PRE = "pre-user-registration"
END = "module.exports = (user, context, cb) => cb();"
HEAD = "module.exports = function (user, context, cb) {\n  "
TAIL = "\n  cb();\n};"

COMPILE = [
    "",
    "// nothing yet\n",
    END,
    f"\ufeff{END}",
    f"'use strict';\nvar a = 017, public = 1;\n{END}",  # the platform's classes stand before it: no directive
    f"{HEAD}with (user) {{ email; }}{TAIL}",
    f"{HEAD}label: for (;;) {{ break label; }}{TAIL}",
    f"{HEAD}var let = 1, yield = 2, await = 3, async = 4, of = 5;{TAIL}",
    f"{HEAD}var a; var a; function a() {{}} function a() {{}}{TAIL}",
    f"{HEAD}class PreUserRegistrationError extends Error {{}}{TAIL}",
    f"{HEAD}return /(?<year>[0-9]{{4}})/u.test(user.email) && /a/dgimsuy;{TAIL}",
    f"{HEAD}return /[\\p{{L}}--[a-z]]/v.test(user.email);{TAIL}",
    f"{HEAD}user?.email ?? (user.username ||= `${{1_000n}}`);{TAIL}",
    f"{HEAD}import('fs').then(() => {{}});{TAIL}",
    f"function twice(a, a) {{ return a; }}\n{END}",
    f"var a = 1;\n<!-- as of old\n{END}",
    f"var a = 1;\n--> as of old\n{END}",
    f"class A {{ #p = 1; static {{ this.q = 1; }} static has(o) {{ return #p in o; }} }}\n{END}",
    f"if (typeof module !== 'undefined') {{ {END} }}",
    f"const {{ a, ...rest }} = {{}};\n{END}",
    f"async function* f() {{ for await (const a of []) yield a; }}\n{END}",
    f"{END}\nreturn;",
    "return function (user, context, cb) { cb(); };",
    f"try {{ null.a; }} catch {{}}\n{END}",
    f"new.target;\n{END}",
    f"arguments.length;\n{END}",
]
BROKEN = [
    (f"{HEAD}await cb();{TAIL}", "await is only valid in async functions"),
    (f"await 1;\n{END}", "await is only valid in async functions"),
    (f"for await (const a of []) {{}}\n{END}", "Unexpected token 'await'"),
    (f"{HEAD}[1].forEach((each) => {{ await each; }});{TAIL}", "await is only valid in async functions"),
    (f"let a;\nlet a;\n{END}", "Identifier 'a' has already been declared"),
    (f"const a = 1;\nvar a;\n{END}", "Identifier 'a' has already been declared"),
    (f"{HEAD}let user;{TAIL}", "Identifier 'user' has already been declared"),
    (f"{HEAD}const a;{TAIL}", "Unexpected token ';'"),
    (f"class ExtensibilityUserError {{}}\n{END}", "'ExtensibilityUserError' has already been declared by the platform"),
    (f"function PreUserRegistrationError() {{}}\n{END}", "has already been declared by the platform"),
    (f"var {{ PreUserRegistrationError }} = {{}};\n{END}", "has already been declared by the platform"),
    (f"const require = 1;\n{END}", "'require' has already been declared by the platform"),
    (f"let __dirname;\n{END}", "'__dirname' has already been declared by the platform"),
    (f"{HEAD}break;{TAIL}", "break outside of a loop"),
    (f"{HEAD}[1].forEach(() => {{ continue; }});{TAIL}", "continue outside of a loop"),
    (f"{HEAD}for (;;) {{ break nowhere; }}{TAIL}", "break outside of a loop"),
    (f"{HEAD}if (/(ab/.test(user.email)) return;{TAIL}", "Invalid regular expression"),
    (f"{HEAD}return /a/gg;{TAIL}", "regular expression flag"),
    (f"{HEAD}return /a/x;{TAIL}", "regular expression flag"),
    (f"{HEAD}return /(?<n>a)(?<n>b)/;{TAIL}", "Invalid regular expression"),
    (f"{HEAD}return /[z-a]/;{TAIL}", "Invalid regular expression"),
    ("export default function (user, context, cb) { cb(); }", "hooks are CommonJS modules"),
    (f"export const a = 1;\n{END}", "hooks are CommonJS modules"),
    (f"import fs from 'fs';\n{END}", "hooks are CommonJS modules"),
    (f"{HEAD}return import.meta.url;{TAIL}", "hooks are CommonJS modules"),
    (f"{HEAD}'use strict'; return 017;{TAIL}", "Invalid number"),
    (f"{HEAD}'use strict'; with (user) {{}}{TAIL}", "'with' in strict mode"),
    (f"class A {{ m() {{ with (this) {{}} }} }}\n{END}", "'with' in strict mode"),
    (f"const twice = (a, a) => a;\n{END}", "Two parameters have the same name"),
    (f"let let = 1;\n{END}", "No variable can be called let"),
    (f"{HEAD}user.email + 1 = 2;{TAIL}", "cannot be assigned to"),
    (f"{HEAD}const a = 1, enum = 2;{TAIL}", "enum"),
    (f"#!/usr/bin/env node\n{END}", "Unexpected character"),
    (f"--> as of old\n{END}", "Unexpected token '>'"),
    (f"{HEAD}const name: string = user.email;{TAIL}", "Unexpected token ':'"),
    (f"interface A {{}}\n{END}", "Unexpected token 'A'"),
    (f"{HEAD}return <b>no</b>;{TAIL}", "Unexpected token '<'"),
    (f"{HEAD}cb(;{TAIL}", "Unexpected token ';'"),
    (f"{HEAD}'text;{TAIL}", "Unterminated string"),
    (f"{HEAD}`text;{TAIL}", "Unterminated template"),
    (HEAD, "Unexpected end of the script"),
    ("}); (function () {", "Unexpected token '}'"),
    (f"class A {{ constructor() {{ super(); }} }}\n{END}", "super"),
    (f"class A {{ m() {{ this.#p; }} }}\n{END}", "#p"),
    (f"{HEAD}return a ?? b || c;{TAIL}", "mixed"),
    (f"{HEAD}yes: yes: for (;;) {{}}{TAIL}", "already declared"),
    (f"{HEAD}return new.target.a = super.b;{TAIL}", "super"),
    (f"new.target = 1;\n{END}", "assigned"),
    (f"return;\n}}\n{END}", "Unexpected"),
]
NO_FUNCTION = [
    ("", "nothing is assigned"),
    ("// nothing yet\n", "nothing is assigned"),
    ("function hook(user, context, cb) { cb(); }", "nothing is assigned"),
    ("module.exports = {};", "an object"),
    ("module.exports = { hook(user, context, cb) { cb(); } };", "an object"),
    ("module.exports = 1;", "a plain value"),
    ("module.exports = 'hook';", "a plain value"),
    ("module.exports = [];", "a list"),
    ("module.exports = `hook`;", "a text"),
    ("exports = function () {};", "set module.exports"),
    ("exports.hook = () => {};", "exports is an object"),
    ("module.export = () => {};", "module.export is set"),
    ("const hook = {};\nmodule.exports = hook;", "an object"),
    (f"{END}\nmodule.exports = {{}};", "an object"),
]
MAYBE = [
    "if (Math.random() > 2) module.exports = () => {};",
    "wrap(module);\nfunction wrap(it) { it.exports = () => {}; }",
    "module.exports = make();\nfunction make() { return () => {}; }",
    "module.exports = class {};",
    "Object.assign(module, { exports: () => {} });",
    "return () => {};",
]
SCRIPTS = [*COMPILE, *(script for script, _ in BROKEN), *(script for script, _ in NO_FUNCTION), *MAYBE]

ENGINE = """
const vm = require("node:vm");
const { scripts, before } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const names = ["exports", "require", "module", "__filename", "__dirname"];
const compiles = scripts.map((script) => {
  try {
    vm.compileFunction(before + script.replace(/^\\ufeff/, ""), names);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
});
process.stdout.write(JSON.stringify(compiles));
"""


@pytest.fixture(scope="module")
def edited() -> dict[str, Any]:
    """What the editor finds, by script."""
    return dict(zip(SCRIPTS, look(SCRIPTS, PRE), strict=True))


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """What Save's reader says, by script."""
    return dict(zip(SCRIPTS, read(SCRIPTS, PRE), strict=True))


@pytest.fixture(scope="module")
def engine() -> dict[str, bool]:
    """Whether the engine compiles each script behind the platform's classes."""
    before = "class ExtensibilityUserError {} class PreUserRegistrationError {} "
    question = json.dumps({"scripts": SCRIPTS, "before": before})
    ended = subprocess.run([*node(), "-e", ENGINE], input=question, capture_output=True, text=True, check=True)
    return dict(zip(SCRIPTS, json.loads(ended.stdout), strict=True))


@pytest.mark.parametrize("script", SCRIPTS)
def test_editor_reader_and_engine_agree(
    edited: dict[str, Any], readings: dict[str, Reading], engine: dict[str, bool], script: str
) -> None:
    assert (not edited[script]["errors"], readings[script].error is None) == (engine[script], engine[script])
    exports = [hint for hint in edited[script]["hints"] if hint["message"] == "The script exports no function."]
    assert bool(exports) == (readings[script].no_export is not None)


@pytest.mark.parametrize(("script", "said"), BROKEN)
def test_what_does_not_compile_is_told_in_the_same_plain_words(
    edited: dict[str, Any], readings: dict[str, Reading], script: str, said: str
) -> None:
    error = readings[script].error
    assert error
    assert said in error.message
    first = edited[script]["errors"][0]
    assert first["message"] == f"{error.message}: the script does not compile."
    assert script.count("\n", 0, first["from"]) + 1 == error.line


@pytest.mark.parametrize(("script", "said"), NO_FUNCTION)
def test_why_no_function_is_exported_is_told_in_the_same_words(
    edited: dict[str, Any], readings: dict[str, Reading], script: str, said: str
) -> None:
    fault = readings[script].no_export
    assert fault
    assert said in fault.message
    (hint,) = [each for each in edited[script]["hints"] if each["message"] == "The script exports no function."]
    assert fault.message in hint["reason"]


@pytest.mark.parametrize("script", MAYBE)
def test_what_may_export_a_function_is_left_alone(readings: dict[str, Reading], script: str) -> None:
    assert readings[script].fault is None


@pytest.mark.parametrize("point", catalogue.points().values(), ids=lambda point: point.trigger)
def test_editor_and_reader_know_the_same_classes_of_the_platform(point: catalogue.Point) -> None:
    names = {error["name"] for other in catalogue.points().values() for error in other.contract["errors"]}
    scripts = [f"class {name} {{}}\n{END}" for name in sorted({"ExtensibilityUserError", *names})]
    broken = [reading.error is not None for reading in read(scripts, point.trigger)]
    assert [bool(found["errors"]) for found in look(scripts, point.trigger)] == broken


@pytest.mark.parametrize("file", sorted((Path(__file__).parent / "hooks").glob("*.js")), ids=lambda file: file.stem)
def test_hooks_as_people_write_them_have_no_fault(file: Path) -> None:
    script = file.read_text("utf-8")
    (found,), (reading,) = look([script], PRE), read([script], PRE)
    assert (found["errors"], reading.fault) == ([], None)
