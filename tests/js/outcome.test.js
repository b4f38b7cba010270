import assert from "node:assert/strict";
import { test } from "node:test";
import { facts } from "../../static/js/editor/outcome.js";

test("what is measured of a run is one line, without what is not known", () => {
  const least = { duration_ms: 3.4, startup_ms: 0, memory_bytes: null, node: "", modules: {} };
  assert.equal(facts(least), "Script 3 ms");
  const most = {
    duration_ms: 12,
    startup_ms: 40.6,
    memory_bytes: 2 ** 21,
    node: "v22.1.0",
    modules: { a: "1.0.0", b: "2" },
  };
  const line =
    "Script 12 ms · start of the sandbox 41 ms · memory 2.0 MB · process.version v22.1.0 · modules a (1.0.0), b (2)";
  assert.equal(facts(most), line);
});
