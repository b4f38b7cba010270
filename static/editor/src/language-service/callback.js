/** Ways through a hook that never call back, or call back twice. Only what is certain is told. */

import ts from "typescript";
import { mayBe } from "./conditions.js";
import { flowOf } from "./flow.js";

/** Names of functions that may throw on purpose. */
const FAILING = /^(?:abort|assert|bail|die|exit|fail|panic|raise|reject|throw)/i;

const THROWING = new Set([
  ts.SyntaxKind.NewExpression,
  ts.SyntaxKind.AwaitExpression,
  ts.SyntaxKind.TaggedTemplateExpression,
]);

/** What patterns that are assigned to consist of. */
const PATTERNS = [
  ts.isArrayLiteralExpression,
  ts.isObjectLiteralExpression,
  ts.isPropertyAssignment,
  ts.isShorthandPropertyAssignment,
  ts.isSpreadElement,
  ts.isSpreadAssignment,
  ts.isParenthesizedExpression,
];

/**
 * @param {import("./analysis.js").Script} script
 * @param {number[]} unknown where names stand that do not exist: the hook fails there
 * @param {ts.Node[]} never comparisons that are never true
 * @returns {import("./analysis.js").Finding[]}
 */
export function callbackHints(script, unknown, never) {
  const { hook, callbackIndex } = script;
  if (!hook?.body || callbackIndex < 0 || hook.parameters.some(({ dotDotDotToken }) => dotDotDotToken)) return [];
  try {
    const uses = usesOf(script, unknown, never);
    return uses ? [...lostWays(script, uses), ...secondCalls(script, uses)] : [];
  } catch (error) {
    // Too large, or nested too deeply.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** @typedef {import("./flow.js").Step} Step */

/**
 * How the callback is used. A mention is any use but a call: somebody else may call it from there on.
 * @typedef {object} Uses
 * @property {(node: ts.Node) => boolean} isCall
 * @property {(node: ts.Node) => boolean} isMention
 * @property {(node: ts.Node) => boolean} holds whether the callback is used anywhere in `node`
 * @property {(declaration: ts.FunctionLikeDeclaration) => ReturnType<typeof flowOf>} flow
 */

/**
 * @param {import("./analysis.js").Script} script
 * @param {number[]} unknown
 * @param {ts.Node[]} never
 * @returns {Uses | null} null where the callback cannot be followed
 */
function usesOf({ hook, source, checker, symbol, callbackIndex }, unknown, never) {
  if (!hook) return null;
  const parameter = hook.parameters[callbackIndex];
  const callback = parameter && ts.isIdentifier(parameter.name) ? symbol(parameter.name) : undefined;
  if (parameter && callback?.declarations?.length !== 1) return null;
  /** What stands for the callback, and functions that use it: names by which it is reached. @type {Set<ts.Symbol | undefined>} */
  const names = new Set(callback ? [callback] : []);
  /** @type {Map<ts.Symbol | undefined, ts.Node>} */
  const carriers = new Map();
  const named = (/** @type {ts.Node} */ node) =>
    ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : symbol(node);
  const uses = (/** @type {ts.Node} */ node, /** @type {{ has: (symbol: ts.Symbol | undefined) => boolean }} */ set) =>
    ts.isIdentifier(node) && node !== parameter?.name && set.has(named(node));
  const holds = (/** @type {ts.Node} */ node) => some(node, (each) => uses(each, names) || uses(each, carriers));

  /** Names, and what they stand for from their beginning. @type {[ts.Node, any][]} */
  const constants = [];
  let isLost = false;
  some(hook, (node) => {
    isLost ||= ts.isWithStatement(node) || (ts.isIdentifier(node) && ["arguments", "eval"].includes(node.text));
    isLost ||= uses(node, names) && isTarget(node);
    const isConstant = ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name);
    if (isConstant && node.parent.flags & ts.NodeFlags.Const) constants.push([node.name, node.initializer]);
    if (ts.isFunctionDeclaration(node) && node.name && node !== hook) constants.push([node.name, node]);
  });
  if (isLost || hook.parameters.some((each) => each !== parameter && holds(each))) return null;
  for (const [name, value] of constants) if (uses(value, names)) names.add(symbol(name));
  const functions = constants.filter(([, value]) => ts.isFunctionLike(value));
  for (let size = -1; size < carriers.size; ) {
    size = carriers.size;
    for (const [name, value] of functions)
      if (!carriers.has(symbol(name)) && holds(value.body)) carriers.set(symbol(name), value);
  }

  const missing = new Set(unknown);
  const failing = new Map();
  const known = (/** @type {ts.Expression} */ test) => (never.includes(test) ? false : undefined);
  const flow = (/** @type {ts.FunctionLikeDeclaration} */ declaration) =>
    flowOf(declaration, { throws, valueOf: known });
  const isCall = (/** @type {ts.Node} */ node) => ts.isCallExpression(node) && uses(node.expression, names);
  const isDeclared = (/** @type {ts.Node} */ node) => [...carriers.values()].includes(node);
  return {
    flow,
    holds,
    isCall,
    isMention(node) {
      if (ts.isIdentifier(node))
        return !isNamed(node) && ((uses(node, names) && !isCall(node.parent)) || uses(node, carriers));
      return (ts.isFunctionLike(node) || ts.isClassLike(node)) && !isDeclared(node) && holds(node);
    },
  };

  /** Whether `node` only gets a name that is followed: `const done = callback`. @param {ts.Node} node */
  function isNamed({ parent }) {
    return ts.isVariableDeclaration(parent) && (names.has(symbol(parent.name)) || carriers.has(symbol(parent.name)));
  }

  /**
   * Whether an expression throws: names do that do not exist, and functions of the script that never return.
   * @param {ts.Node} node
   * @returns {"always" | "maybe" | "seldom" | "never"}
   */
  function throws(node) {
    if (ts.isIdentifier(node)) {
      const isRead = !ts.isTypeOfExpression(node.parent) && !isTarget(node);
      return missing.has(node.getStart(source)) && isRead ? "always" : "never";
    }
    if (!ts.isCallExpression(node)) return THROWING.has(node.kind) ? "seldom" : "never";
    const { expression } = node;
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    if (neverReturns(symbol(expression)?.valueDeclaration)) return "always";
    if (ts.isIdentifier(name) && FAILING.test(name.text)) return "maybe";
    const isLog =
      ts.isPropertyAccessExpression(expression) &&
      ts.isIdentifier(expression.expression) &&
      expression.expression.text === "console";
    return isCall(node) || isLog ? "never" : "seldom";
  }

  /** @param {ts.Declaration | undefined} declaration @returns {boolean} */
  function neverReturns(declaration) {
    /** @type {any} */
    const own = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
    if (!own || !ts.isFunctionLike(own) || own === hook) return false;
    const value = /** @type {ts.FunctionLikeDeclaration} */ (own);
    if (!value.body) return false;
    if (!failing.has(value)) {
      failing.set(value, false); // while it is looked at, as it may call itself
      const { entry } = flow(value);
      failing.set(value, ![...reach([entry])].some(({ kind }) => kind === "end"));
    }
    return failing.get(value);
  }
}

/**
 * Where a hook ends without having called back, and nobody else can.
 * @param {import("./analysis.js").Script} script
 * @param {Uses} uses
 * @returns {import("./analysis.js").Finding[]}
 */
function lostWays(script, uses) {
  const { source, callbackIndex } = script;
  const hook = /** @type {ts.FunctionLikeDeclaration} */ (script.hook);
  const { entry, steps } = uses.flow(hook);
  const isUse = (/** @type {Step} */ { kind, node }) =>
    kind === "node" && node !== undefined && (uses.isCall(node) || uses.isMention(node));
  const isEnd = (/** @type {Step} */ { kind }) => kind === "end";
  const all = reach([entry]);
  const used = [...all].filter(isUse);
  if (!used.length || hook.asteriskToken) {
    const node =
      hook.parameters[callbackIndex] ?? hook.parameters.at(-1) ?? hook.name ?? hook.getFirstToken(source) ?? hook;
    const isTold = [...all].some(isEnd) || hook.asteriskToken;
    return isTold ? [{ id: "never-calls-back", node, values: { number: String(callbackIndex + 1) } }] : [];
  }
  const after = reach(used.flatMap(({ next, caught }) => (caught ? [...next, caught] : next)));
  const hopeful = leadingTo(steps, [...used, ...steps.filter(({ kind }) => kind === "throw")]);
  const ending = leadingTo(steps, steps.filter(isEnd));
  const lost = [...all].filter(
    (step) => !after.has(step) && !hopeful.has(step) && ending.has(step) && isThoughtOf(step),
  );
  // Of these, those that no other one leads to.
  const inner = reach(lost.flatMap(({ next }) => next));
  return lost
    .filter((step) => !inner.has(step))
    .map(({ kind, node = hook, test, truth }) =>
      kind === "past" && test
        ? { id: "calls-back-only-where", node: test, values: { truth: String(!truth) } }
        : { id: "path-without-callback", node: lastOf(node) },
    );

  /** Whether a way is surely taken at times: somebody wrote something for it, or a test can surely fail. */
  /** @param {Step} step */
  function isThoughtOf(step) {
    const { kind, node, test, truth = false } = step;
    if (kind === "part" && node) return !ts.isThrowStatement(lastOf(node));
    if (kind !== "past" || !test || !mayBe(script, test, truth)) return false;
    // What earlier tests have sorted out may leave nothing for this one.
    const fork = steps.find(({ next }) => next.includes(step));
    return ![...reach([entry], fork)].some(isEnd);
  }
}

/**
 * Calls after which, on all ways, another one follows.
 * @param {import("./analysis.js").Script} script
 * @param {Uses} uses
 * @returns {import("./analysis.js").Finding[]}
 */
function secondCalls({ hook, source }, uses) {
  /** @type {ts.FunctionLikeDeclaration[]} */
  const functions = [];
  some(hook, (node) => {
    const { body } = /** @type {ts.FunctionLikeDeclaration} */ (node);
    if (ts.isFunctionLike(node) && body && uses.holds(body))
      functions.push(/** @type {ts.FunctionLikeDeclaration} */ (node));
  });
  return functions.flatMap((each) => {
    const { entry, steps } = uses.flow(each);
    const isCall = (/** @type {Step} */ { kind, node }) => kind === "node" && node !== undefined && uses.isCall(node);
    const calling = steps.filter(isCall);
    const free = leadingTo(
      steps,
      steps.filter(({ next }) => !next.length),
      new Set(calling),
    );
    const followed = leadingTo(steps, calling);
    const isFollowed = (/** @type {Step} */ { next }) => next.every((one) => !free.has(one) && followed.has(one));
    const reached = reach([entry]);
    const calls = calling.filter((step) => reached.has(step));
    // What stands in finally is there once for each way that leads through it.
    const nodes = new Set(calls.map(({ node }) => /** @type {ts.CallExpression} */ (node)));
    const once = new Set(
      calls.filter((call) => !isFollowed(call)).map(({ node }) => /** @type {ts.CallExpression} */ (node)),
    );
    return [...nodes]
      .filter((node) => !once.has(node))
      .map((node) => ({ id: "calls-back-again", node, changes: returning(node, source) }));
  });
}

/** The edit that ends a function at a call. @param {ts.CallExpression} call @param {ts.SourceFile} source */
function returning(call, source) {
  return ts.isExpressionStatement(call.parent) ? [{ from: call.getStart(source), insert: "return " }] : undefined;
}

/** The steps that `starts` may lead to, those included, without going through `avoided`. @param {Step[]} starts @param {Step} [avoided] */
function reach(starts, avoided) {
  const found = new Set(starts);
  for (const step of found) {
    if (step === avoided) continue;
    for (const next of step.next) found.add(next);
    if (step.caught) found.add(step.caught);
  }
  return found;
}

/** The steps from which there is a way to one of `ends`, those included, but through none of `avoided`. @param {Step[]} steps @param {Step[]} ends @param {Set<Step>} avoided */
function leadingTo(steps, ends, avoided = new Set()) {
  /** @type {Map<Step, Step[]>} */
  const before = new Map();
  for (const step of steps) {
    for (const next of step.caught ? [...step.next, step.caught] : step.next) {
      const leading = before.get(next) ?? [];
      leading.push(step);
      before.set(next, leading);
    }
  }
  const found = new Set(ends);
  for (const step of found) for (const one of before.get(step) ?? []) if (!avoided.has(one)) found.add(one);
  return found;
}

/** Where a part ends. @param {ts.Node} part @returns {ts.Node} */
function lastOf(part) {
  const { statements } = /** @type {ts.Block} */ (part);
  return statements?.at(-1) ?? part;
}

/** Whether something is assigned to `node`, by itself or in a pattern. @param {ts.Node} node @returns {boolean} */
function isTarget(node) {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    return parent.left === node && kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  }
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === node;
  if (ts.isPropertyAssignment(parent) && parent.initializer !== node) return false;
  return PATTERNS.some((is) => is(parent)) && isTarget(parent);
}

/**
 * Whether `is` holds for `node` or anything in it.
 * @param {ts.Node | undefined} node
 * @param {(node: ts.Node) => unknown} is
 * @returns {boolean}
 */
function some(node, is) {
  if (!node) return false;
  return Boolean(is(node)) || Boolean(ts.forEachChild(node, (child) => some(child, is) || undefined));
}
