/**
 * What a script says of itself, read without running it: whether it compiles, what it requires, what it exports.
 * The editor and the server (src/programs/reader.js) read with this, so that they never say different things.
 */

import { parse } from "acorn";
import { ancestor } from "acorn-walk";

const PARAMETERS = "exports, require, module, __filename, __dirname";
const NOTHING_KNOWN = { error: null, modules: [], exported: "unknown", hint: null };
const AWAIT = "await is only valid in async functions";
const MODULES = "import and export belong to ECMAScript modules; hooks are CommonJS modules";
/** The parser's words that are plain to those who wrote the parser only. @type {[RegExp, string][]} */
const PLAIN = [
  [/^'import' and 'export' may .*|^'(?:import|export)' may only .*|^Cannot use 'import\.meta' .*/, MODULES],
  [/^Unsyntactic (break|continue)$/, "$1 outside of a loop"],
  [/^.*keyword 'await'.*$/, AWAIT],
  [/^Argument name clash$/, "Two parameters have the same name"],
  [/^Assigning to rvalue$/, "What stands on the left cannot be assigned to"],
  [/^let is disallowed as a lexically bound name$/, "No variable can be called let"],
  [/^Binding (.*) in strict mode$/, "No variable can be called $1 in strict code"],
];
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
/** @type {Record<string, string>} */
const NO_FUNCTIONS = {
  ArrayExpression: "a list",
  Literal: "a plain value",
  ObjectExpression: "an object",
  TemplateLiteral: "a text",
};

/** A node of acorn's tree, which is asked for what its `type` has. @typedef {any} Tree */

/** What module.exports is set to, and whether that surely happens. @typedef {{ value: Tree, certain: boolean }} Assigned */

/**
 * Why a script cannot be a hook: a sentence without its full stop, and where it shows, as the line from 1 and the offset.
 * @typedef {{ message: string, line: number, at: number }} Fault
 */

/**
 * `modules` are the ids that the script requires or imports by literal text. `exported` says what module.exports is:
 * "function", "none" (certainly no function) or "unknown", and `hint` why it is none.
 * @typedef {{ error: Fault | null, modules: string[], exported: string, hint: Fault | null }} Reading
 */

/**
 * @param {string} script
 * @param {string[]} classes names of the classes that the platform declares in front of the script
 * @returns {Reading}
 */
export function read(script, classes) {
  const reading = readBehind(
    `(function (${PARAMETERS}) {${classes.map((name) => `class ${name} {}`).join("")}`,
    script,
  );
  const { error } = reading;
  if (
    error?.message.endsWith("has already been declared") &&
    readBehind("(function () {", script).error?.at !== error.at
  ) {
    error.message += " by the platform";
  }
  return reading;
}

/**
 * Offsets are those of the script, lines as well: all that stands before it is on its first line.
 * @param {string} before the head of a function @param {string} script @returns {Reading}
 */
function readBehind(before, script) {
  // A byte order mark, which Node leaves out, becomes a blank: offsets stay.
  const reading = readWhole(`${before}${script.replace(/^\ufeff/, " ")}\n})`);
  for (const fault of [reading.error, reading.hint]) {
    if (fault) fault.at = Math.min(Math.max(0, fault.at - before.length), script.length);
  }
  return reading;
}

/** @param {string} text a function @returns {Reading} */
function readWhole(text) {
  let tree;
  try {
    tree = parse(text, { ecmaVersion: "latest", sourceType: "script" });
  } catch (error) {
    return unread(error, text);
  }
  /** @type {Tree[]} */
  const [statement, further] = tree.body;
  const outer = statement.expression;
  if (further || outer?.type !== "FunctionExpression" || outer.end < text.length - 1) {
    // The script closes the function around it.
    const { end } = outer ?? statement;
    return { ...NOTHING_KNOWN, error: { message: "Unexpected token '}'", line: lineAt(text, end), at: end - 1 } };
  }
  try {
    return { error: null, ...factsOf(outer, text) };
  } catch (error) {
    return unread(error, text);
  }
}

/** What is known of a script that could not be read. @param {any} error @param {string} text @returns {Reading} */
function unread(error, text) {
  if (!(error instanceof SyntaxError) || !("pos" in error) || /stack space/.test(error.message)) {
    // Nested too deeply for the parser, which says nothing of the engine that would run it.
    return NOTHING_KNOWN;
  }
  return { ...NOTHING_KNOWN, error: faultOf(error, text) };
}

/** @param {any} error @param {string} text @returns {Fault} */
function faultOf(error, text) {
  const at = error.pos;
  const line = lineAt(text, at);
  if (at >= text.length - 2) return { message: "Unexpected end of the script", line: line - 1, at };
  const awaited = /(?:^|[^\w$.])(await\s+)$/.exec(text.slice(Math.max(0, at - 200), at));
  // Not a keyword there, so that the parser stops at what stands behind it.
  if (awaited) return { message: AWAIT, line, at: at - awaited[1].length };
  const said = error.message.replace(/ \(\d+:\d+\)$/, "");
  const [pattern, plain] = PLAIN.find(([each]) => each.test(said)) ?? [/^Unexpected token$/, "$& '{token}'"];
  const [token] = /^(?:[\w$]+|.)/su.exec(text.slice(at, at + 200)) ?? [""];
  return { message: said.replace(pattern, plain).replace("{token}", () => token), line, at };
}

/** @param {Tree} outer the function around the script @param {string} text */
function factsOf(outer, text) {
  /** @type {Set<string>} */
  const modules = new Set();
  /** @type {Assigned[]} */
  const assigned = [];
  const marks = { escapes: false, properties: false, returns: false };
  const faultAt = (/** @type {number} */ at, /** @type {string} */ message) => ({
    message,
    line: lineAt(text, at),
    at,
  });
  /** @type {Fault | null} */
  let slip = null;
  ancestor(outer.body, {
    ImportExpression({ source }) {
      addModule(modules, source);
    },
    CallExpression(node, _, ancestors) {
      if (isName(node.callee, "require", ancestors)) {
        addModule(modules, node.arguments[0]);
      }
    },
    AssignmentExpression(node, _, ancestors) {
      const target = node.left;
      if (isModuleExports(target, ancestors)) {
        assigned.push({ value: node.right, certain: node.operator === "=" && isTopLevel(ancestors) });
      } else if (target.type === "MemberExpression" && isName(target.object, "module", ancestors)) {
        slip ??= faultAt(node.start, `module.${nameOf(target)} is set where module.exports is meant`);
      } else if (isName(target, "exports", ancestors)) {
        slip ??= faultAt(node.start, "exports is set, which changes nothing; set module.exports");
      }
    },
    Identifier(node, _, ancestors) {
      const use = useOf(node, ancestors);
      marks.escapes ||= use === "escapes";
      marks.properties ||= use === "property";
    },
    ReturnStatement(node, _, ancestors) {
      marks.returns ||= node.argument !== null && !ancestors.some((each) => FUNCTIONS.has(each.type));
    },
  });
  return { modules: [...modules], ...exportedBy(outer, assigned, marks, slip, faultAt) };
}

/**
 * @param {Tree} outer
 * @param {Assigned[]} assigned
 * @param {{ escapes: boolean, properties: boolean, returns: boolean }} marks
 * @param {Fault | null} slip
 * @param {(at: number, message: string) => Fault} faultAt
 * @returns {{ exported: string, hint: Fault | null }}
 */
function exportedBy(outer, assigned, marks, slip, faultAt) {
  const last = assigned.at(-1);
  if (marks.escapes || marks.returns || assigned.some((each) => !each.certain)) {
    return { exported: "unknown", hint: null };
  }
  if (!last) {
    const what = marks.properties ? "exports is an object" : "nothing is assigned to module.exports";
    return { exported: "none", hint: slip ?? faultAt(outer.body.start, what) };
  }
  const value = meantBy(last.value, outer);
  if (FUNCTIONS.has(value.type)) {
    return { exported: "function", hint: null };
  }
  if (value.type in NO_FUNCTIONS) {
    const message = `module.exports is ${NO_FUNCTIONS[value.type]}`;
    return { exported: "none", hint: faultAt(last.value.start, message) };
  }
  return { exported: "unknown", hint: null };
}

/** What a name at the top level stands for, where that is plain; else the expression itself. @param {Tree} expression @param {Tree} outer @returns {Tree} */
function meantBy(expression, outer) {
  if (expression.type === "AssignmentExpression" && expression.operator === "=") {
    return meantBy(expression.right, outer);
  }
  if (expression.type !== "Identifier") {
    return expression;
  }
  for (const statement of outer.body.body) {
    if (statement.type === "FunctionDeclaration" && statement.id.name === expression.name) {
      return statement;
    }
    if (statement.type === "VariableDeclaration" && statement.kind === "const") {
      const found = statement.declarations.find(
        (/** @type {Tree} */ { id }) => id.type === "Identifier" && id.name === expression.name,
      );
      if (found) {
        return found.init;
      }
    }
  }
  return expression;
}

/** The line, from 1, of an offset. @param {string} text @param {number} offset */
function lineAt(text, offset) {
  return text.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/).length;
}

/** How `module` or `exports` is used: as module.exports, for a property of that, or in a way that nobody can follow. @param {Tree} node @param {Tree[]} ancestors */
function useOf(node, ancestors) {
  if (!isName(node, "module", ancestors) && !isName(node, "exports", ancestors)) {
    return "none";
  }
  const parents = ancestors.filter((each) => each !== node).reverse();
  const [parent, grandparent] = parents;
  const isTarget = (/** @type {Tree} */ target, /** @type {Tree} */ around) =>
    around?.type === "AssignmentExpression" && around.left === target;
  if (node.name === "exports" && isTarget(node, parent)) {
    return "none";
  }
  if (parent.type !== "MemberExpression" || parent.object !== node) {
    return "escapes";
  }
  if (isTarget(parent, grandparent)) {
    return node.name === "exports" ? "property" : "none";
  }
  const isProperty = grandparent?.type === "MemberExpression" && grandparent.object === parent;
  return isProperty && isTarget(grandparent, parents[2]) ? "property" : "escapes";
}

/** @param {Tree} target @param {Tree[]} ancestors */
function isModuleExports(target, ancestors) {
  return (
    target.type === "MemberExpression" && nameOf(target) === "exports" && isName(target.object, "module", ancestors)
  );
}

/** Whether `node` is the global `name`, as far as parameters of the functions around it tell. @param {Tree} node @param {string} name @param {Tree[]} ancestors */
function isName(node, name, ancestors) {
  const isParameter = (/** @type {Tree} */ each) =>
    FUNCTIONS.has(each.type) && each.params.some((/** @type {Tree} */ one) => one.name === name);
  return node.type === "Identifier" && node.name === name && !ancestors.some(isParameter);
}

/** The name of a member, "" where it is worked out. @param {Tree} member @returns {string} */
function nameOf({ computed, property }) {
  return computed ? String(property.value ?? "") : property.name;
}

/** Whether a statement of the script itself does this, and nothing that may not run. @param {Tree[]} ancestors */
function isTopLevel(ancestors) {
  const plain = new Set(["BlockStatement", "ExpressionStatement", "AssignmentExpression", "SequenceExpression"]);
  return (
    ancestors.every((each) => plain.has(each.type)) &&
    ancestors.filter(({ type }) => type === "BlockStatement").length === 1
  );
}

/** @param {Set<string>} modules @param {Tree} source */
function addModule(modules, source) {
  if (source?.type === "Literal" && typeof source.value === "string") {
    modules.add(source.value);
  } else if (source?.type === "TemplateLiteral" && source.expressions.length === 0) {
    modules.add(source.quasis[0].value.cooked);
  }
}
