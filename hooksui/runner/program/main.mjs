// One run of one hook, inside the sandbox. Deno starts this file without any permission; it reads the job from standard
// input as JSON, calls the hook as the platform would (the contract is data: `contract.json` of the extensibility
// point), and writes what happens to standard output, a line of JSON behind a word that the hook cannot know.
//
// Job: { mark, timeout, script, contract, trigger, name, payload, secrets, folder, modules, builtins }; `timeout` is in
// seconds, `payload` is text and `modules` maps what a script may require to the name under which it is installed in `folder`.
// Lines: { kind: "console", level, text, at }, { kind: "answer", … }, { kind: "warning", text }, { kind: "idle" }.
import { Console } from "node:console";
import dns from "node:dns";
import fs from "node:fs";
import inspector from "node:inspector";
import { createRequire, isBuiltin } from "node:module";
import os from "node:os";
import process from "node:process";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const FILE = "hook.js"; // as stack traces name the script
const SYNCHRONOUS = "Script generated an unhandled synchronous exception.";
const ASYNCHRONOUS = "Script generated an unhandled asynchronous exception.";

// What this file goes on to use, kept from whatever the script does to the globals.
const { parse, stringify } = JSON;
const { stdin, stdout, exit } = Deno;
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);
const Address = URL;
const now = performance.now.bind(performance);
const node = process.version;
const listen = addEventListener.bind(globalThis);
const report = reportError.bind(globalThis);
// Globals of Deno that Node does not have: a slip of the pen would find them, and modules would take this for a browser.
const FOREIGN = [
  ..."AsyncDisposableStack Cache CacheStorage DOMMatrix DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad DOMRect".split(" "),
  ..."DOMRectReadOnly Deno DisposableStack ErrorEvent EventSource FileReader Float16Array ImageBitmap".split(" "),
  ..."ImageBitmapRenderingContext ImageData Location Lock LockManager NavigatorUAData OffscreenCanvas".split(" "),
  ..."ProgressEvent PromiseRejectionEvent QuotaExceededError Storage SuppressedError Temporal URLPattern Window".split(" "),
  ..."Worker alert caches close closed confirm createImageBitmap localStorage location name onbeforeunload onerror".split(" "),
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
  realpathSync: (path) => path,
};
const REPORT = { getReport: () => ({ header: { glibcVersionRuntime: "2.36" }, sharedObjects: [] }) };
const PROCESS = {
  argv: ["/usr/bin/node", `/${FILE}`],
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
  dlopen(module, file) {
    throw denied(`Requires ffi access to "${file}", run again with the --allow-ffi flag`);
  },
  // Reading the real one is refused, and hooks write keys there for libraries that look for them.
  env: {},
};

const job = readJob();
const started = now();
let answered = false;
let called = 0;
/** Modules whose absence was explained. @type {Set<string>} */
const explained = new Set();
/** Takes the next error that is only asked where it is. @type {((event: ErrorEvent) => void) | null} */
let locate = null;

hideMachine();
takeConsole();
watchForExceptions();
// The server ends this process at its limits. Where the server is gone, it ends by itself.
setTimeout(exit, (job.timeout + 2) * 1000).unref();
// Not while this file is still being loaded: promises would come before `process.nextTick` there.
setImmediate(() => {
  const hook = compile();
  if (hook) {
    callHook(hook);
  }
});

function readJob() {
  const chunks = [];
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  for (let read = stdin.readSync(chunk); read !== null; read = stdin.readSync(chunk)) {
    chunks.push(decoder.decode(chunk.subarray(0, read), { stream: true }));
  }
  return parse(chunks.join("") + decoder.decode());
}

/** Write one line. Blocks until it is taken, so that a hook which never yields is heard too. */
function tell(line) {
  // Without what the script may have given all objects, such as a toJSON.
  let bytes = encode(`\n${job.mark}${stringify({ __proto__: null, ...line })}\n`);
  while (bytes.length) {
    bytes = bytes.subarray(stdout.writeSync(bytes));
  }
}

/** Take away what Node does not have, and put harmless values in the place of what tells of this machine. */
function hideMachine() {
  // Deno's own version of Node's modules goes on to ask for it by name.
  vm.runInThisContext("const Deno = globalThis.Deno;");
  for (const name of [...FOREIGN, ...Object.getOwnPropertyNames(globalThis).filter((each) => each.startsWith("GPU"))]) {
    delete globalThis[name];
  }
  // These are inherited, and Deno itself needs to find what it inherits from.
  for (const name of ["addEventListener", "removeEventListener"]) {
    Object.defineProperty(Object.getPrototypeOf(globalThis), name, { value: undefined });
  }
  const navigator = { hardwareConcurrency: 1, language: "en-US", languages: ["en-US"], platform: "linux", userAgent: "Node.js/22" };
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
    const real = fs[name];
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

/** Put a console in place that tells what is printed, with its level, and the same for the two streams. */
function takeConsole() {
  const current = { level: null };
  const stream = (usual) => ({
    write(chunk, encoding, done = encoding) {
      const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      tell({ kind: "console", level: current.level ?? usual, text: text.replace(/\n$/, ""), at: now() - started });
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
  const own = new Console({ stdout: stream("log"), stderr: stream("error"), colorMode: false });
  const levelOf = { info: "info", warn: "warn", error: "error", assert: "error", trace: "trace", debug: "debug" };
  for (const [name, method] of Object.entries(own)) {
    if (typeof method === "function") {
      own[name] = (...values) => {
        const before = current.level;
        // Some methods print through others; what the script called counts.
        current.level ??= levelOf[name] ?? "log";
        try {
          return method.apply(own, values);
        } finally {
          current.level = before;
        }
      };
    }
  }
  globalThis.console = own;
  process.stdout.write = stream("log").write;
  process.stderr.write = stream("error").write;
}

function watchForExceptions() {
  listen("error", (event) => {
    event.preventDefault();
    if (locate) {
      locate(event);
    } else {
      failLater(event.error);
    }
  });
  listen("unhandledrejection", (event) => {
    event.preventDefault();
    failLater(event.reason);
  });
  // Nothing is left that could run: a hook which has not called back by now never will.
  listen("beforeunload", () => {
    if (!answered) {
      tell({ kind: "idle" });
    }
  });
}

/** An exception or rejection that nobody handled. It is the answer if there is none yet, and ends the process. */
function failLater(thrown) {
  if (answered) {
    tell({ kind: "warning", text: `After the answer: ${messageOf(thrown)}` });
    return;
  }
  answer({ error: errorOf(thrown, { kind: ASYNCHRONOUS }) });
  exit(0);
}

/** The hook of the script, or null after a failure that was told. */
function compile() {
  const { contract } = job;
  const prelude = contract.errors.reduce(
    (before, { name, friendly }) => before + errorClass(name, "ExtensibilityUserError", friendly),
    errorClass("ExtensibilityUserError", "Error", false),
  );
  const exported = { exports: {} };
  const requires = requireOf();
  let returned;
  const limit = Error.stackTraceLimit;
  try {
    // Without frames of ours, an error of syntax tells its own place.
    Error.stackTraceLimit = 0;
    // The classes stand in front of the script's first line, as the platform has them: they can be told from the
    // script by column alone, and a directive at the script's head has no effect.
    const wrapped = vm.compileFunction(
      prelude + job.script.replace(/^\ufeff/, ""),
      ["exports", "require", "module", "__filename", "__dirname"],
      {
        filename: FILE,
        columnOffset: -prelude.length,
        // Around the function, where the script may still declare the name itself.
        contextExtensions: [{ __proto__: null, Deno: undefined }],
        importModuleDynamically: async (id) => import(addressOf(requires.resolve(id))),
      },
    );
    Error.stackTraceLimit = limit;
    returned = wrapped.call(exported.exports, exported.exports, requires, exported, `/${FILE}`, "/");
  } catch (thrown) {
    Error.stackTraceLimit = limit;
    const esm = /Unexpected token 'export'|outside a module/.test(messageOf(thrown));
    const description = esm ? `${messageOf(thrown)} (ECMAScript module syntax; hooks are CommonJS modules)` : messageOf(thrown);
    notCompiled(description, thrown);
    return null;
  }
  const found = typeof returned === "function" ? returned : exported.exports;
  if (typeof found !== "function") {
    notCompiled("Supplied code must return or export a function.");
    return null;
  }
  return found;
}

function errorClass(name, base, friendly) {
  const more = friendly ? ", friendlyMessage" : "";
  const own = friendly ? " this.friendlyMessage = friendlyMessage || message;" : "";
  const named = base === "Error" ? " this.name = this.constructor.name;" : "";
  return `class ${name} extends ${base} { constructor(message${more}) { super(message);${named}${own} } } `;
}

function notCompiled(description, thrown) {
  const error = errorOf(new Error("Unable to compile the extensibility code as javascript"), { stack: "" });
  const place = thrown instanceof Error ? placeOf(thrown) : {};
  answer({
    error: { ...error, ...place, error_description: description, code: thrown?.code ?? null, stack: thrown?.stack ?? "" },
    failed: "compile",
  });
  exit(0);
}

/** Line and column of an error of syntax, which its stack does not have. */
function placeOf(error) {
  if (/^\s+at .*hook\.js:\d/m.test(error.stack)) {
    return {};
  }
  let place = {};
  locate = (event) => {
    if (event.filename === FILE) {
      place = { line: event.lineno, column: event.colno };
    }
  };
  report(error);
  locate = null;
  return place;
}

/** Where `import()` finds what `require.resolve` has found. @param {string} found */
function addressOf(found) {
  return found.startsWith("/") ? pathToFileURL(found).href : `node:${found.replace(/^node:/, "")}`;
}

/** Node's own modules, and those that were installed for this run. */
function requireOf() {
  const inFolder = createRequire(`${job.folder}/${FILE}`);
  const builtins = new Set(job.builtins);
  const find = (id) => {
    // Where the platform had put its modules, as hooks of old have it.
    const name = String(id).replace(/^\.\/node_modules\//, "");
    const isOwn = name.startsWith("node:") && isBuiltin(name);
    if (isOwn || builtins.has(name.replace(/^node:/, "").split("/")[0])) {
      return name;
    }
    const wanted = Object.keys(job.modules).find((known) => name === known || name.startsWith(`${known}/`));
    if (wanted === undefined) {
      explainMissing(name);
      const error = new Error(`Cannot find module '${name}'`);
      error.code = "MODULE_NOT_FOUND";
      throw error;
    }
    return job.modules[wanted] + name.slice(wanted.length);
  };
  const own = (id) => {
    const name = find(id);
    const found = inFolder(name);
    const special = {
      console: () => Object.assign(console, { Console }),
      child_process: () => deniedProcesses(found),
      cluster: () => deniedProcesses(found),
      worker_threads: () => ({ ...found, Worker: deniedProcesses(found).Worker }),
    };
    return special[name.replace(/^node:/, "")]?.() ?? found;
  };
  return Object.assign(own, { cache: inFolder.cache, resolve: (id) => inFolder.resolve(find(id)), main: undefined });
}

/** Say once for each module why it cannot be found: the error itself is the platform's. @param {string} name */
function explainMissing(name) {
  if (explained.has(name)) {
    return;
  }
  explained.add(name);
  tell({ kind: "warning", text: `${name} ${reasonMissing(name)}` });
}

/** @param {string} name */
function reasonMissing(name) {
  if (/^[./]/.test(name)) {
    return "is a file: a hook can require Node's own modules and NPM modules only.";
  }
  if (name.startsWith("node:")) {
    return "is none of Node's own modules.";
  }
  if (name.lastIndexOf("@") > 0) {
    return "is not installed: the script has to name it in quotes, in require('…') itself, or the hook to declare it.";
  }
  return (
    `is not among this hook's NPM modules. Add it there, or require it with a version: ${name}@1.2.3. ` +
    "The modules that Auth0 had ready up to Node 12 have to be declared, too."
  );
}

/** Deno would deny what these need first, the environment, and not speak of processes. A worker ends at the memory limit. */
function deniedProcesses(module) {
  function deny() {
    throw denied("Requires run access, run again with the --allow-run flag");
  }
  return Object.fromEntries(Object.entries(module).map(([name, value]) => [name, typeof value === "function" ? deny : value]));
}

/** @param {string} message as Deno words it */
function denied(message) {
  return Object.assign(new Error(message), { name: "NotCapable" });
}

function callHook(func) {
  const { contract } = job;
  try {
    const body = parse(job.payload);
    const webtask = webtaskOf(body);
    const refused = contract.checks.find((check) => !passes(check, body));
    if (refused) {
      answer({ error: errorOf(new Error(refused.message), { stack: "" }), failed: "refused" });
      exit(0);
    }
    const given = contract.arguments.map((name) => body[name]);
    // Not a method call: `this` is the global object in sloppy code and undefined in strict code.
    func(...given, contextOf(body, webtask), callBack);
  } catch (thrown) {
    if (answered) {
      tell({ kind: "warning", text: `After the answer: ${messageOf(thrown)}` });
      return;
    }
    answer({ error: errorOf(thrown, { kind: SYNCHRONOUS }) });
    exit(0);
  }
}

/** Whether `body` is what one check of the contract asks for. A null on the way is an exception, as it is there. */
function passes(check, body) {
  if (check.unless_absent && check.unless_absent.reduce((value, key) => value?.[key], body) === undefined) {
    return true;
  }
  const value = check.path.reduce((inner, key) => inner[key], body);
  if (Array.isArray(check.is)) {
    return check.is.includes(value);
  }
  return {
    "object": () => typeof value === "object",
    "filled-object": () => typeof value === "object" && value !== null,
    "string": () => typeof value === "string",
    "list-if-any": () => !value || Array.isArray(value),
  }[check.is]();
}

function contextOf(body, webtask) {
  const given = body.context;
  if (job.contract.context === "copy") {
    return { ...given, webtask };
  }
  const context = job.contract.context === "body" || typeof given === "object" ? given : {};
  context.webtask = webtask;
  return context;
}

/** `context.webtask`, its keys in the order of the published runtime. */
function webtaskOf(body) {
  const { secrets } = job;
  const opening = secrets["auth0-extension-secret"];
  const headers = { "content-type": "application/json" };
  if (opening !== undefined) {
    headers.authorization = `Bearer ${opening}`;
  }
  return {
    data: { ...secrets },
    headers,
    id: crypto.randomUUID().replaceAll("-", ""),
    params: {},
    query: {},
    secrets: { ...secrets },
    meta: {
      "auth0-extension": "runtime",
      "auth0-extension-name": job.trigger,
      ...(job.name ? { "hook-name": job.name } : {}),
    },
    storage: storageOf(),
    token: "token-of-a-run",
    body_raw: job.payload,
    body,
    create_token: unsupported("create_token"),
    create_token_url: unsupported("create_token_url"),
  };
}

/** One JSON document that lives as long as this run. */
function storageOf() {
  let kept;
  let seen = false;
  return {
    get(options, done = options) {
      seen = true;
      process.nextTick(done, null, kept === undefined ? undefined : parse(kept));
    },
    set(data, options, done = options) {
      if (!seen && !options?.force) {
        throw new Error("Before storage.set call storage.get, or give the option force: what is stored would be lost.");
      }
      kept = stringify(data);
      process.nextTick(done, null);
    },
  };
}

function unsupported(name) {
  return () => {
    throw new Error(`The '${name}' method is not supported in this environment`);
  };
}

/** The callback that the hook gets. The first call is the answer. */
function callBack(error, result) {
  called += 1;
  if (answered) {
    if (called === 2) {
      tell({ kind: "warning", text: "The hook called back again. The first answer stands." });
    }
    return;
  }
  if (error) {
    answer({ error: errorOf(sendable(error), { wrap: true }), failed: "error" });
    return;
  }
  const data = result || job.contract.default_result === null ? result : job.contract.default_result;
  let text;
  try {
    text = stringify(data) ?? "null";
  } catch {
    const message = "Error when JSON serializing the result of the extension point";
    answer({ error: errorOf(new Error(message), { stack: "" }) });
    return;
  }
  answer({ result: text, addresses: addressesOf(parse(text)) });
}

/**
 * The error that the platform answers with: it sends all own properties, also those that are not told here, and where
 * one of them is no JSON, another error. That gets the place of the hook's own.
 */
function sendable(error) {
  if (!(error instanceof Error)) {
    return error;
  }
  try {
    stringify(Object.fromEntries(Object.getOwnPropertyNames(error).map((name) => [name, error[name]])));
    return error;
  } catch (thrown) {
    tell({ kind: "warning", text: `The hook's own error: ${wholeMessage(error)}` });
    return Object.assign(new Error(`Error serializing error: ${messageOf(thrown)}`), { stack: error.stack });
  }
}

/** The names in a result that are absolute addresses, with what decides whether they can be claims. */
function addressesOf(result) {
  const found = { __proto__: null };
  if (result && typeof result === "object" && !Array.isArray(result)) {
    for (const name of Object.keys(result)) {
      if (Address.canParse(name)) {
        const { protocol, hostname } = new Address(name);
        found[name] = { __proto__: null, protocol, host: hostname };
      }
    }
  }
  return found;
}

function answer(what) {
  answered = true;
  const { heapUsed, external } = process.memoryUsage();
  const line = { kind: "answer", at: now() - started, memory: heapUsed + external, node, ...what };
  try {
    tell(line);
  } catch {
    // An exception carries what is no JSON. Its texts are what counts.
    const texts = Object.entries(what.error).filter(([, value]) => typeof value === "string");
    tell({ ...line, error: { ...Object.fromEntries(texts), statusCode: 500, code: null } });
  }
}

/** What is told of an error: the fields that reach the wire, and `kind` of an exception. */
function errorOf(thrown, { wrap = false, kind, stack } = {}) {
  const isError = thrown instanceof Error;
  const message = wrap && !isError ? wrapped(thrown) : messageOf(thrown);
  const fields = { name: isError ? textOf(thrown.name) : "Error", message, statusCode: 500, code: null };
  if (isError) {
    for (const name of ["code", "errno", "error", "error_description", "data", "friendlyMessage", "statusCode"]) {
      if (thrown[name]) {
        fields[name] = thrown[name];
      }
    }
  }
  return { __proto__: null, ...fields, kind, stack: stack ?? (isError ? textOf(thrown.stack) : `Error: ${message}`) };
}

/** The text that stands in for something passed to the callback which is no Error. */
function wrapped(value) {
  return String(value.message || String(value) || "Unknown error");
}

/** The message of an error, and those of what it stands for. @param {any} error */
function wholeMessage(error, depth = 3) {
  let inner = [];
  try {
    inner = [...(Array.isArray(error.errors) ? error.errors : []), ...(error.cause ? [error.cause] : [])];
  } catch {
    // A getter of the hook's own.
  }
  const more = depth ? inner.slice(0, 5).map((each) => wholeMessage(each, depth - 1)) : [];
  return [messageOf(error), ...more].join(" Because of: ");
}

function messageOf(thrown) {
  return textOf(thrown instanceof Error ? thrown.message : thrown);
}

/** A value as text, also one that has none. */
function textOf(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
