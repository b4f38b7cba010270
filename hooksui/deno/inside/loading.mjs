// Compiles the script, and finds what it requires: Node's own modules, and those that were installed for this run.
import { Console } from "node:console";
import { createRequire, isBuiltin } from "node:module";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { job, warn } from "./channel.mjs";
import { denied } from "./machine.mjs";

/**
 * The script as a function.
 * @param {string[]} parameters the names that it finds, such as `module`
 * @param {{ resolve: (id: string) => string }} requires its own `require`, for `import()`
 * @param {string} [prelude] stands in front of the script's first line
 * @returns {Function}
 * @throws {Error} where it does not compile
 */
export function compile(parameters, requires, prelude = "") {
  const limit = Error.stackTraceLimit;
  try {
    // Without frames of ours, an error of syntax tells its own place.
    Error.stackTraceLimit = 0;
    return vm.compileFunction(prelude + job.script.replace(/^\ufeff/, ""), parameters, {
      filename: job.file,
      columnOffset: -prelude.length,
      // Around the function, where the script may still declare the name itself.
      contextExtensions: [{ __proto__: null, Deno: undefined }],
      importModuleDynamically: async (id) => import(addressOf(requires.resolve(id))),
    });
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Where `import()` finds what `require.resolve` has found. @param {string} found */
function addressOf(found) {
  return found.startsWith("/") ? pathToFileURL(found).href : `node:${found.replace(/^node:/, "")}`;
}

/**
 * The script's `require`. Why a module cannot be found is told once for each: the error itself is the platform's.
 * @param {(name: string) => string} reasonMissing what completes a sentence that begins with the module's name
 */
export function requireOf(reasonMissing) {
  const inFolder = createRequire(`${job.folder}/${job.file}`);
  const builtins = new Set(job.builtins);
  const explained = new Set();
  /** @param {string} id */
  const find = (id) => {
    // Where the platform had put its modules, as scripts of old have it.
    const name = String(id).replace(/^\.\/node_modules\//, "");
    const isOwn = name.startsWith("node:") && isBuiltin(name);
    if (isOwn || builtins.has(name.replace(/^node:/, "").split("/")[0])) {
      return name;
    }
    const wanted = Object.keys(job.modules).find((known) => name === known || name.startsWith(`${known}/`));
    if (wanted === undefined) {
      if (!explained.has(name)) {
        explained.add(name);
        warn(`${name} ${reasonMissing(name)}`);
      }
      throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
    }
    return job.modules[wanted] + name.slice(wanted.length);
  };
  /** @param {string} id */
  const own = (id) => {
    const name = find(id);
    const found = inFolder(name);
    /** @type {Record<string, () => object>} */
    const special = {
      console: () => Object.assign(console, { Console }),
      child_process: () => deniedProcesses(found),
      cluster: () => deniedProcesses(found),
      worker_threads: () => ({ ...found, Worker: deniedProcesses(found).Worker }),
    };
    return special[name.replace(/^node:/, "")]?.() ?? found;
  };
  /** @param {string} id */
  const resolve = (id) => inFolder.resolve(find(id));
  return Object.assign(own, { cache: inFolder.cache, resolve, main: undefined });
}

/**
 * Deno would deny what these need first, the environment, and not speak of processes. A worker ends at the memory limit.
 * @param {Record<string, unknown>} module
 */
function deniedProcesses(module) {
  function deny() {
    throw denied("Requires run access, run again with the --allow-run flag");
  }
  return Object.fromEntries(
    Object.entries(module).map(([name, value]) => [name, typeof value === "function" ? deny : value]),
  );
}
