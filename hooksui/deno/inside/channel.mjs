// Between the program and the server: the job comes as JSON on standard input, what happens goes to standard output, a
// line of JSON behind a word that the script cannot know. `hooksui/deno/protocol.py` reads these lines.
import process from "node:process";
import { encode, node, now, parse, stdin, stdout, stringify } from "./kept.mjs";

/**
 * What every job has; a calling convention has more.
 * @typedef {object} Job
 * @property {string} mark the word in front of each line
 * @property {number} timeout seconds until the server ends this process
 * @property {string} script
 * @property {string} file as stack traces name the script
 * @property {string} folder where modules are installed
 * @property {Record<string, string>} modules what the script may require, with the name that it is installed under
 * @property {string[]} builtins Node's own modules that the platform has
 */
/**
 * What is told of an error: the fields that reach the wire, and more that is no JSON perhaps.
 * @typedef {Record<string, any>} Fault
 */
/**
 * What the script answered: `result` is JSON text, `addresses` its names that are absolute addresses. Or an `error`,
 * with the step that `failed` where it was no exception.
 * @typedef {{ result: string, addresses: Record<string, { protocol: string, host: string }> }
 *   | { error: Fault, failed?: "compile" | "refused" | "error" }} Answer
 */

/** @type {Job & Record<string, any>} */
export const job = readJob();
const started = now();
let answered = false;

function readJob() {
  const chunks = [];
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  for (let read = stdin.readSync(chunk); read !== null; read = stdin.readSync(chunk)) {
    chunks.push(decoder.decode(chunk.subarray(0, read), { stream: true }));
  }
  return parse(chunks.join("") + decoder.decode());
}

/**
 * Write one line. Blocks until it is taken, so that a script which never yields is heard too.
 * @param {{ kind: "console" | "warning" | "idle" | "answer" } & Record<string, any>} line
 */
function tell(line) {
  // Without what the script may have given all objects, such as a toJSON.
  let bytes = encode(`\n${job.mark}${stringify({ __proto__: null, ...line })}\n`);
  while (bytes.length) {
    bytes = bytes.subarray(stdout.writeSync(bytes));
  }
}

/** @param {string} level @param {string} text */
export function print(level, text) {
  tell({ kind: "console", level, text, at: now() - started });
}

/** @param {string} text */
export function warn(text) {
  tell({ kind: "warning", text });
}

/** Nothing is left that could run. */
export function idle() {
  tell({ kind: "idle" });
}

/** Whether the answer was given. */
export function isAnswered() {
  return answered;
}

/** @param {Answer} what */
export function answer(what) {
  answered = true;
  const { heapUsed, external } = process.memoryUsage();
  const line = {
    kind: /** @type {const} */ ("answer"),
    at: now() - started,
    memory: heapUsed + external,
    node,
    ...what,
  };
  try {
    tell(line);
  } catch (thrown) {
    if (!("error" in what)) {
      throw thrown;
    }
    // An exception carries what is no JSON. Its texts are what counts.
    const texts = Object.entries(what.error).filter(([, value]) => typeof value === "string");
    tell({ ...line, error: { ...Object.fromEntries(texts), statusCode: 500, code: null } });
  }
}
