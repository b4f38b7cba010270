// What a script finds of the machine that it runs on: what Node has, with harmless values, and nothing of Deno.
import dns from "node:dns";
import fs from "node:fs";
import inspector from "node:inspector";
import os from "node:os";
import process from "node:process";
import vm from "node:vm";
import { job } from "./channel.mjs";

// Globals of Deno that Node does not have: a slip of the pen would find them, and modules would take this for a browser.
const FOREIGN = [
  ..."AsyncDisposableStack Cache CacheStorage DOMMatrix DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad DOMRect".split(
    " ",
  ),
  ..."DOMRectReadOnly Deno DisposableStack ErrorEvent EventSource FileReader Float16Array ImageBitmap".split(" "),
  ..."ImageBitmapRenderingContext ImageData Location Lock LockManager NavigatorUAData OffscreenCanvas".split(" "),
  ..."ProgressEvent PromiseRejectionEvent QuotaExceededError Storage SuppressedError Temporal URLPattern Window".split(
    " ",
  ),
  ..."Worker alert caches close closed confirm createImageBitmap localStorage location name onbeforeunload onerror".split(
    " ",
  ),
  ..."onload onunhandledrejection onunload prompt reportError self sessionStorage".split(" "),
];
// What this machine has is nobody's business; these are values that a container might have.
const MEMORY = 128 * 2 ** 20;
const MACHINE = {
  hostname: () => "sandbox",
  tmpdir: () => "/tmp",
  homedir: () => "/",
  cpus: () => [{ model: "cpu", speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } }],
  availableParallelism: () => 1,
  totalmem: () => MEMORY,
  freemem: () => MEMORY / 2,
  loadavg: () => [0, 0, 0],
  networkInterfaces: () => ({}),
  uptime: () => 60,
  release: () => "5.10.0",
  version: () => "#1 SMP",
  machine: () => "x86_64",
  getPriority: () => 0,
  setPriority: () => undefined,
  userInfo: () => ({ uid: 1000, gid: 1000, username: "sandbox", homedir: "/", shell: null }),
};
const NAME_SERVERS = { getServers: () => [], setServers: () => undefined };
// The two folders that every machine has. Modules look whether they are there.
const FOLDERS = new Set(["/", "/tmp"]);
const FOLDER = {
  ...{ dev: 1, ino: 2, mode: 0o40755, nlink: 1, uid: 0, gid: 0, rdev: 0, size: 4096, blksize: 4096, blocks: 8 },
  ...{ atimeMs: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0 },
  isDirectory: () => true,
  ...Object.fromEntries(
    "BlockDevice CharacterDevice FIFO File Socket SymbolicLink".split(" ").map((name) => [`is${name}`, () => false]),
  ),
};
const OF_FOLDERS = {
  statSync: () => ({ ...FOLDER }),
  lstatSync: () => ({ ...FOLDER }),
  existsSync: () => true,
  accessSync: () => undefined,
  realpathSync: (/** @type {string} */ path) => path,
};
const REPORT = { getReport: () => ({ header: { glibcVersionRuntime: "2.36" }, sharedObjects: [] }) };
const PROCESS = {
  argv: ["/usr/bin/node", `/${job.file}`],
  argv0: "node",
  execArgv: [],
  execPath: "/usr/bin/node",
  title: "node",
  debugPort: 9229,
  getuid: () => 1000,
  geteuid: () => 1000,
  getgid: () => 1000,
  getegid: () => 1000,
  getgroups: () => [1000],
  umask: () => 0o22,
  constrainedMemory: () => MEMORY,
  availableMemory: () => MEMORY / 2,
  // Deno's own would look for a global that is not there any more.
  /** @param {object} _module @param {string} file */
  dlopen(_module, file) {
    throw denied(`Requires ffi access to "${file}", run again with the --allow-ffi flag`);
  },
  // Reading the real one is refused, and hooks write keys there for libraries that look for them.
  env: {},
};

/** Take away what Node does not have, and put harmless values in the place of what tells of this machine. */
export function hideMachine() {
  // Deno's own version of Node's modules goes on to ask for it by name.
  vm.runInThisContext("const Deno = globalThis.Deno;");
  for (const name of [...FOREIGN, ...Object.getOwnPropertyNames(globalThis).filter((each) => each.startsWith("GPU"))]) {
    Reflect.deleteProperty(globalThis, name);
  }
  // These are inherited, and Deno itself needs to find what it inherits from.
  for (const name of ["addEventListener", "removeEventListener"]) {
    Object.defineProperty(Object.getPrototypeOf(globalThis), name, { value: undefined });
  }
  const navigator = {
    hardwareConcurrency: 1,
    language: "en-US",
    languages: ["en-US"],
    platform: "linux",
    userAgent: "Node.js/22",
  };
  replace(globalThis, { navigator });
  replace(process, PROCESS);
  replace(process.report, REPORT);
  // Whoever listens to `process` is not told of exceptions: these are the answer, as on the platform. Deno would listen
  // to the global object for them, which cannot be listened to any more.
  process.removeAllListeners("newListener");
  process.removeAllListeners("removeListener");
  replace(os, MACHINE);
  showFolders();
  replace(inspector, { url: () => undefined });
  for (const target of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    replace(target, NAME_SERVERS);
  }
  // Of what modules say of themselves, no error is made.
  process.noDeprecation = true;
}

/** Let who only looks whether the usual folders are there find them. What is in them is denied all the same. */
function showFolders() {
  for (const [name, answer] of Object.entries(OF_FOLDERS)) {
    /** @type {(...values: any[]) => any} */
    const real = Reflect.get(fs, name);
    /** @param {any} path @param {any[]} more */
    const shown = (path, ...more) => (FOLDERS.has(path) ? answer(path) : real.call(fs, path, ...more));
    replace(fs, { [name]: Object.assign(shown, real) });
  }
}

/** @param {object} target @param {object} values */
function replace(target, values) {
  for (const [name, value] of Object.entries(values)) {
    if (!Reflect.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })) {
      Reflect.set(target, name, value);
    }
  }
}

/** @param {string} message as Deno words it */
export function denied(message) {
  return Object.assign(new Error(message), { name: "NotCapable" });
}
