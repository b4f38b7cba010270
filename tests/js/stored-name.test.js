// The page foretells a stored name as the server will have it: the cases are those of tests/catalogue/test_names.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { storing } from "../../static/js/stored-name.js";

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

const limits = json("../../hooksui/catalogue/limits.json");
const { recorded, decided } = json("../catalogue/names.json");
const stored = storing(limits.name_boundary, limits.name_separators);

for (const [name, expected] of Object.entries({ ...recorded, ...decided })) {
  test(`${name} is stored as ${expected}`, () => {
    assert.equal(stored(name), expected);
    assert.equal(stored(expected), expected);
  });
}
