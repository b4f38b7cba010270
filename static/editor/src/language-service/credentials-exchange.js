/** Traps of hooks that answer with scopes and claims of a token. */

import ts from "typescript";
import { answersOf, isNothing, propertiesOf, writesTo } from "./result.js";

const SCOPE = 1; // the second argument
const FORBIDDEN = ["auth0.com", "webtask.io", "webtask.run"];
const ASSIGNMENTS = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);
const PLAIN_VALUES = [ts.isStringLiteralLike, ts.isNumericLiteral, ts.isArrayLiteralExpression]; // no objects with a scope
const EDITS = ["push", "pop", "shift", "unshift", "splice"];

/** Answers that leave `scope` out. @param {import("./analysis.js").Script} script @returns {import("./analysis.js").Finding[]} */
export function resultHints(script) {
  const { hook, source, parameter } = script;
  const scope = parameter(SCOPE) && hook?.parameters[SCOPE].name.getText(source);
  const property = scope === "scope" ? "scope" : `scope: ${scope}`;
  return answersOf(script).flatMap(({ call, value, literal, variable }) => {
    if (!value || isNothing(value) || PLAIN_VALUES.some((is) => is(value))) {
      const [first] = call.arguments;
      const from = first ? first.getStart(source) : call.getEnd() - 1;
      const changes = scope ? [{ from, to: call.getEnd() - 1, insert: `null, { ${property} }` }] : undefined;
      return [{ id: "no-answer", node: call, changes }];
    }
    if (!literal || hasScope(script, literal, variable)) return [];
    const from = literal.getStart(source) + 1;
    const insert = literal.properties.length ? ` ${property},` : ` ${property} `;
    return [{ id: "no-scope", node: value, changes: scope ? [{ from, insert }] : undefined }];
  });
}

/** Claims that the platform leaves out. @param {import("./analysis.js").Script} script */
export function claimHints(script) {
  return writtenToAnswers(script)
    .filter(({ name }) => name !== "scope" && !isClaim(name))
    .map(({ name, key }) => ({ id: "claim-ignored", node: key, values: { name } }));
}

/** Comparisons with a grant for which these hooks do not run. @param {import("./analysis.js").Script} script */
export function passwordGrantHints({ walk, source }) {
  /** @type {import("./analysis.js").Finding[]} */
  const found = [];
  walk((node) => {
    if (!ts.isBinaryExpression(node)) return;
    const isEqual = [ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.EqualsEqualsEqualsToken].includes(
      node.operatorToken.kind,
    );
    const [text, other] = ts.isStringLiteralLike(node.right) ? [node.right, node.left] : [node.left, node.right];
    const isPassword = ts.isStringLiteralLike(text) && text.text === "password";
    if (isEqual && isPassword && /grant_?type/i.test(other.getText(source))) found.push({ id: "password-grant", node });
  });
  return found;
}

/** Scopes that are not those that came in. @param {import("./analysis.js").Script} script */
export function scopeEditHints(script) {
  const { walk, symbol, parameter } = script;
  const scope = parameter(SCOPE);
  if (!scope) return [];
  const answers = new Set(
    answersOf(script)
      .map(({ variable }) => variable)
      .filter(Boolean),
  );
  /** @type {import("./analysis.js").Finding[]} */
  const found = writtenToAnswers(script).flatMap(({ name, value }) =>
    name === "scope" && value && !isIncoming(value) ? [{ id: "scope-edit", node: value }] : [],
  );
  walk((node) => {
    if (ts.isBinaryExpression(node) && ASSIGNMENTS.has(node.operatorToken.kind)) {
      const { left, right, operatorToken } = node;
      const isAdded = operatorToken.kind === ts.SyntaxKind.PlusEqualsToken;
      if (symbol(left) === scope && (isAdded || !(isIncoming(right) || isEmpty(right))))
        found.push({ id: "scope-edit", node });
      const isPart = ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left);
      if (isPart && isList(left.expression)) found.push({ id: "scope-edit", node });
    }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const { expression: list, name } = node.expression;
    if (EDITS.includes(name.text) && isList(list)) found.push({ id: "scope-edit", node });
  });
  return found;

  /** Whether an expression is a list of scopes that the hook has got, or that it answers with. @param {ts.Node} node */
  function isList(node) {
    const isAnswers =
      ts.isPropertyAccessExpression(node) && node.name.text === "scope" && answers.has(symbol(node.expression));
    return isAnswers || (ts.isIdentifier(node) && isIncoming(node));
  }

  /**
   * The scopes that came in, by another name, copied, or with nothing in their place: `scope || []`.
   * @param {any} value
   * @param {number} depth through so many names
   * @returns {boolean}
   */
  function isIncoming(value, depth = 5) {
    const next = (/** @type {ts.Node} */ each) => isIncoming(each, depth - 1);
    if (!depth) return false;
    if (ts.isParenthesizedExpression(value)) return next(value.expression);
    if (ts.isBinaryExpression(value)) return next(value.left) && (next(value.right) || isEmpty(value.right));
    if (ts.isConditionalExpression(value)) {
      const sides = [value.whenTrue, value.whenFalse];
      return sides.some(next) && sides.every((side) => next(side) || isEmpty(side));
    }
    if (ts.isArrayLiteralExpression(value)) {
      return value.elements.length === 1 && ts.isSpreadElement(value.elements[0]) && next(value.elements[0].expression);
    }
    if (ts.isCallExpression(value)) {
      const { expression } = value;
      return (
        !value.arguments.length &&
        ts.isPropertyAccessExpression(expression) &&
        expression.name.text === "slice" &&
        next(expression.expression)
      );
    }
    const named = ts.isShorthandPropertyAssignment(value.parent)
      ? script.checker.getShorthandAssignmentValueSymbol(value.parent)
      : symbol(value);
    if (named === scope) return true;
    const declaration = named?.valueDeclaration;
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
    return Boolean(declaration.parent.flags & ts.NodeFlags.Const) && next(declaration.initializer);
  }
}

/** @param {ts.Expression} value */
function isEmpty(value) {
  return isNothing(value) || (ts.isArrayLiteralExpression(value) && !value.elements.length);
}

/** All properties of answers that stand in the script. @param {import("./analysis.js").Script} script */
function writtenToAnswers(script) {
  const seen = new Set();
  return answersOf(script).flatMap(({ literal, variable }) => {
    const thing = variable ?? literal;
    if (!thing || seen.has(thing)) return [];
    seen.add(thing);
    return [...(literal ? propertiesOf(literal) : []), ...(variable ? writesTo(script, variable) : [])];
  });
}

/**
 * Whether an answer has scopes, or may have got them where this does not look.
 * @param {import("./analysis.js").Script} script
 * @param {ts.ObjectLiteralExpression} literal
 * @param {ts.Symbol | undefined} variable
 */
function hasScope(script, literal, variable) {
  const isOpen = literal.properties.some(
    (property) => ts.isSpreadAssignment(property) || ts.isComputedPropertyName(property.name),
  );
  if (isOpen || propertiesOf(literal).some(({ name }) => name === "scope")) return true;
  return (
    variable !== undefined &&
    (writesTo(script, variable).some(({ name }) => name === "scope") || isHandedOn(script, variable))
  );
}

/** Whether another function than the callback gets the variable, or it is assigned anew. @param {import("./analysis.js").Script} script @param {ts.Symbol} variable */
function isHandedOn({ walk, symbol, parameter, callbackIndex }, variable) {
  let handedOn = false;
  walk((node) => {
    if (ts.isCallExpression(node) && symbol(node.expression) !== parameter(callbackIndex)) {
      handedOn ||= node.arguments.some((argument) => symbol(argument) === variable);
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      handedOn ||= symbol(node.left) === variable;
    }
  });
  return handedOn;
}

/** The platform's own filter of claims. @param {string} name */
function isClaim(name) {
  let url;
  try {
    url = new URL(name);
  } catch {
    return false;
  }
  const host = url.hostname.toLowerCase();
  return /^https?:$/.test(url.protocol) && !FORBIDDEN.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
