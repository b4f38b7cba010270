/**
 * The script as TypeScript sees it. A JSDoc type stands before each parameter of the exported function, so that they
 * have their types whatever they are called and however the function is exported. Offsets are mapped both ways.
 */

import ts from "typescript";

/**
 * @typedef {object} VirtualFile
 * @property {string} text
 * @property {(offset: number) => number} toVirtual
 * @property {(offset: number) => number} toReal offsets inside what was inserted become the place of it
 */

/**
 * @param {string} script
 * @returns {VirtualFile}
 */
export function virtualFile(script) {
  const source = ts.createSourceFile("hook.js", script, ts.ScriptTarget.ES2023, true, ts.ScriptKind.JS);
  const hook = exportedFunction(source);
  const inserted = (hook?.parameters ?? [])
    .map((parameter, index) => ({ parameter, index }))
    .filter(({ parameter }) => !parameter.dotDotDotToken && isInParentheses(hook, parameter, script))
    .map(({ parameter, index }) => ({
      at: parameter.getStart(source),
      text: `/** @type {HookArguments[${index}]} */ `,
    }));
  let text = "";
  let from = 0;
  for (const { at, text: type } of inserted) {
    text += script.slice(from, at) + type;
    from = at;
  }
  return {
    text: text + script.slice(from),
    toVirtual: (offset) =>
      inserted.reduce((sum, { at, text: type }) => (at <= offset ? sum + type.length : sum), offset),
    toReal(offset) {
      let before = 0;
      for (const { at, text: type } of inserted) {
        const start = at + before;
        if (offset <= start) break;
        if (offset < start + type.length) return at;
        before += type.length;
      }
      return offset - before;
    },
  };
}

/**
 * The function that a script exports: the last one assigned to module.exports at the top level, directly or by name.
 * @param {ts.SourceFile} source
 * @returns {ts.FunctionLikeDeclaration | undefined}
 */
export function exportedFunction(source) {
  let found;
  for (const statement of source.statements) {
    if (!ts.isExpressionStatement(statement)) continue;
    let { expression } = statement;
    let exported = false;
    while (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      exported ||= expression.left.getText(source) === "module.exports";
      expression = expression.right;
    }
    if (exported) found = functionOf(expression, source);
  }
  return found;
}

/** @param {ts.Expression} expression @param {ts.SourceFile} source */
function functionOf(expression, source) {
  while (ts.isParenthesizedExpression(expression)) expression = expression.expression;
  if (ts.isFunctionExpression(expression) || ts.isArrowFunction(expression)) return expression;
  if (!ts.isIdentifier(expression)) return undefined;
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === expression.text) return statement;
    if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const isIt = ts.isIdentifier(name) && name.text === expression.text && initializer;
        if (isIt && (ts.isFunctionExpression(initializer) || ts.isArrowFunction(initializer))) return initializer;
      }
    }
  }
  return undefined;
}

/** An arrow function's only parameter may stand alone, and a type before it would not be one. @param {any} hook @param {ts.Node} parameter @param {string} script */
function isInParentheses(hook, parameter, script) {
  return !ts.isArrowFunction(hook) || script.slice(hook.getStart(), parameter.getStart()).includes("(");
}
