/** What a hook answers: the second argument of its callback, and the object behind it. */

import ts from "typescript";

/**
 * @typedef {object} Answer
 * @property {ts.CallExpression} call of the callback, without an error
 * @property {ts.Expression | undefined} value
 * @property {ts.ObjectLiteralExpression | undefined} literal the object, or what the variable began as
 * @property {ts.Symbol | undefined} variable
 */

/**
 * Calls of the hook's callback that answer.
 * @param {import("./analysis.js").Script} script
 * @returns {Answer[]}
 */
export function answersOf({ walk, symbol, parameter, callbackIndex }) {
  const callback = parameter(callbackIndex);
  /** @type {Answer[]} */
  const found = [];
  walk((node) => {
    if (!callback || !ts.isCallExpression(node) || symbol(node.expression) !== callback) return;
    const [error, value] = node.arguments;
    if (error && !isNothing(error)) return;
    const variable = value && ts.isIdentifier(value) ? symbol(value) : undefined;
    const declaration = variable?.valueDeclaration;
    const beginning =
      declaration && "initializer" in declaration ? /** @type {ts.Expression} */ (declaration.initializer) : undefined;
    const object = value && ts.isObjectLiteralExpression(value) ? value : beginning;
    found.push({
      call: node,
      value,
      variable,
      literal: object && ts.isObjectLiteralExpression(object) ? object : undefined,
    });
  });
  return found;
}

/** Whether an expression is surely falsy: no error, and no answer either. @param {ts.Expression} node */
export function isNothing(node) {
  if (ts.isVoidExpression(node) || [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.FalseKeyword].includes(node.kind))
    return true;
  if (ts.isNumericLiteral(node)) return Number(node.text) === 0;
  return ts.isStringLiteralLike(node) ? node.text === "" : ts.isIdentifier(node) && node.text === "undefined";
}

/**
 * What is written to properties of a variable: `x.name = …` and `x['name'] = …`.
 * @param {import("./analysis.js").Script} script
 * @param {ts.Symbol} variable
 * @returns {{name: string, key: ts.Node, value: ts.Expression}[]}
 */
export function writesTo({ walk, symbol }, variable) {
  /** @type {{name: string, key: ts.Node, value: ts.Expression}[]} */
  const found = [];
  walk((node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const { left, right } = node;
    const isProperty = ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left);
    if (!isProperty || symbol(left.expression) !== variable) return;
    const key = ts.isPropertyAccessExpression(left) ? left.name : left.argumentExpression;
    if (ts.isIdentifier(key) && ts.isElementAccessExpression(left)) return;
    if (ts.isIdentifier(key) || ts.isStringLiteralLike(key)) found.push({ name: key.text, key, value: right });
  });
  return found;
}

/**
 * The properties of an object literal whose names stand there.
 * @param {ts.ObjectLiteralExpression} literal
 * @returns {{name: string, key: ts.Node, value: ts.Expression | undefined}[]}
 */
export function propertiesOf(literal) {
  return literal.properties.flatMap((property) => {
    const key = property.name;
    const isPlain = key && (ts.isIdentifier(key) || ts.isStringLiteralLike(key));
    const value = "initializer" in property ? property.initializer : undefined;
    return isPlain ? [{ name: key.text, key, value: value ?? /** @type {any} */ (key) }] : [];
  });
}
