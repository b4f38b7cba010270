/** Traps of hooks that answer with scopes and claims of a token. */

import ts from "typescript";
import { answersOf, propertiesOf, writesTo } from "./result.js";

const SCOPE = 1; // the second argument
const FORBIDDEN = ["auth0.com", "webtask.io", "webtask.run"];
const EDITS = ["push", "pop", "shift", "unshift", "splice"];

/** Answers that leave `scope` out. @param {import("./analysis.js").Script} script */
export function resultHints(script) {
  const { hook, source, parameter } = script;
  const scope = parameter(SCOPE) && hook.parameters[SCOPE].name.getText(source);
  const property = scope === "scope" ? "scope" : `scope: ${scope}`;
  return answersOf(script).flatMap(({ call, value, literal, variable }) => {
    if (!value || value.kind === ts.SyntaxKind.NullKeyword) {
      const [first] = call.arguments;
      const from = first ? first.getStart(source) : call.getEnd() - 1;
      const changes = scope && [{ from, to: call.getEnd() - 1, insert: `null, { ${property} }` }];
      return [{ id: "no-answer", node: call, changes }];
    }
    if (!literal || hasScope(script, literal, variable)) return [];
    const from = literal.getStart(source) + 1;
    const insert = literal.properties.length ? ` ${property},` : ` ${property} `;
    return [{ id: "no-scope", node: value, changes: scope && [{ from, insert }] }];
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
  const found = [];
  walk((node) => {
    if (!ts.isBinaryExpression(node)) return;
    const isEqual = [ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.EqualsEqualsEqualsToken].includes(node.operatorToken.kind);
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
  const answers = new Set(answersOf(script).map(({ variable }) => variable).filter(Boolean));
  const found = writtenToAnswers(script)
    .filter(({ name, value }) => name === "scope" && value && !isIncoming(value))
    .map(({ value }) => ({ id: "scope-edit", node: value }));
  walk((node) => {
    const isAssignment = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (isAssignment && symbol(node.left) === scope && !isIncoming(node.right)) found.push({ id: "scope-edit", node });
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const { expression: list, name } = node.expression;
    const isAnswers = ts.isPropertyAccessExpression(list) && list.name.text === "scope" && answers.has(symbol(list.expression));
    if (EDITS.includes(name.text) && (symbol(list) === scope || isAnswers)) found.push({ id: "scope-edit", node });
  });
  return found;

  /** `scope`, or `scope || []`. */
  function isIncoming(value) {
    if (ts.isBinaryExpression(value)) return isIncoming(value.left);
    const named = ts.isShorthandPropertyAssignment(value.parent)
      ? script.checker.getShorthandAssignmentValueSymbol(value.parent)
      : symbol(value);
    return named === scope;
  }
}

/** All properties of answers that stand in the script. */
function writtenToAnswers(script) {
  const seen = new Set();
  return answersOf(script).flatMap(({ literal, variable }) => {
    const thing = variable ?? literal;
    if (!thing || seen.has(thing)) return [];
    seen.add(thing);
    return [...(literal ? propertiesOf(literal) : []), ...(variable ? writesTo(script, variable) : [])];
  });
}

/** Whether an answer has scopes, or may have got them where this does not look. */
function hasScope(script, literal, variable) {
  const isOpen = literal.properties.some((property) => ts.isSpreadAssignment(property) || ts.isComputedPropertyName(property.name));
  if (isOpen || propertiesOf(literal).some(({ name }) => name === "scope")) return true;
  return Boolean(variable) && (writesTo(script, variable).some(({ name }) => name === "scope") || isHandedOn(script, variable));
}

/** Whether another function than the callback gets the variable, or it is assigned anew. */
function isHandedOn({ walk, symbol, parameter }, variable) {
  let handedOn = false;
  walk((node) => {
    if (ts.isCallExpression(node) && symbol(node.expression) !== parameter(-1)) {
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
