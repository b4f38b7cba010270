// How the platform calls a hook. Deno starts this file; `deno/inside/sandbox.mjs` is what it runs in.
import * as channel from "../../deno/inside/channel.mjs";
import { answer, isAnswered, warn } from "../../deno/inside/channel.mjs";
import { errorOf, messageOf, wholeMessage } from "../../deno/inside/errors.mjs";
import { Address, parse, stringify } from "../../deno/inside/kept.mjs";
import { compile, requireOf } from "../../deno/inside/loading.mjs";
import { begin, end, fail, placeOf } from "../../deno/inside/sandbox.mjs";
import { errorClasses, passes } from "./contract.mjs";
import { webtaskOf } from "./webtask.mjs";

/**
 * What a hook's job has beside what every job has. `payload` is JSON text; `name` is the hook's, "" where it has none.
 * @typedef {import("../../deno/inside/channel.mjs").Job & {
 *   contract: import("./contract.mjs").Contract, trigger: string, name: string, payload: string,
 *   secrets: Record<string, string> }} HookJob
 */

const SYNCHRONOUS = "Script generated an unhandled synchronous exception.";
const ASYNCHRONOUS = "Script generated an unhandled asynchronous exception.";

const job = /** @type {HookJob} */ (channel.job);
let called = 0;

begin(() => {
  const hook = load();
  if (hook) {
    call(hook);
  }
}, ASYNCHRONOUS);

/** The hook of the script, or null after a failure that was told. @returns {Function | null} */
function load() {
  /** @type {{ exports: any }} */
  const exported = { exports: {} };
  const requires = requireOf(reasonMissing);
  let returned;
  try {
    // The classes stand in front of the script's first line, as the platform has them: they can be told from the
    // script by column alone, and a directive at the script's head has no effect.
    const parameters = ["exports", "require", "module", "__filename", "__dirname"];
    const script = compile(parameters, requires, errorClasses(job.contract));
    returned = script.call(exported.exports, exported.exports, requires, exported, `/${job.file}`, "/");
  } catch (thrown) {
    const esm = /Unexpected token 'export'|outside a module/.test(messageOf(thrown));
    const description = esm
      ? `${messageOf(thrown)} (ECMAScript module syntax; hooks are CommonJS modules)`
      : messageOf(thrown);
    notCompiled(description, thrown);
    return null;
  }
  const found = typeof returned === "function" ? returned : exported.exports;
  if (typeof found !== "function") {
    notCompiled("Supplied code must return or export a function.");
    return null;
  }
  return found;
}

/** @param {string} description @param {any} [thrown] */
function notCompiled(description, thrown) {
  const error = errorOf(new Error("Unable to compile the extensibility code as javascript"), { stack: "" });
  const more = { error_description: description, code: thrown?.code ?? null, stack: thrown?.stack ?? "" };
  end({ error: { ...error, ...placeOf(thrown), ...more }, failed: "compile" });
}

/** Why a hook cannot have a module. @param {string} name */
function reasonMissing(name) {
  if (/^[./]/.test(name)) {
    return "is a file: a hook can require Node's own modules and NPM modules only.";
  }
  if (name.startsWith("node:")) {
    return "is none of Node's own modules.";
  }
  if (name.lastIndexOf("@") > 0) {
    return "is not installed: the script has to name it in quotes, in require('…') itself, or the hook to declare it.";
  }
  return (
    `is not among this hook's NPM modules. Add it there, or require it with a version: ${name}@1.2.3. ` +
    "The modules that Auth0 had ready up to Node 12 have to be declared, too."
  );
}

/** @param {Function} hook */
function call(hook) {
  const { contract } = job;
  try {
    const body = parse(job.payload);
    const webtask = webtaskOf(job, body);
    const refused = contract.checks.find((check) => !passes(check, body));
    if (refused) {
      end({ error: errorOf(new Error(refused.message), { stack: "" }), failed: "refused" });
    }
    const given = contract.arguments.map((name) => body[name]);
    // Not a method call: `this` is the global object in sloppy code and undefined in strict code.
    hook(...given, contextOf(body, webtask), callBack);
  } catch (thrown) {
    fail(thrown, SYNCHRONOUS);
  }
}

/** @param {any} body @param {object} webtask */
function contextOf(body, webtask) {
  const given = body.context;
  if (job.contract.context === "copy") {
    return { ...given, webtask };
  }
  const context = job.contract.context === "body" || typeof given === "object" ? given : {};
  context.webtask = webtask;
  return context;
}

/** The callback that the hook gets. The first call is the answer. @param {any} error @param {any} result */
function callBack(error, result) {
  called += 1;
  if (isAnswered()) {
    if (called === 2) {
      warn("The hook called back again. The first answer stands.");
    }
    return;
  }
  if (error) {
    answer({ error: errorOf(sendable(error), { wrap: true }), failed: "error" });
    return;
  }
  const data = result || job.contract.default_result === null ? result : job.contract.default_result;
  let text;
  try {
    text = stringify(data) ?? "null";
  } catch {
    const message = "Error when JSON serializing the result of the extension point";
    answer({ error: errorOf(new Error(message), { stack: "" }) });
    return;
  }
  answer({ result: text, addresses: addressesOf(parse(text)) });
}

/**
 * The error that the platform answers with: it sends all own properties, also those that are not told here, and where
 * one of them is no JSON, another error. That gets the place of the hook's own.
 * @param {any} error
 */
function sendable(error) {
  if (!(error instanceof Error)) {
    return error;
  }
  try {
    stringify(Object.fromEntries(Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name)])));
    return error;
  } catch (thrown) {
    warn(`The hook's own error: ${wholeMessage(error)}`);
    return Object.assign(new Error(`Error serializing error: ${messageOf(thrown)}`), { stack: error.stack });
  }
}

/** The names in a result that are absolute addresses, with what decides whether they can be claims. @param {any} result */
function addressesOf(result) {
  /** @type {any} */
  const found = { __proto__: null };
  if (result && typeof result === "object" && !Array.isArray(result)) {
    for (const name of Object.keys(result)) {
      if (Address.canParse(name)) {
        const { protocol, hostname } = new Address(name);
        found[name] = { __proto__: null, protocol, host: hostname };
      }
    }
  }
  return found;
}
