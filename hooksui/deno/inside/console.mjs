// The console of a script: what it prints is told with its level.
import { Console } from "node:console";
import process from "node:process";
import { print } from "./channel.mjs";

/** Put a console in place that tells what is printed, with its level, and the same for the two streams. */
export function takeConsole() {
  /** @type {{ level: string | null }} */
  const current = { level: null };
  /** @param {string} usual the level of what comes without one */
  const stream = (usual) => ({
    /** @param {any} chunk @param {any} [encoding] @param {any} [done] */
    write(chunk, encoding, done = encoding) {
      const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      print(current.level ?? usual, text.replace(/\n$/, ""));
      if (typeof done === "function") {
        done();
      }
      return true;
    },
    on() {},
    once() {},
    removeListener() {},
    listenerCount: () => 0,
  });
  const streams = /** @type {any} */ ({ stdout: stream("log"), stderr: stream("error") });
  const own = new Console({ ...streams, colorMode: false });
  /** @type {Record<string, string>} */
  const levelOf = { info: "info", warn: "warn", error: "error", assert: "error", trace: "trace", debug: "debug" };
  for (const [name, method] of Object.entries(own)) {
    if (typeof method === "function") {
      /** @param {any[]} values */
      const leveled = (...values) => {
        const before = current.level;
        // Some methods print through others; what the script called counts.
        current.level ??= levelOf[name] ?? "log";
        try {
          return method.apply(own, values);
        } finally {
          current.level = before;
        }
      };
      Reflect.set(own, name, leveled);
    }
  }
  globalThis.console = own;
  process.stdout.write = stream("log").write;
  process.stderr.write = stream("error").write;
}
