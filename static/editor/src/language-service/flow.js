/**
 * The ways through one function, as a graph of steps. It is built from the end to the start, so that each part of the
 * function is given what follows it.
 */

import ts from "typescript";

/**
 * Something that a function does. `next` are the steps that may follow it: none where the function ends.
 *
 * "node": an expression, after all that it consists of. "part": a statement or the body of a branch begins, so that
 * somebody has thought of this way. "past": what depends on a test is left out. "fork": one of several ways is taken.
 * "end" and "throw": the function ends.
 * @typedef {object} Step
 * @property {"node" | "part" | "past" | "fork" | "end" | "throw"} kind
 * @property {ts.Node | undefined} node
 * @property {Step[]} next
 * @property {Step | undefined} caught where an exception in this step leads
 * @property {ts.Expression} [test] of "past"
 * @property {boolean} [truth] what the test is then
 */

/** @typedef {{ label: string, step: Step }} Jump */

/**
 * Where the ways out of a part lead.
 * @typedef {object} Exits
 * @property {() => Step} returns
 * @property {Step} throws
 * @property {Step | undefined} caught
 * @property {Jump[]} breaks innermost last; "" is a loop or switch
 * @property {Jump[]} continues
 */

const { SyntaxKind } = ts;
const MAX_STEPS = 100_000; // several for each word of a script of the largest size
const SHORT_CIRCUITS = new Set([
  SyntaxKind.AmpersandAmpersandToken,
  SyntaxKind.BarBarToken,
  SyntaxKind.QuestionQuestionToken,
  SyntaxKind.AmpersandAmpersandEqualsToken,
  SyntaxKind.BarBarEqualsToken,
  SyntaxKind.QuestionQuestionEqualsToken,
]);

/**
 * @param {ts.FunctionLikeDeclaration} declaration
 * @param {object} known of what there is in the function
 * @param {(node: ts.Node) => "always" | "maybe" | "seldom" | "never"} known.throws whether an expression does; seldom is
 *   what nobody wants, but may be caught
 * @param {(test: ts.Expression) => boolean | undefined} known.valueOf what a test surely is
 * @returns {{entry: Step, steps: Step[]}}
 * @throws {RangeError} where the function is too large
 */
export function flowOf(declaration, known) {
  /** @type {Step[]} */
  const steps = [];
  /** @type {(kind: Step["kind"], node: ts.Node | undefined, next: Step[], more?: Partial<Step>) => Step} */
  const step = (kind, node, next, more = {}) => {
    if (steps.length > MAX_STEPS) throw new RangeError("too many steps");
    const made = { kind, node, next, caught: undefined, ...more };
    steps.push(made);
    return made;
  };

  const end = step("end", undefined, []);
  /** @type {Exits} */
  const exits = {
    returns: () => end,
    throws: step("throw", undefined, []),
    caught: undefined,
    breaks: [],
    continues: [],
  };
  const { body } = declaration;
  const entry =
    body && ts.isBlock(body) ? sequence(body.statements, end, exits) : expression(body, exits.returns(), exits);
  return { entry, steps };

  /** @param {readonly ts.Node[]} nodes @param {Step} next @param {Exits} exits */
  function sequence(nodes, next, exits) {
    return nodes.reduceRight((following, node) => statement(node, following, exits), next);
  }

  /** @param {ts.Node} node @param {Step} next @param {Exits} exits @returns {Step} */
  function statement(node, next, exits) {
    if (ts.isBlock(node)) return sequence(node.statements, next, exits);
    if (ts.isReturnStatement(node)) {
      const out = exits.returns();
      return step("part", node, [node.expression ? expression(node.expression, out, exits) : out]);
    }
    if (ts.isThrowStatement(node)) return expression(node.expression, exits.throws, exits);
    if (ts.isIfStatement(node)) return choice(node, next, exits);
    if (ts.isSwitchStatement(node)) return switchOf(node, next, exits);
    if (ts.isTryStatement(node)) return tryOf(node, next, exits);
    if (ts.isIterationStatement(node, false)) return loop(node, next, exits, []);
    if (ts.isLabeledStatement(node)) return labeled(node, next, exits, []);
    if (ts.isBreakStatement(node)) return target(exits.breaks, node) ?? next;
    if (ts.isContinueStatement(node)) return target(exits.continues, node) ?? next;
    // A function that is declared is there before all else, and runs where it is called.
    if (ts.isFunctionDeclaration(node)) return next;
    if (ts.isExpressionStatement(node)) {
      return step("part", node, [expression(node.expression, next, exits)]);
    }
    return expression(node, next, exits);
  }

  /** What is run of an expression, or of a statement that only has expressions, in its order. @param {any} node @param {Step} next @param {Exits} exits @returns {Step} */
  function expression(node, next, exits) {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return plain(node, next, exits);
    if (ts.isBinaryExpression(node) && SHORT_CIRCUITS.has(node.operatorToken.kind)) {
      const isAnd = [SyntaxKind.AmpersandAmpersandToken, SyntaxKind.AmpersandAmpersandEqualsToken].includes(
        node.operatorToken.kind,
      );
      const past = step("past", undefined, [next], { test: node.left, truth: !isAnd });
      return expression(node.left, step("fork", node, [expression(node.right, next, exits), past]), exits);
    }
    if (ts.isConditionalExpression(node)) {
      /** @type {[ts.Expression, boolean][]} */
      const ways = [
        [node.whenTrue, true],
        [node.whenFalse, false],
      ];
      const sides = ways.map(([side, truth]) =>
        step("past", undefined, [expression(side, next, exits)], { test: node.condition, truth }),
      );
      return expression(node.condition, step("fork", node, sides), exits);
    }
    const own = plain(node, next, exits);
    /** @type {ts.Node[]} */
    const children = [];
    ts.forEachChild(node, (child) => void children.push(child));
    const begin = children.reduceRight((following, child) => expression(child, following, exits), own);
    // What stands behind ?. may be left out.
    return ts.isOptionalChain(node) && "questionDotToken" in node && node.questionDotToken
      ? step("fork", node, [begin, next])
      : begin;
  }

  /** @param {any} node @param {Step} next @param {Exits} exits @returns {Step} */
  function plain(node, next, exits) {
    const throws = known.throws(node);
    if (throws === "always") return step("node", node, [exits.throws]);
    if (throws === "maybe") return step("node", node, [next, exits.throws]);
    return step("node", node, [next], { caught: throws === "seldom" ? exits.caught : undefined });
  }

  /** @param {any} node @param {Step} next @param {Exits} exits @returns {Step} */
  function choice(node, next, exits) {
    const constant = constantOf(node.expression);
    const then = step("part", node.thenStatement, [statement(node.thenStatement, next, exits)]);
    const otherwise = node.elseStatement
      ? step("part", node.elseStatement, [statement(node.elseStatement, next, exits)])
      : step("past", undefined, [next], { test: node.expression, truth: false });
    const sides = constant === undefined ? [then, otherwise] : [constant ? then : otherwise];
    return expression(node.expression, step("fork", node, sides), exits);
  }

  /** @param {any} node @param {Step} next @param {Exits} exits @returns {Step} */
  function switchOf(node, next, exits) {
    const inside = { ...exits, breaks: [...exits.breaks, { label: "", step: next }] };
    const { clauses } = node.caseBlock;
    /** @type {Step[]} */
    const entries = [];
    clauses.reduceRight((/** @type {Step} */ following, /** @type {ts.CaseOrDefaultClause} */ clause) => {
      const begin = sequence(clause.statements, following, inside);
      entries.unshift(clause.statements.length ? step("part", clause, [begin]) : begin);
      return begin;
    }, next);
    const hasDefault = clauses.some(ts.isDefaultClause);
    let tests = step("fork", node, hasDefault ? entries : [...entries, next]);
    for (const clause of [...clauses].reverse())
      if (ts.isCaseClause(clause)) tests = expression(clause.expression, tests, exits);
    return expression(node.expression, tests, exits);
  }

  /** @param {any} node @param {Step} next @param {Exits} exits @returns {Step} */
  function tryOf(node, next, exits) {
    // Each way out of the parts before leads through what stands in finally.
    const final = (/** @type {Step} */ step) => (node.finallyBlock ? statement(node.finallyBlock, step, exits) : step);
    const jumps = (/** @type {Jump[]} */ list) => list.map(({ label, step }) => ({ label, step: final(step) }));
    const after = final(next);
    const outside = {
      returns: () => final(exits.returns()),
      throws: final(exits.throws),
      caught: node.finallyBlock ? final(exits.caught ?? exits.throws) : exits.caught,
      breaks: jumps(exits.breaks),
      continues: jumps(exits.continues),
    };
    if (!node.catchClause) return statement(node.tryBlock, after, outside);
    const { block } = node.catchClause;
    const caught = step("part", block, [statement(block, after, outside)]);
    return statement(node.tryBlock, after, { ...outside, throws: caught, caught });
  }

  /** @param {any} node @param {Step} next @param {Exits} exits @param {string[]} labels @returns {Step} */
  function loop(node, next, exits, labels) {
    const again = step("fork", node, []);
    const jump = (/** @type {Jump[]} */ list, /** @type {Step} */ step) => [
      ...list,
      ...["", ...labels].map((label) => ({ label, step })),
    ];
    const turn = ts.isForStatement(node) && node.incrementor ? expression(node.incrementor, again, exits) : again;
    const inside = { ...exits, breaks: jump(exits.breaks, next), continues: jump(exits.continues, turn) };
    const body = statement(node.statement, turn, inside);
    if (ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      again.next.push(body, next);
      return expression(node.expression, again, exits);
    }
    const test = ts.isForStatement(node) ? node.condition : node.expression;
    const isEndless = !test || constantOf(test) === true;
    const decided = step("fork", node, isEndless ? [body] : [body, next]);
    again.next.push(test ? expression(test, decided, exits) : decided);
    if (ts.isDoStatement(node)) return body;
    return ts.isForStatement(node) && node.initializer ? expression(node.initializer, again, exits) : again;
  }

  /** @param {any} node @param {Step} next @param {Exits} exits @param {string[]} labels @returns {Step} */
  function labeled(node, next, exits, labels) {
    const all = [...labels, node.label.text];
    const inner = node.statement;
    if (ts.isLabeledStatement(inner)) return labeled(inner, next, exits, all);
    if (ts.isIterationStatement(inner, false)) return loop(inner, next, exits, all);
    const breaks = [...exits.breaks, ...all.map((label) => ({ label, step: next }))];
    return statement(inner, next, { ...exits, breaks });
  }

  /** @param {Jump[]} list @param {ts.BreakOrContinueStatement} node */
  function target(list, node) {
    const wanted = node.label?.text ?? "";
    return list.findLast(({ label }) => label === wanted)?.step;
  }

  /** Whether a test is certainly true or false. @param {ts.Expression} test @returns {boolean | undefined} */
  function constantOf(test) {
    if (ts.isParenthesizedExpression(test)) return constantOf(test.expression);
    if (test.kind === SyntaxKind.TrueKeyword) return true;
    if (test.kind === SyntaxKind.FalseKeyword) return false;
    return ts.isNumericLiteral(test) ? Number(test.text) !== 0 : known.valueOf(test);
  }
}
