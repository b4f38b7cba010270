/** TypeScript's language service for one hook, in a worker. Answers `{id, method, ...}` with `{id, result}`. */

import ts from "typescript";
import libraries from "typescript-libraries";
import runtime from "../../../../hooksui/catalogue/language/runtime.d.ts";
import { analyse } from "./analysis.js";
import { PLAIN_ERRORS } from "./plain-errors.js";
import { virtualFile } from "./virtual-file.js";

const HOOK = "/hook.js";
const LIBRARY = "lib.es2023.d.ts";
const MOST_COMPLETIONS = 1000;
const UNKNOWN_NAME = new Set([2304, 2552]);

/** Declarations by path; they change when the hook's secrets do. @type {Map<string, {text: string, version: number}>} */
const files = new Map();
/** The script as TypeScript sees it. @type {import("./virtual-file.js").VirtualFile} */
let script = virtualFile("");
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
  getScriptSnapshot: (path) => (files.has(path) ? ts.ScriptSnapshot.fromString(files.get(path).text) : undefined),
  getCurrentDirectory: () => "/",
  getDefaultLibFileName: () => `/${LIBRARY}`,
  fileExists: (path) => files.has(path),
  readFile: (path) => files.get(path)?.text,
  directoryExists: () => false,
});

const methods = {
  /** @param {{ types: string, hook: typeof hook }} about */
  open({ types, hook: about }) {
    write("/types.d.ts", types);
    methods.update({ hook: about });
  },

  update({ hook: about }) {
    hook = { ...hook, ...about };
    const names = (hook.secrets ?? []).map((name) => `  /** A secret of this hook. */\n  ${JSON.stringify(name)}: string;\n`);
    write("/secrets.d.ts", `interface HookSecrets {\n${names.join("")}  [name: string]: string;\n}\n`);
  },

  text({ text }) {
    script = virtualFile(text);
    write(HOOK, script.text);
  },

  analyse() {
    const program = service.getProgram();
    const source = program.getSourceFile(HOOK);
    const { errors, unknown } = problems(source);
    const found = analyse(source, program.getTypeChecker(), { ...hook, unknown: errors.length ? [] : unknown }, script);
    // What cannot be parsed is not understood well enough for advice.
    return { errors, ...found, hints: errors.length ? [] : found.hints };
  },

  complete({ at }) {
    const found = service.getCompletionsAtPosition(HOOK, script.toVirtual(at), {
      includeCompletionsForModuleExports: false,
      includeCompletionsWithInsertText: false,
    });
    const entries = (found?.entries ?? []).filter(({ kind }) => kind !== ts.ScriptElementKind.warning);
    return entries.slice(0, MOST_COMPLETIONS).map(({ name, kind, sortText }) => ({ name, kind, sortText }));
  },

  describe({ at, name }) {
    const details = service.getCompletionEntryDetails(HOOK, script.toVirtual(at), name, {}, undefined, {}, undefined);
    return details && described(details);
  },

  hover({ at }) {
    const info = service.getQuickInfoAtPosition(HOOK, script.toVirtual(at));
    if (!info) return null;
    const { start, length } = info.textSpan;
    return { ...described(info), from: script.toReal(start), to: script.toReal(start + length) };
  },

  signature({ at }) {
    const help = service.getSignatureHelpItems(HOOK, script.toVirtual(at), {});
    const item = help?.items[help.selectedItemIndex];
    if (!item) return null;
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

/**
 * What does not compile, and the names that do not exist (TypeScript's codes 2304 and 2552). With `checkJs` the errors
 * that plain JavaScript has by itself are among the semantic ones: `await` outside of async, a name declared twice.
 * @param {ts.SourceFile} source
 */
function problems(source) {
  const semantic = service.getSemanticDiagnostics(HOOK);
  const found = [...service.getSyntacticDiagnostics(HOOK), ...semantic.filter(({ code }) => PLAIN_ERRORS.has(code))];
  const errors = found.map(({ start, length, messageText }) => ({
    from: script.toReal(start),
    to: script.toReal(start + length),
    message: ts.flattenDiagnosticMessageText(messageText, " "),
  }));
  for (const name of takenNames(source)) {
    const [from, to] = [script.toReal(name.getStart(source)), script.toReal(name.getEnd())];
    errors.push({ from, to, message: `The platform has a class ${name.text} already: the script does not compile.` });
  }
  const unknown = semantic.filter(({ code }) => UNKNOWN_NAME.has(code)).map(({ start }) => start);
  return { errors, unknown };
}

/** Names at the top level that the platform declares before the script. @param {ts.SourceFile} source */
function takenNames(source) {
  const declared = `${runtime}${files.get("/types.d.ts")?.text ?? ""}`;
  const classes = new Set(Array.from(declared.matchAll(/^declare class (\w+Error)\b/gm), ([, name]) => name));
  return source.statements
    .flatMap((statement) => {
      if (ts.isClassDeclaration(statement)) return [statement.name];
      return ts.isVariableStatement(statement) ? statement.declarationList.declarations.map(({ name }) => name) : [];
    })
    .filter((name) => name && ts.isIdentifier(name) && classes.has(name.text));
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
    self.postMessage({ id, result: isStale ? null : methods[method](given) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
}

self.addEventListener("message", ({ data }) => {
  waiting.push(data);
  // Later, so that what has arrived meanwhile is known.
  setTimeout(work);
});
