// Finders of hints, each with the least script that it has something to say of.
import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "../../static/editor/node_modules/typescript/lib/typescript.js";
import { analyse, moduleOf } from "../../static/editor/src/language-service/analysis.js";

const ABOUT = { secrets: null, modules: [], callbackIndex: 3, unknown: [], noExport: null };
const HEAD = "module.exports = function (client, scope, audience, context, cb) {\n";

/** @param {string} body of the hook @param {object} [about] what is known of it */
function analysed(body, about = {}) {
  const text = `${HEAD}${body}\n};\n`;
  const source = ts.createSourceFile("/hook.js", text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.JS);
  const host = ts.createCompilerHost({ allowJs: true });
  const options = { allowJs: true, noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ES2023 };
  const program = ts.createProgram(["/hook.js"], options, {
    ...host,
    getSourceFile: (name) => (name === "/hook.js" ? source : undefined),
    fileExists: (name) => name === "/hook.js",
    readFile: () => undefined,
  });
  const checker = program.getTypeChecker();
  const file = { text, toReal: same, toVirtual: same };
  const all = { ...ABOUT, trigger: "credentials-exchange", callbackIndex: 4, ...about };
  const found = analyse(source, checker, all, file);
  return { ...found, hints: found.hints.map(({ from, to, message }) => ({ text: text.slice(from, to), message })) };
}

/** @param {number} offset */
function same(offset) {
  return offset;
}

test("a plain answer gets no hint", () => {
  assert.deepEqual(analysed("  cb(null, { scope });").hints, []);
});

test("a way without the callback is found", () => {
  const { hints } = analysed("  if (client.name === 'a') { return; }\n  cb(null, { scope });");
  assert.equal(hints.length, 1);
});

test("a second call of the callback is found", () => {
  const { hints } = analysed("  cb(null, { scope });\n  cb(null, { scope });");
  assert.deepEqual(
    hints.map(({ text }) => text),
    ["cb(null, { scope })"],
  );
});

test("an answer without scopes is found, and claims that are left out", () => {
  const { hints } = analysed("  cb(null, { country: 'FI' });");
  assert.deepEqual(
    hints.map(({ text }) => text),
    ["{ country: 'FI' }", "country"],
  );
});

test("names in metadata that the platform refuses are found where its hooks have any", () => {
  const body = "  cb(null, { user: { app_metadata: { 'a.b': 1 } } });";
  const hints = analysed(body, { trigger: "pre-user-registration" }).hints;
  assert.deepEqual(
    hints.map(({ text }) => text),
    ["'a.b'"],
  );
  assert.ok(analysed(body).hints.every(({ text }) => text !== "'a.b'"));
});

test("secrets are followed through variables, patterns and helpers", () => {
  const { secrets, hints } = analysed(
    [
      "  const { secrets } = context.webtask;",
      "  const read = (all) => all.IN_HELPER;",
      "  cb(null, { scope, a: [secrets.PLAIN, secrets['IN_BRACKETS'], read(context.webtask.secrets)].length && scope });",
    ].join("\n"),
    { secrets: ["PLAIN"] },
  );
  assert.deepEqual(secrets.map(({ name }) => name).sort(), ["IN_BRACKETS", "IN_HELPER", "PLAIN"]);
  assert.deepEqual(
    hints.map(({ text }) => text).filter((text) => text.includes("IN_")),
    ["IN_HELPER", "'IN_BRACKETS'"],
  );
});

test("modules are told by their names, and those that are not declared", () => {
  const body = "  require('lodash@4.17.21'); require('axios'); require('fs'); cb(null, { scope });";
  const { requires, undeclared } = analysed(body, { modules: ["lodash"] });
  assert.deepEqual(
    requires.map(({ name, version }) => [name, version]),
    [
      ["lodash", "4.17.21"],
      ["axios", ""],
    ],
  );
  assert.deepEqual(
    undeclared.map(({ name }) => name),
    ["axios"],
  );
});

for (const [id, name, version] of [
  ["lodash", "lodash", ""],
  ["lodash@4.17.21", "lodash", "4.17.21"],
  ["lodash/fp", "lodash", ""],
  ["@scope/name/part", "@scope/name", ""],
  ["@scope/name@1", "@scope/name", "1"],
  ["./own", "", ""],
  ["node:fs", "", ""],
]) {
  test(`${id} is the module ${JSON.stringify(name)}`, () => {
    assert.deepEqual(moduleOf(id), { name, version });
  });
}
