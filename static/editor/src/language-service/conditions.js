/** What a test may be, as far as that is certain. */

import ts from "typescript";

const { SyntaxKind } = ts;
const EQUALITIES = new Set([
  SyntaxKind.EqualsEqualsToken,
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsToken,
  SyntaxKind.ExclamationEqualsEqualsToken,
]);
const ASKING = ["endsWith", "includes", "match", "startsWith", "test"]; // methods of texts, lists and patterns

/**
 * Whether a test surely is `truth` for some payload: it asks for the content of what the hook is called with.
 * @param {import("./analysis.js").Script} script
 * @param {ts.Expression} test
 * @param {boolean} truth
 * @returns {boolean}
 */
export function mayBe(script, test, truth) {
  if (ts.isParenthesizedExpression(test)) return mayBe(script, test.expression, truth);
  if (ts.isPrefixUnaryExpression(test) && test.operator === SyntaxKind.ExclamationToken)
    return mayBe(script, test.operand, !truth);
  if (ts.isPropertyAccessExpression(test)) return truth && isGiven(script, test);
  if (ts.isCallExpression(test) && ts.isPropertyAccessExpression(test.expression)) {
    const { expression, name } = test.expression;
    return ASKING.includes(name.text) && [expression, ...test.arguments].some((each) => isGiven(script, each));
  }
  if (!ts.isBinaryExpression(test)) return false;
  const { left, right } = test;
  const { kind } = test.operatorToken;
  const both = [left, right];
  if (EQUALITIES.has(kind)) {
    return both.some((side) => ts.isStringLiteralLike(side) && side.text) && both.some((side) => isGiven(script, side));
  }
  const isAnd = kind === SyntaxKind.AmpersandAmpersandToken;
  if (!isAnd && kind !== SyntaxKind.BarBarToken) return false;
  return truth === isAnd
    ? both.every((side) => mayBe(script, side, truth))
    : both.some((side) => mayBe(script, side, truth));
}

/** Whether an expression is a member of what the hook is called with, but of its webtask. @param {import("./analysis.js").Script} script @param {ts.Node} node */
function isGiven({ hook, symbol }, node) {
  if (!ts.isPropertyAccessExpression(node)) return false;
  /** @type {ts.Expression} */
  let root = node;
  while (ts.isPropertyAccessExpression(root)) {
    if (root.name.text === "webtask") return false;
    root = root.expression;
  }
  const declaration = symbol(root)?.valueDeclaration;
  return declaration !== undefined && ts.isParameter(declaration) && declaration.parent === hook;
}
