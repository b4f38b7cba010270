// What people type into the Hook Editor and this browser keeps: drafts, test values of secrets, payloads. It can be
// cleared at sign-out. Settings of the editor are nobody's secret and stay.
import { keysOf, read, remove, write } from "./storage.js";

/** How keys begin; the tenant and the hook's id follow, parted by colons. */
export const DRAFT = "draft:";
export const TEST_VALUES = "runner-secrets:";
export const PAYLOAD = "runner-payload:";
/** Which draft the sign-in page shall bring back. */
export const COMING_BACK = "draft-to-restore";

/** @type {["localStorage" | "sessionStorage", string][]} */
const PLACES = [
  ["localStorage", DRAFT],
  ["localStorage", TEST_VALUES],
  ["sessionStorage", PAYLOAD],
  ["sessionStorage", COMING_BACK],
];
const CLEARED = "cleared-at-sign-out";
const MAX_NAMED = 5; // hooks

/** What is kept, a line for each; none where there is nothing. @returns {string[]} */
export function keptLines() {
  return [
    ...draftLines(),
    ...hooksLine("Test values of secrets for", keysOf("localStorage", TEST_VALUES).filter(hasValues).length),
    ...hooksLine("Payloads for", keysOf("sessionStorage", PAYLOAD).length),
  ];
}

/** Clear all of it, and let other windows know. */
export function clearKept() {
  clearHere();
  write("localStorage", CLEARED, new Date().toISOString());
  remove("localStorage", CLEARED);
}

/** Call `then` when it was cleared from another window of this browser. @param {() => void} then */
export function onCleared(then) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === CLEARED && newValue) {
      clearHere();
      then();
    }
  });
}

function clearHere() {
  for (const [storage, prefix] of PLACES) {
    for (const key of keysOf(storage, prefix)) {
      remove(storage, key);
    }
  }
}

function draftLines() {
  const counts = new Map();
  for (const key of keysOf("localStorage", DRAFT)) {
    const hook = hookOf(key);
    counts.set(hook, (counts.get(hook) ?? 0) + 1);
  }
  const named = [...counts].slice(0, MAX_NAMED).map(([hook, count]) => `${drafts(count)} of ${hook}`);
  const rest = [...counts.values()].slice(MAX_NAMED);
  return [...named, ...hooksLine(`${drafts(rest.reduce((sum, count) => sum + count, 0))} of`, rest.length, "more ")];
}

/** Which hook the draft under `key` is of, by name if it says so. @param {string} key */
function hookOf(key) {
  const [, tenant, id] = key.split(":");
  let name = id;
  try {
    name = JSON.parse(read("localStorage", key) ?? "").name || id;
  } catch {
    // Not ours, or cut short: it is cleared with the rest.
  }
  return `${name} on ${tenant}`;
}

/** Whether test values are kept under `key`, not only how they are to be used. @param {string} key */
function hasValues(key) {
  try {
    return Object.keys(JSON.parse(read("localStorage", key) ?? "").values).length > 0;
  } catch {
    return true;
  }
}

/** @param {number} count */
function drafts(count) {
  return count === 1 ? "1 draft" : `${count} drafts`;
}

/** @param {string} what @param {number} count of hooks @param {string} [more] */
function hooksLine(what, count, more = "") {
  return count ? [`${what} ${count} ${more}${count === 1 ? "hook" : "hooks"}`] : [];
}
