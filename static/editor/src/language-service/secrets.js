/** Which secrets a script reads. */

import ts from "typescript";

const HOLDERS = ["secrets", "data"]; // members of context.webtask by which secrets are read

/**
 * Names of secrets that are read from context.webtask, whatever that is called on the way, in helpers as well.
 * @param {import("./analysis.js").Script} script
 * @returns {{name: string, node: ts.Node}[]}
 */
export function readSecrets({ walk, checker, symbol }) {
  /** Parameters of the script's own functions that get what has the secrets. @type {Set<ts.Symbol>} */
  const handed = new Set();
  handOn();
  const found = [];
  walk((node) => {
    if (ts.isPropertyAccessExpression(node) && isHolder(node.expression)) {
      found.push({ name: node.name.text, node: node.name });
    } else if (ts.isElementAccessExpression(node) && isHolder(node.expression)) {
      const { argumentExpression: key } = node;
      if (ts.isStringLiteralLike(key)) found.push({ name: key.text, node: key });
    } else if (ts.isObjectBindingPattern(node) && isTaken(node)) {
      for (const element of node.elements) {
        const key = element.propertyName ?? element.name;
        if (!element.dotDotDotToken && ts.isIdentifier(key)) found.push({ name: key.text, node: key });
      }
    }
  });
  return found.filter(({ name }) => name && name !== "hasOwnProperty");

  /** Whether an expression is what has the secrets. @param {ts.Node} node */
  function isHolder(node, depth = 5) {
    if (!depth || !node) return false;
    if (checker.getTypeAtLocation(node).symbol?.name === "HookSecrets") return true;
    if (ts.isPropertyAccessExpression(node)) return HOLDERS.includes(node.name.text) && isWebtask(node.expression, depth);
    if (!ts.isIdentifier(node)) return false;
    const named = symbol(node);
    const declaration = named?.valueDeclaration;
    if (!declaration) return false;
    if (ts.isVariableDeclaration(declaration)) return isHolder(declaration.initializer, depth - 1);
    if (ts.isBindingElement(declaration)) {
      const key = declaration.propertyName ?? declaration.name;
      const from = declaration.parent.parent;
      const isNamed = ts.isIdentifier(key) && HOLDERS.includes(key.text) && ts.isVariableDeclaration(from);
      return isNamed && isWebtask(from.initializer, depth - 1);
    }
    return ts.isParameter(declaration) && handed.has(named);
  }

  /** Whether an expression is a context's `webtask`. */
  function isWebtask(node, depth) {
    if (!depth || !node) return false;
    if (ts.isPropertyAccessExpression(node)) return node.name.text === "webtask";
    if (!ts.isIdentifier(node)) return false;
    const declaration = symbol(node)?.valueDeclaration;
    if (declaration && ts.isVariableDeclaration(declaration)) return isWebtask(declaration.initializer, depth - 1);
    const key = declaration && ts.isBindingElement(declaration) && (declaration.propertyName ?? declaration.name);
    return Boolean(key) && ts.isIdentifier(key) && key.text === "webtask";
  }

  /** Whether a pattern takes members of what has the secrets. @param {ts.ObjectBindingPattern} pattern */
  function isTaken(pattern) {
    if (checker.getTypeAtLocation(pattern).symbol?.name === "HookSecrets") return true;
    return ts.isVariableDeclaration(pattern.parent) && isHolder(pattern.parent.initializer);
  }

  function handOn() {
    walk((node) => {
      if (!ts.isCallExpression(node)) return;
      const declaration = symbol(node.expression)?.valueDeclaration;
      const called = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
      if (!called || !ts.isFunctionLike(called)) return;
      node.arguments.forEach((argument, index) => {
        const parameter = called.parameters[index];
        if (parameter && ts.isIdentifier(parameter.name) && isHolder(argument)) handed.add(symbol(parameter.name));
      });
    });
  }
}
