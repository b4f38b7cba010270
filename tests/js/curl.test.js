import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { curlCommand } from "../../static/js/editor/curl.js";

/** What a shell gives curl, an argument a line. @param {string} command */
function argumentsOf(command) {
  const shell = `curl() { for each; do printf '%s\\0' "$each"; done; }\n${command}`;
  return execFileSync("sh", ["-c", shell], { env: { ...process.env, TOKEN: "t0ken" }, encoding: "utf8" }).split("\0");
}

test("a shell gives curl the hook as it stands in the editor, and the token of its variable", () => {
  const script = "module.exports = (a) => a('it\\'s', `$HOME`, \"\\n\");\n// ü € \\";
  const modules = { lodash: "4.17.21", "@a/b": "^1.0.0" };
  const command = curlCommand({ api: "https://acme.eu.auth0.com", id: "01H'X", script, modules });
  const found = argumentsOf(command);
  const body = found[found.indexOf("--data-raw") + 1];
  assert.deepEqual(JSON.parse(body), { script, dependencies: modules });
  assert.ok(found.includes("https://acme.eu.auth0.com/api/v2/hooks/01H'X"));
  assert.ok(found.includes("Authorization: Bearer t0ken"));
  assert.ok(found.includes("PATCH"));
});
