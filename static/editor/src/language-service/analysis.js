/** What a script requires, which secrets it reads, and the traps that it steps into. */

import ts from "typescript";
import texts from "../../../../hooksui/catalogue/language/hints.json" with { type: "json" };
import builtins from "../../../../hooksui/catalogue/node_builtins.json" with { type: "json" };
import { callbackHints } from "./callback.js";
import { claimHints, passwordGrantHints, resultHints, scopeEditHints } from "./credentials-exchange.js";
import { metadataHints } from "./metadata.js";
import { nameHints } from "./names.js";
import { readSecrets } from "./secrets.js";
import { exportedFunction } from "./virtual-file.js";

/**
 * A place in the script that asks for advice. `action` is an edit of the text, or something that the page does.
 * @typedef {object} Hint
 * @property {number} from
 * @property {number} to
 * @property {string} message
 * @property {string} reason
 * @property {{label: string, changes?: {from: number, to: number, insert: string}[], module?: {name: string, version: string}, secret?: string}} [action]
 */

/**
 * @typedef {{ name: string, from: number, to: number }} Place
 * @typedef {{ requires: Required[], undeclared: Required[], secrets: Place[], hints: Hint[] }} Analysis
 * @typedef {Place & { version: string }} Required
 */

/**
 * What a finder has found: a hint's id in hints.json, what it is about, words to fill in, and how to mend it.
 * @typedef {object} Finding
 * @property {string} id
 * @property {ts.Node} node
 * @property {Record<string, string>} [values]
 * @property {{from: number, to?: number, insert: string}[]} [changes]
 */

/**
 * What the finders of hints work with. Offsets are those of the virtual file until a hint is made.
 * @typedef {object} Script
 * @property {ts.SourceFile} source
 * @property {ts.TypeChecker} checker
 * @property {ts.FunctionLikeDeclaration | undefined} hook the exported function
 * @property {(index: number) => ts.Symbol | undefined} parameter of the exported function
 * @property {number} callbackIndex which argument the callback is, -1 where that is not known
 * @property {(node: ts.Node) => ts.Symbol | undefined} symbol
 * @property {(visit: (node: ts.Node) => void) => void} walk every node
 */

/** Finders by trigger. @type {Record<string, ((script: Script) => Finding[])[]>} */
const FINDERS = {
  "credentials-exchange": [resultHints, claimHints, passwordGrantHints, scopeEditHints],
  "pre-user-registration": [metadataHints],
};

/**
 * @param {ts.SourceFile} source
 * @param {ts.TypeChecker} checker
 * @param {object} about
 * @param {string} about.trigger
 * @param {string[] | null} about.secrets
 * @param {string[]} about.modules
 * @param {number} about.callbackIndex
 * @param {number[]} about.unknown where names stand that do not exist
 * @param {import("../reading.js").Fault | null} about.noExport why the script exports no function
 * @param {import("./virtual-file.js").VirtualFile} file
 * @returns {Analysis}
 */
export function analyse(source, checker, about, { toReal, toVirtual }) {
  const hook = exportedFunction(source);
  const symbol = (/** @type {ts.Node} */ node) => checker.getSymbolAtLocation(node);
  /** @type {Script} */
  const script = {
    source,
    checker,
    hook,
    symbol,
    callbackIndex: about.callbackIndex,
    parameter: (index) => (hook?.parameters[index] ? symbol(hook.parameters[index].name) : undefined),
    walk(visit) {
      const each = (/** @type {ts.Node} */ node) => {
        visit(node);
        ts.forEachChild(node, each);
      };
      each(source);
    },
  };
  const place = (/** @type {ts.Node} */ node) => ({ from: toReal(node.getStart(source)), to: toReal(node.getEnd()) });
  const requires = requiredModules(script).map(({ node, ...rest }) => ({ ...rest, ...place(node) }));
  const secrets = readSecrets(script).map(({ node, name }) => ({ name, ...place(node) }));
  const undeclared = requires.filter(
    ({ name, version }, index) =>
      !version && !about.modules.includes(name) && requires.findIndex((other) => other.name === name) === index,
  );

  const finders = [...(FINDERS[about.trigger] ?? []), secretsElsewhere];
  const traps = finders.flatMap((find) => find(script));
  // What another hint is about needs no second one.
  const isTold = (/** @type {Finding} */ { node }) =>
    traps.some((trap) => trap.node.pos <= node.pos && node.end <= trap.node.end);
  const never = traps.filter(({ id }) => id === "password-grant").map(({ node }) => node);
  const others = [
    ...nameHints(script, about.unknown).filter((each) => !isTold(each)),
    ...callbackHints(script, about.unknown, never),
  ];
  /** @type {Finding[]} */
  const found = [...traps, ...others];
  const hints = found.map(({ id, node, values = {}, changes }) => {
    const edits = changes?.map(({ from, to, insert }) => ({ from: toReal(from), to: toReal(to ?? from), insert }));
    return hint(id, place(node), values, edits && { changes: edits });
  });
  if (about.noExport) {
    const node = nodeAt(script, toVirtual(about.noExport.at)) ?? source.statements[0];
    hints.push(hint("no-export", node ? place(node) : { from: 0, to: 0 }, { why: about.noExport.message }));
  }
  for (const { name, from, to } of undeclared) {
    hints.push(hint("module-missing", { from, to }, { name }, { module: { name, version: "" } }));
  }
  if (about.secrets) {
    for (const { name, from, to } of secrets) {
      if (!about.secrets.includes(name)) hints.push(hint("secret-missing", { from, to }, { name }, { secret: name }));
    }
  }
  return { requires, undeclared, secrets, hints: hints.sort((one, other) => one.from - other.from) };
}

/**
 * @param {string} id
 * @param {{from: number, to: number}} place
 * @param {Record<string, string>} values
 * @param {object} [action]
 * @returns {Hint}
 */
function hint(id, place, values, action) {
  const { message, reason, fix } = /** @type {Record<string, { message: string, reason: string, fix?: string }>} */ (
    texts
  )[id];
  const filled = (/** @type {string} */ text) =>
    text.replace(/\{(\w+)\}/g, (whole, /** @type {string} */ name) => values[name] ?? whole);
  return {
    ...place,
    message: filled(message),
    reason: filled(reason),
    ...(action && fix && { action: { label: filled(fix), ...action } }),
  };
}

/** The largest part of the script that begins at `offset`. @param {Script} script @param {number} offset */
function nodeAt({ walk, source }, offset) {
  /** @type {ts.Node | undefined} */
  let found;
  walk((node) => {
    if (!ts.isSourceFile(node) && node.getStart(source) === offset) found ??= node;
  });
  return found;
}

/** Modules that are no part of Node and no files. @param {Script} script */
function requiredModules({ walk, symbol, source }) {
  /** @type {{ name: string, version: string, node: ts.Node }[]} */
  const found = [];
  walk((node) => {
    if (!ts.isCallExpression(node)) return;
    const [argument] = node.arguments;
    if (!argument || !ts.isStringLiteralLike(argument) || !ts.isIdentifier(node.expression)) return;
    if (node.expression.text !== "require" || isOwn(symbol(node.expression), source)) return;
    const { name, version } = moduleOf(argument.text);
    if (name && !builtins.includes(name)) found.push({ name, version, node: argument });
  });
  return found;
}

/** `lodash@4.17.21`, `@scope/name/part`, `node:fs`: split at the first @ that is not the first character. @param {string} id */
export function moduleOf(id) {
  if (!id || /^[./]/.test(id) || id.startsWith("node:")) return { name: "", version: "" };
  const at = id.indexOf("@", 1);
  const path = at < 0 ? id : id.slice(0, at);
  const parts = path.split("/");
  return { name: parts.slice(0, path.startsWith("@") ? 2 : 1).join("/"), version: at < 0 ? "" : id.slice(at + 1) };
}

/** Secrets looked for where other products keep them. @param {Script} script */
function secretsElsewhere({ walk, symbol, source, hook, parameter, callbackIndex }) {
  /** @type {Finding[]} */
  const found = [];
  const context = parameter(callbackIndex - 1);
  const name = context && hook?.parameters[callbackIndex - 1].name.getText(source);
  walk((node) => {
    if (!ts.isPropertyAccessExpression(node) || isWritten(node)) return;
    const holder = node.expression;
    const text = holder.getText(source);
    const isEnvironment =
      text === "process.env" && node.name.text !== "NODE_ENV" && !isOwn(symbol(rootOf(holder)), source);
    const isForeign = ["event.secrets", "configuration"].includes(text) && !symbol(rootOf(holder));
    const isContext =
      ts.isPropertyAccessExpression(holder) &&
      holder.name.text === "secrets" &&
      context &&
      symbol(holder.expression) === context;
    if (!isEnvironment && !isForeign && !isContext) return;
    const insert = `${name}.webtask.secrets.${node.name.text}`;
    const fixable = name && hook && hook.pos <= node.pos && node.end <= hook.end;
    found.push({
      id: "secret-elsewhere",
      node,
      values: { where: text, name: node.name.text },
      changes: fixable ? [{ from: node.getStart(source), to: node.getEnd(), insert }] : undefined,
    });
  });
  return found;
}

/** Whether `node` is the target of an assignment. @param {ts.Node} node */
function isWritten(node) {
  const { parent } = node;
  const isAssignment = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssignment && parent.left === node;
}

/** @param {ts.Expression} node */
function rootOf(node) {
  while (ts.isPropertyAccessExpression(node)) node = node.expression;
  return node;
}

/** Whether the script itself declares what a name stands for. @param {ts.Symbol | undefined} symbol @param {ts.SourceFile} source */
function isOwn(symbol, source) {
  return symbol?.declarations?.some((declaration) => declaration.getSourceFile() === source) ?? false;
}
