// What a script says of itself, read without running it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "../../static/editor/src/reading.js";

for (const [script, exported] of [
  ["module.exports = function (a, cb) { cb(); };", "function"],
  ["const hook = async () => {};\nmodule.exports = hook;", "function"],
  ["module.exports = {};", "none"],
  ["exports.hook = () => {};", "none"],
  ["", "none"],
  ["module.exports = make();", "unknown"],
  ["if (x) module.exports = () => {};", "unknown"],
]) {
  test(`${JSON.stringify(script)} exports: ${exported}`, () => {
    const reading = read(script, []);
    assert.equal(reading.error, null);
    assert.equal(reading.exported, exported);
    assert.equal(reading.hint !== null, exported === "none");
  });
}

test("modules are those that are required or imported by their text", () => {
  const script = "require('a'); import('b@1'); require(name); function f(require) { require('own'); }";
  assert.deepEqual(read(script, []).modules.sort(), ["a", "b@1"]);
});

for (const [script, message, line, at] of /** @type {[string, string, number, number][]} */ ([
  ["let a = ;", "Unexpected token ';'", 1, 8],
  ["\n\nimport fs from 'fs';", "import and export belong to ECMAScript modules; hooks are CommonJS modules", 3, 2],
  ["function f() {\n  await g();\n}", "await is only valid in async functions", 2, 17],
  ["}); (function () {", "Unexpected token '}'", 1, 0],
])) {
  test(`${JSON.stringify(script)} does not compile, and the place is that of the script`, () => {
    assert.deepEqual(read(script, []).error, { message, line, at });
  });
}

test("a class that the platform declares is said to be there already", () => {
  const { error } = read("class PreUserRegistrationError {}", ["PreUserRegistrationError"]);
  assert.match(error?.message ?? "", /has already been declared by the platform$/);
});
