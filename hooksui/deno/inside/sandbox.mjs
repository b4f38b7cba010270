// The sandbox around one run, whatever calls the script: Deno starts a program without any permission, and the program
// `begin`s with its calling convention. At the end stands one answer, or none.
import { answer, idle, isAnswered, job, warn } from "./channel.mjs";
import { takeConsole } from "./console.mjs";
import { errorOf, messageOf } from "./errors.mjs";
import { exit, listen, report } from "./kept.mjs";
import { hideMachine } from "./machine.mjs";

/** A frame of the script in a stack. */
const FRAME = new RegExp(`^\\s+at .*${job.file.replace(".", "\\.")}:\\d`, "m");

/** Takes the next error that is only asked where it is. @type {((event: ErrorEvent) => void) | null} */
let locate = null;

/**
 * Prepare the process, then `call` the script.
 * @param {() => void} call
 * @param {string} kind how the platform speaks of an exception that nobody handled
 */
export function begin(call, kind) {
  hideMachine();
  takeConsole();
  watchForExceptions(kind);
  // The server ends this process at its limits. Where the server is gone, it ends by itself.
  setTimeout(exit, (job.timeout + 2) * 1000).unref();
  // Not while these files are still being loaded: promises would come before `process.nextTick` there.
  setImmediate(call);
}

/** @param {string} kind */
function watchForExceptions(kind) {
  listen("error", (event) => {
    event.preventDefault();
    if (locate) {
      locate(event);
    } else {
      fail(event.error, kind);
    }
  });
  listen("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason, kind);
  });
  // Nothing is left that could run: a script that has not answered by now never will.
  listen("beforeunload", () => {
    if (!isAnswered()) {
      idle();
    }
  });
}

/**
 * An exception or rejection. It is the answer if there is none yet, and ends the process.
 * @param {unknown} thrown
 * @param {string} kind
 */
export function fail(thrown, kind) {
  if (isAnswered()) {
    warn(`After the answer: ${messageOf(thrown)}`);
    return;
  }
  end({ error: errorOf(thrown, { kind }) });
}

/** Answer, and end the process. @param {import("./channel.mjs").Answer} what */
export function end(what) {
  answer(what);
  exit(0);
}

/**
 * Line and column of an error of syntax, which its stack does not have.
 * @param {unknown} thrown
 * @returns {{ line?: number, column?: number }}
 */
export function placeOf(thrown) {
  if (!(thrown instanceof Error) || FRAME.test(thrown.stack ?? "")) {
    return {};
  }
  let place = {};
  locate = (event) => {
    if (event.filename === job.file) {
      place = { line: event.lineno, column: event.colno };
    }
  };
  report(thrown);
  locate = null;
  return place;
}
