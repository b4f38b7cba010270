/** TypeScript's language service for one hook, in a worker. Answers `{id, method, ...}` with `{id, result}`. */

import runtime from "hook-runtime";
import ts from "typescript";
import libraries from "typescript-libraries";
import { read } from "../reading.js";
import { analyse } from "./analysis.js";
import { PLAIN_ERRORS } from "./plain-errors.js";
import { virtualFile } from "./virtual-file.js";

const HOOK = "/hook.js";
const LIBRARY = "lib.es2023.d.ts";
const MAX_COMPLETIONS = 1000;
const UNKNOWN_NAME = new Set([2304, 2552]);

/** Declarations by path; they change when the hook's secrets do. @type {Map<string, {text: string, version: number}>} */
const files = new Map();
/** The script as TypeScript sees it. @type {import("./virtual-file.js").VirtualFile} */
let script = virtualFile("");
let written = ""; // the script itself
/** @type {{ trigger: string, secrets: string[] | null, modules: string[] }} */
let hook = { trigger: "", secrets: null, modules: [] };

for (const [name, text] of Object.entries(libraries)) write(`/${name}`, text);
write("/runtime.d.ts", runtime);
write(HOOK, "");

const service = ts.createLanguageService({
  getCompilationSettings: () => ({
    allowJs: true,
    // Of what it finds in plain JavaScript only that counts of which a person would say the same, see problems() below.
    checkJs: true,
    lib: [LIBRARY],
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    types: [],
  }),
  getScriptFileNames: () => [HOOK, "/runtime.d.ts", "/types.d.ts", "/secrets.d.ts"].filter((path) => files.has(path)),
  getScriptVersion: (path) => String(files.get(path)?.version ?? 0),
  getScriptSnapshot: (path) => {
    const file = files.get(path);
    return file && ts.ScriptSnapshot.fromString(file.text);
  },
  getCurrentDirectory: () => "/",
  getDefaultLibFileName: () => `/${LIBRARY}`,
  fileExists: (path) => files.has(path),
  readFile: (path) => files.get(path)?.text,
  directoryExists: () => false,
});

/** At an offset of the script. @typedef {{ at: number }} At */

const methods = {
  /** @param {{ types: string, hook: typeof hook }} about */
  open({ types, hook: about }) {
    write("/types.d.ts", types);
    methods.update({ hook: about });
  },

  /** @param {{ hook: Partial<typeof hook> }} about */
  update({ hook: about }) {
    hook = { ...hook, ...about };
    const names = (hook.secrets ?? []).map(
      (name) => `  /** A secret of this hook. */\n  ${JSON.stringify(name)}: string;\n`,
    );
    write("/secrets.d.ts", `interface HookSecrets {\n${names.join("")}  [name: string]: string;\n}\n`);
  },

  /** @param {{ text: string }} given */
  text({ text }) {
    written = text;
    script = virtualFile(text);
    write(HOOK, script.text);
  },

  analyse() {
    const reading = read(written, platformClasses());
    try {
      return analysis(reading);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Nested too deeply for TypeScript; the reader has got through it.
      return {
        errors: reading.error ? [told(reading.error)] : [],
        requires: [],
        undeclared: [],
        secrets: [],
        hints: [],
      };
    }
  },

  /** @param {At} given */
  complete({ at }) {
    const found = service.getCompletionsAtPosition(HOOK, script.toVirtual(at), {
      includeCompletionsForModuleExports: false,
      includeCompletionsWithInsertText: false,
    });
    const entries = (found?.entries ?? []).filter(({ kind }) => kind !== ts.ScriptElementKind.warning);
    return entries.slice(0, MAX_COMPLETIONS).map(({ name, kind, sortText }) => ({ name, kind, sortText }));
  },

  /** @param {At & { name: string }} given */
  describe({ at, name }) {
    const details = service.getCompletionEntryDetails(HOOK, script.toVirtual(at), name, {}, undefined, {}, undefined);
    return details && described(details);
  },

  /** @param {At} given */
  hover({ at }) {
    const info = service.getQuickInfoAtPosition(HOOK, script.toVirtual(at));
    if (!info) return null;
    const { start, length } = info.textSpan;
    return { ...described(info), from: script.toReal(start), to: script.toReal(start + length) };
  },

  /** @param {At} given */
  signature({ at }) {
    const help = service.getSignatureHelpItems(HOOK, script.toVirtual(at), {});
    const item = help?.items[help.selectedItemIndex];
    if (!help || !item) return null;
    const parameters = item.parameters.map(({ displayParts, documentation }) => ({
      label: ts.displayPartsToString(displayParts),
      documentation: ts.displayPartsToString(documentation),
    }));
    return {
      before: ts.displayPartsToString(item.prefixDisplayParts),
      after: ts.displayPartsToString(item.suffixDisplayParts),
      parameters,
      active: Math.min(help.argumentIndex, parameters.length - 1),
    };
  },
};

/** @param {import("../reading.js").Reading} reading */
function analysis(reading) {
  const program = /** @type {ts.Program} */ (service.getProgram());
  const source = /** @type {ts.SourceFile} */ (program.getSourceFile(HOOK));
  const { errors, unknown } = problems(source, reading.error);
  const about = {
    ...hook,
    noExport: reading.hint,
    callbackIndex: lastArgument(program),
    unknown: errors.length ? [] : unknown,
  };
  const found = analyse(source, program.getTypeChecker(), about, script);
  // What cannot be parsed is not understood well enough for advice.
  return { errors, ...found, hints: errors.length ? [] : found.hints };
}

/**
 * What does not compile, and where names stand that do not exist (TypeScript's codes 2304 and 2552). Whether the script
 * compiles is for the reader to say, which Save asks as well; TypeScript has the exact place, and what else is wrong
 * further down. With `checkJs` the errors that plain JavaScript has by itself are among the semantic ones.
 * @param {ts.SourceFile} source
 * @param {import("../reading.js").Fault | null} fault
 */
function problems(source, fault) {
  const lineOf = (/** @type {number} */ offset) => source.getLineAndCharacterOfPosition(script.toVirtual(offset)).line;
  const semantic = service.getSemanticDiagnostics(HOOK);
  const unknown = semantic.filter(({ code }) => UNKNOWN_NAME.has(code)).map(({ start = 0 }) => start);
  if (!fault) return { errors: [], unknown };
  const found = [...service.getSyntacticDiagnostics(HOOK), ...semantic.filter(({ code }) => PLAIN_ERRORS.has(code))];
  const seen = found.map(({ start = 0, length = 0, messageText }) => ({
    from: script.toReal(start),
    to: script.toReal(start + length),
    message: ts.flattenDiagnosticMessageText(messageText, " "),
  }));
  const line = lineOf(fault.at);
  const place = seen.find(({ from }) => lineOf(from) === line);
  const others = seen.filter(({ from }) => lineOf(from) > line);
  return { errors: [told(fault, place), ...others], unknown };
}

/** A fault as the editor tells it, at `place` or else at its word or sign. @param {import("../reading.js").Fault} fault @param {{ from: number, to: number }} [place] */
function told({ message, at }, place) {
  const [token] = /^(?:[\w$]+|.)?/su.exec(written.slice(at)) ?? [""];
  const { from, to } = place ?? { from: at, to: at + token.length };
  return { from, to, message: `${message}: the script does not compile.` };
}

/** The index of the hook's last argument, the callback; -1 where the point's declarations are missing. @param {ts.Program} program */
function lastArgument(program) {
  const statements = program.getSourceFile("/types.d.ts")?.statements ?? [];
  const given = [...statements].filter(ts.isTypeAliasDeclaration).find(({ name }) => name.text === "HookArguments");
  return given && ts.isTupleTypeNode(given.type) ? given.type.elements.length - 1 : -1;
}

/** The classes that the platform declares in front of the script. */
function platformClasses() {
  const declared = `${runtime}${files.get("/types.d.ts")?.text ?? ""}`;
  return Array.from(declared.matchAll(/^declare class (\w+)\b/gm), ([, name]) => name);
}

/** @param {{displayParts?: ts.SymbolDisplayPart[], documentation?: ts.SymbolDisplayPart[]}} info */
function described({ displayParts, documentation }) {
  return { display: ts.displayPartsToString(displayParts), documentation: ts.displayPartsToString(documentation) };
}

/** @param {string} path @param {string} text */
function write(path, text) {
  files.set(path, { text, version: (files.get(path)?.version ?? 0) + 1 });
}

/** Requests that wait; an analysis is left out when a newer text has come. @type {any[]} */
const waiting = [];

function work() {
  const { id, method, ...given } = waiting.shift();
  const isStale = method === "analyse" && waiting.some((next) => next.method === "text");
  try {
    self.postMessage({
      id,
      result: isStale ? null : /** @type {Record<string, (given: any) => unknown>} */ (methods)[method](given),
    });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
}

self.addEventListener("message", ({ data }) => {
  waiting.push(data);
  // Later, so that what has arrived meanwhile is known.
  setTimeout(work);
});
