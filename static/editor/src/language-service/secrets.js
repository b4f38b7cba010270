/** Which secrets a script reads, wherever it hands them on. */

import ts from "typescript";

const ROUNDS = 8; // through so many functions or variables something is followed

/** What has the secrets as its members. @type {Shape} */
const SECRETS = new Map();
/** A context's `webtask`: two of its members have the secrets. @type {Shape} */
const WEBTASK = new Map([
  ["secrets", SECRETS],
  ["data", SECRETS],
]);
const COPIES = ["assign", "freeze"]; // methods of Object that give back what they are given

/**
 * What is known of a value: its members that lead to secrets. Whatever is called `webtask` is a context's.
 * @typedef {{ get(name: string): Shape | undefined, set(name: string, shape: Shape): unknown, forEach(each: (shape: Shape, name: string) => void): void, size: number }} Shape
 */

/** @typedef {(node: ts.Node | undefined) => Shape | undefined} Next */

/**
 * Names of secrets that are read from context.webtask, whatever that is called on the way, in helpers as well.
 * @param {import("./analysis.js").Script} script
 * @returns {{name: string, node: ts.Node}[]}
 */
export function readSecrets({ walk, checker, symbol }) {
  /** Each place that is given a value: variables, targets of assignments, parameters. @type {[ts.Node, ts.Expression][]} */
  const given = [];
  /** @type {Map<ts.Symbol | undefined, Shape>} */
  const shapes = new Map();
  /** @type {Map<ts.Node, string>} */
  const found = new Map();
  walk(collect);
  for (let round = 0, size = -1; round < ROUNDS && size < shapes.size; round++) {
    size = shapes.size;
    for (const [target, value] of given) bind(target, shapeOf(value));
  }
  walk((node) => {
    if (ts.isPropertyAccessExpression(node) && shapeOf(node.expression) === SECRETS) read(node.name.text, node.name);
    if (ts.isElementAccessExpression(node) && shapeOf(node.expression) === SECRETS) readAll(node.argumentExpression);
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.InKeyword &&
      shapeOf(node.right) === SECRETS
    ) {
      readAll(node.left);
    }
  });
  return [...found].map(([node, name]) => ({ name, node })).sort((one, other) => one.node.pos - other.node.pos);

  /** @param {string | undefined} name @param {ts.Node} node */
  function read(name, node) {
    if (name && !(name in {})) found.set(node, name);
  }

  /** @param {ts.Node} key */
  function readAll(key) {
    for (const { text, node } of textsOf(key)) read(text, node);
  }

  /** @param {ts.Node} node */
  function collect(node) {
    if (ts.isParameter(node)) bind(node.name, undefined);
    if (ts.isVariableDeclaration(node) && node.initializer) given.push([node.name, node.initializer]);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      given.push([node.left, node.right]);
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    const parameters = calledBy(node)?.parameters ?? [];
    node.arguments?.forEach((argument, index) => {
      if (parameters[index]) given.push([parameters[index].name, argument]);
    });
  }

  /**
   * The script's own function that a call runs.
   * @param {{ expression: ts.Expression }} call
   * @returns {ts.FunctionLikeDeclaration | undefined}
   */
  function calledBy({ expression }) {
    while (ts.isParenthesizedExpression(expression)) expression = expression.expression;
    if (ts.isFunctionLike(expression))
      return /** @type {ts.FunctionLikeDeclaration} */ (/** @type {ts.Node} */ (expression));
    /** @type {any} */
    const declaration = symbol(expression)?.valueDeclaration;
    if (declaration && ts.isClassLike(declaration)) return declaration.members.find(ts.isConstructorDeclaration);
    const value = declaration?.initializer ?? declaration;
    return value && ts.isFunctionLike(value) ? /** @type {ts.FunctionLikeDeclaration} */ (value) : undefined;
  }

  /** @param {ts.Node | undefined} node @param {number} depth @returns {Shape | undefined} */
  function shapeOf(node, depth = ROUNDS) {
    if (!node || !depth) return undefined;
    const next = (/** @type {ts.Node | undefined} */ each) => shapeOf(each, depth - 1);
    if (ts.isIdentifier(node)) return shapes.get(symbol(node));
    if (ts.isPropertyAccessExpression(node)) {
      return member(next(node.expression), node.name.text) ?? shapes.get(symbol(node));
    }
    if (ts.isElementAccessExpression(node)) {
      const { expression, argumentExpression: key } = node;
      const shape = next(expression);
      const [first] =
        shape && !ts.isStringLiteralLike(key) ? textsOf(key) : [/** @type {ts.StringLiteralLike} */ (key)];
      return member(shape, first?.text);
    }
    if (ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node)) return next(node.expression);
    if (ts.isConditionalExpression(node)) return next(node.whenTrue) ?? next(node.whenFalse);
    if (ts.isBinaryExpression(node)) return next(node.left) ?? next(node.right);
    if (ts.isObjectLiteralExpression(node)) return literal(node, next);
    if (!ts.isCallExpression(node)) return undefined;
    const isCopy = ts.isPropertyAccessExpression(node.expression) && COPIES.includes(node.expression.name.text);
    return isCopy ? node.arguments.map(next).find(Boolean) : returned(calledBy(node), next);
  }

  /** @param {ts.ObjectLiteralExpression} node @param {Next} next @returns {Shape | undefined} */
  function literal(node, next) {
    /** @type {Shape} */
    const shape = new Map();
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const all = next(property.expression);
        if (all === SECRETS) return SECRETS;
        all?.forEach((each, name) => {
          shape.set(name, each);
        });
      }
      const name = property.name && nameOf(property.name);
      const value = ts.isShorthandPropertyAssignment(property)
        ? shapes.get(checker.getShorthandAssignmentValueSymbol(property))
        : next(/** @type {ts.PropertyAssignment} */ (property).initializer);
      if (name && value) shape.set(name, value);
    }
    return shape.size ? shape : undefined;
  }

  /** What a function gives back at its end. @param {ts.FunctionLikeDeclaration | undefined} called @param {Next} next */
  function returned(called, next) {
    const { body } = called ?? {};
    if (!body || !ts.isBlock(body)) return next(body);
    return next(body.statements.findLast(ts.isReturnStatement)?.expression);
  }

  /** @param {Shape | undefined} shape @param {string | undefined} name @returns {Shape | undefined} */
  function member(shape, name) {
    return name === "webtask" ? WEBTASK : shape?.get(name ?? "");
  }

  /** @param {ts.Node} target a name, a pattern, or what an assignment has on its left @param {Shape | undefined} shape */
  function bind(target, shape) {
    if (ts.isObjectBindingPattern(target)) {
      for (const { dotDotDotToken, propertyName, name } of target.elements) {
        take(dotDotDotToken ? undefined : (propertyName ?? name), name, shape);
      }
    } else if (ts.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (ts.isSpreadAssignment(property)) bind(property.expression, shape);
        else take(property.name, /** @type {ts.PropertyAssignment} */ (property).initializer, shape);
      }
    } else if (shape && (ts.isIdentifier(target) || ts.isPropertyAccessExpression(target))) {
      const named = symbol(target);
      if (named && !shapes.has(named)) shapes.set(named, shape);
    }
  }

  /** A pattern takes the member `key` of `shape` for `target`; all others where there is no key. @param {any} key @param {any} target @param {Shape | undefined} shape */
  function take(key, target, shape) {
    if (!key) return bind(target, shape);
    if (shape === SECRETS) return ts.isComputedPropertyName(key) ? readAll(key.expression) : read(nameOf(key), key);
    return target && bind(target, member(shape, nameOf(key)));
  }

  /** @param {ts.PropertyName} key */
  function nameOf(key) {
    if (ts.isComputedPropertyName(key)) return textsOf(key.expression)[0]?.text;
    return ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : undefined;
  }

  /** The texts that an expression may be, and where they stand. @param {any} node @param {number} depth @returns {{text: string, node: ts.Node}[]} */
  function textsOf(node, depth = ROUNDS) {
    if (!node || !depth) return [];
    if (ts.isStringLiteralLike(node)) return [{ text: node.text, node }];
    const type = checker.getTypeAtLocation(node);
    const types = type.isUnion() ? type.types : [type];
    if (types.every((each) => each.isStringLiteral()))
      return types.map((each) => ({ text: String(/** @type {ts.StringLiteralType} */ (each).value), node }));
    const declaration = symbol(node)?.valueDeclaration;
    if (declaration && ts.isPropertyAssignment(declaration)) return textsOf(declaration.initializer, depth - 1);
    if (!declaration || !ts.isParameter(declaration)) return [];
    return [...passed(declaration), ...listed(declaration)].flatMap((each) => textsOf(each, depth - 1));
  }

  /** What a parameter is given where its function is called. @param {ts.ParameterDeclaration} parameter */
  function passed({ name }) {
    return given.filter(([target]) => target === name).map(([, value]) => value);
  }

  /** The elements of the list that calls a function for each: `['A', 'B'].map((name) => …)`. @param {ts.ParameterDeclaration} parameter */
  function listed({ parent }) {
    const call = parent.parent;
    const isEach =
      ts.isCallExpression(call) && call.arguments[0] === parent && ts.isPropertyAccessExpression(call.expression);
    const list = isEach && call.expression.expression;
    return list && ts.isArrayLiteralExpression(list) ? list.elements : [];
  }
}
