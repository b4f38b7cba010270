// How a run ended, put together for the page: what it means, its result or its error, and the lines that it printed.
import { button, item } from "../elements.js";

// Not that of a module whose file has the same name.
const FRAME = /(?<![\w./-])hook\.js:(\d+):(\d+)/g;

/** Leads to a place in the script, both from 1. @typedef {(line: number, column: number) => void} GoTo */

/**
 * What a run means, and below that its result, or the error with the lines of the script that lead to them.
 * @param {any} outcome
 * @param {GoTo} goTo
 * @returns {HTMLElement[]}
 */
export function outcomeParts(outcome, goTo) {
  return [effects(outcome), ...(outcome.ok ? [json(outcome.result)] : errorParts(outcome, goTo))];
}

/** @param {any} outcome */
function effects({ meaning }) {
  const list = document.createElement("ul");
  list.className = "run-effects";
  list.append(
    ...meaning.map((/** @type {{ text: string, ignored: boolean }} */ { text, ignored }) => {
      const row = item(text);
      row.classList.toggle("run-ignored", ignored);
      return row;
    }),
  );
  return list;
}

/** @param {any} outcome @param {GoTo} goTo */
function errorParts({ error }, goTo) {
  const { stack, message, line, column, ...rest } = error;
  const fields = Object.entries(rest).filter(([, value]) => value !== null && value !== "");
  const table = document.createElement("dl");
  table.className = "run-fields";
  for (const [name, value] of [["message", message], ...fields]) {
    const term = document.createElement("dt");
    term.textContent = name;
    const text = document.createElement("dd");
    text.textContent = typeof value === "string" ? value : JSON.stringify(value);
    table.append(term, text);
  }
  /** @type {HTMLElement[]} */
  const parts = [table];
  if (line && !stack?.includes(`hook.js:${line}:`)) {
    parts.push(jumpTo(line, column ?? 1, goTo));
  }
  if (stack) {
    parts.push(stackText(stack, goTo));
  }
  return parts;
}

/** The stack, in which each line of the script is a button that leads there. @param {string} stack @param {GoTo} goTo */
function stackText(stack, goTo) {
  const text = document.createElement("pre");
  text.className = "run-stack";
  text.tabIndex = 0;
  let from = 0;
  for (const match of stack.matchAll(FRAME)) {
    text.append(stack.slice(from, match.index), jumpTo(Number(match[1]), Number(match[2]), goTo, match[0]));
    from = match.index + match[0].length;
  }
  text.append(stack.slice(from));
  return text;
}

/** @param {number} line @param {number} column @param {GoTo} goTo @param {string} [label] */
function jumpTo(line, column, goTo, label = `Go to line ${line}, column ${column}`) {
  const jump = button(label, () => goTo(line, column));
  jump.className = "run-jump";
  return jump;
}

/** One line of the console, with its level in words where it is not an ordinary one. @param {string} level @param {string} text */
export function consoleLine(level, text) {
  const line = document.createElement("div");
  line.className = `run-line run-line-${level}`;
  if (level !== "log") {
    const name = document.createElement("span");
    name.className = "run-level";
    name.textContent = level;
    line.append(name, " ");
  }
  line.append(text);
  return line;
}

/** @param {unknown} value */
function json(value) {
  const text = document.createElement("pre");
  // It scrolls, and keys must reach it.
  text.tabIndex = 0;
  text.textContent = JSON.stringify(value, null, 2);
  return text;
}

/** What is measured of a run, in a line. @param {any} outcome */
export function facts({ duration_ms: duration, startup_ms: startup, memory_bytes: memory, node, modules }) {
  const parts = [`Script ${duration.toFixed(0)} ms`];
  if (startup) {
    parts.push(`start of the sandbox ${startup.toFixed(0)} ms`);
  }
  if (memory) {
    parts.push(`memory ${(memory / 2 ** 20).toFixed(1)} MB`);
  }
  if (node) {
    parts.push(`process.version ${node}`);
  }
  const versions = Object.entries(modules).map(([name, version]) => `${name} (${version})`);
  return `${parts.join(" · ")}${versions.length ? ` · modules ${versions.join(", ")}` : ""}`;
}
