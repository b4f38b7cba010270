import assert from "node:assert/strict";
import { test } from "node:test";
import { changeBetween } from "../../static/editor/src/change-between.js";

test("equal texts need no change", () => {
  assert.equal(changeBetween("a", "a"), null);
});

for (const [before, after, change] of /** @type {[string, string, object][]} */ ([
  ["", "abc", { from: 0, to: 0, insert: "abc" }],
  ["abc", "", { from: 0, to: 3, insert: "" }],
  ["one two", "one three two", { from: 5, to: 5, insert: "hree t" }],
  ["aaa", "aa", { from: 2, to: 3, insert: "" }],
  ["aXb", "aYb", { from: 1, to: 2, insert: "Y" }],
])) {
  test(`from ${JSON.stringify(before)} to ${JSON.stringify(after)} it is the smallest change`, () => {
    assert.deepEqual(changeBetween(before, after), change);
  });
}
