import assert from "node:assert/strict";
import { test } from "node:test";
import { differencesOf, mergeModules, sameModules } from "../../static/js/editor/differences.js";

test("maps with the same modules are the same, whatever their order", () => {
  assert.equal(sameModules({ a: "1", b: "2" }, { b: "2", a: "1" }), true);
  assert.equal(sameModules({ a: "1" }, { a: "1", b: "2" }), false);
  assert.equal(sameModules({ a: "1" }, { b: "1" }), false);
  assert.equal(sameModules({ a: "1" }, { a: "2" }), false);
});

test("what differs is told by name, in the order of names", () => {
  assert.equal(differencesOf({ a: "1" }, { a: "1" }), "");
  assert.equal(
    differencesOf({ b: "2", a: "1" }, { a: "3", c: "4" }),
    "NPM modules differ too: a 3, yours 1; b not there, yours 2; c 4, yours removed.",
  );
});

test("what one side changed is taken from it, and mine where both did", () => {
  const base = { kept: "1", mine: "1", theirs: "1", both: "1", gone: "1", left: "1" };
  const mine = { kept: "1", mine: "2", theirs: "1", both: "2", left: "1", new: "1" };
  const theirs = { kept: "1", mine: "1", theirs: "3", both: "3", gone: "1", added: "1" };
  assert.deepEqual(mergeModules(base, mine, theirs), {
    kept: "1",
    mine: "2",
    theirs: "3",
    both: "2",
    new: "1",
    added: "1",
  });
});
