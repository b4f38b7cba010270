// Offsets of a script and of the file that TypeScript sees, there and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { virtualFile } from "../../static/editor/src/language-service/virtual-file.js";

const SCRIPTS = {
  "a function": "module.exports = function (client, scope, cb) { cb(null, {}); };\n",
  "an arrow function": "module.exports = (user, context, cb) => cb(null, { user });\n",
  "a function by name": "function hook(a, b) { b(null); }\nmodule.exports = hook;\n",
  "a chain": "exports = module.exports = function (a) {};",
};

for (const [kind, script] of Object.entries(SCRIPTS)) {
  test(`parameters of ${kind} get their types, and each offset is found again`, () => {
    const { text, toVirtual, toReal } = virtualFile(script);
    assert.match(text, /\/\*\* @type \{HookArguments\[0\]\} \*\/ /);
    for (let offset = 0; offset < script.length; offset++) {
      assert.equal(text[toVirtual(offset)], script[offset], `offset ${offset}`);
      assert.equal(toReal(toVirtual(offset)), offset);
    }
  });
}

test("offsets in what was inserted are the place of it", () => {
  const script = SCRIPTS["a function"];
  const { toReal } = virtualFile(script);
  const at = script.indexOf("client");
  assert.equal(toReal(at), at);
  assert.equal(toReal(at + 10), at);
});

for (const script of [
  "",
  "module.exports = {};",
  "module.exports = cb => cb();",
  "module.exports = (...all) => all;",
  "(",
]) {
  test(`${JSON.stringify(script)} has no place for types`, () => {
    const { text, toReal, toVirtual } = virtualFile(script);
    assert.equal(text, script);
    assert.equal(toReal(toVirtual(script.length)), script.length);
  });
}
