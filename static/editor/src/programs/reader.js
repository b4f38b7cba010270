// Reads scripts without running them. Deno starts this program without any permission; each line of its standard input
// is a question as JSON, { scripts, classes }, and is answered by a line, { readings }, as src/reading.js has them.
import { read } from "../reading.js";

/** @yields {string} the lines of standard input */
function* lines() {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let rest = "";
  for (let read = Deno.stdin.readSync(chunk); read !== null; read = Deno.stdin.readSync(chunk)) {
    const parts = decoder.decode(chunk.subarray(0, read), { stream: true }).split("\n");
    parts[0] = rest + parts[0];
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

for (const line of lines()) {
  const { scripts, classes } = JSON.parse(line);
  let bytes = new TextEncoder().encode(
    `${JSON.stringify({ readings: scripts.map((/** @type {string} */ script) => read(script, classes)) })}\n`,
  );
  while (bytes.length) {
    bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
  }
}
