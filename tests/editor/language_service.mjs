// The worker of the editor's language service, run in Node. Standard input holds a list of hooks as JSON, each
// { types, script, trigger, secrets, modules }; standard output gets what the service finds in each.
//
//   node language_service.mjs BUNDLE < hooks.json

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

process.browser = true; // else TypeScript looks for the files of a compiler
let receive;
let answer;
globalThis.self = {
  addEventListener: (_, listener) => (receive = listener),
  postMessage: (message) => answer(message),
};
await import(pathToFileURL(process.argv[2]));

/** @param {string} method @param {object} given */
function ask(method, given) {
  return new Promise((resolve, reject) => {
    answer = ({ result, error }) => (error ? reject(new Error(error)) : resolve(result));
    receive({ data: { id: 1, method, ...given } });
  });
}

const found = [];
for (const { types, script, ...hook } of JSON.parse(readFileSync(0, "utf8"))) {
  await ask("open", { types, hook });
  await ask("text", { text: script });
  found.push(await ask("analyse"));
}
process.stdout.write(JSON.stringify(found));
