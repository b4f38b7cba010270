// Reads scripts without running them. Deno starts this program without any permission; each line of its standard input
// is a question as JSON, { scripts, classes }, and is answered by a line, { readings }.
//
// `classes` are the names of the classes that the platform declares in front of a script. Reading: { error, modules,
// exported }; `error` is null or { message, line }, `modules` lists the ids that the script requires or imports by literal
// text, `exported` says what module.exports is: "function", "none" (certainly no function) or "unknown", and `hint` why
// it is none.
import { parse } from "acorn";
import { ancestor } from "acorn-walk";

const PARAMETERS = "exports, require, module, __filename, __dirname";
const NOTHING_KNOWN = { error: null, modules: [], exported: "unknown", hint: null };
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const NO_FUNCTIONS = {
  ArrayExpression: "a list",
  Literal: "a plain value",
  ObjectExpression: "an object",
  TemplateLiteral: "a text",
};

/** @typedef {{ message: string, line: number }} Fault */
/** @typedef {{ error: Fault | null, modules: string[], exported: string, hint: Fault | null }} Reading */

/**
 * @param {string} script
 * @param {string[]} classes
 * @returns {Reading}
 */
function read(script, classes) {
  // All of it on the script's first line, so that lines are the script's own.
  const before = `(function (${PARAMETERS}) {${classes.map((name) => `class ${name} {}`).join("")}`;
  const text = `${before}${script.replace(/^\ufeff/, "")}\n})`;
  let tree;
  try {
    tree = parse(text, { ecmaVersion: "latest", sourceType: "script" });
  } catch (error) {
    return unread(error, text);
  }
  const [statement, further] = tree.body;
  const outer = statement.expression;
  if (further || outer?.type !== "FunctionExpression" || outer.end < text.length - 1) {
    // The script closes the function around it.
    const error = { message: "Unexpected token '}'", line: lineAt(text, (outer ?? statement).end) };
    return { ...NOTHING_KNOWN, error };
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
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  const line = lineAt(text, error.pos);
  if (error.pos >= text.length - 2) {
    return { message: "Unexpected end of the script", line: line - 1 };
  }
  const behind = text.slice(Math.max(0, error.pos - 200), error.pos);
  if (/(?:^|[^\w$.])await\s+$/.test(behind)) {
    return { message: "await is only valid in async functions", line };
  }
  if (/'(import|export)' (and '\w+' )?may (only )?appear|import\.meta/.test(message)) {
    return { message: "import and export belong to ECMAScript modules; hooks are CommonJS modules", line };
  }
  const stray = /^Unsyntactic (break|continue)/.exec(message);
  return { message: stray ? `${stray[1]} outside of a loop` : message, line };
}

/** @param {any} outer the function around the script @param {string} text */
function factsOf(outer, text) {
  const modules = new Set();
  /** @type {Array<{ value: any, certain: boolean }>} */
  const assigned = [];
  const marks = { escapes: false, properties: false, returns: false };
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
        slip ??= { message: `module.${nameOf(target)} is set where module.exports is meant`, line: lineAt(text, node.start) };
      } else if (isName(target, "exports", ancestors)) {
        slip ??= { message: "exports is set, which changes nothing; set module.exports", line: lineAt(text, node.start) };
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
  return { modules: [...modules], ...exportedBy(outer, assigned, marks, slip, text) };
}

function exportedBy(outer, assigned, marks, slip, text) {
  const last = assigned.at(-1);
  if (marks.escapes || marks.returns || assigned.some((each) => !each.certain)) {
    return { exported: "unknown", hint: null };
  }
  if (!last) {
    const hint = slip ?? { message: marks.properties ? "exports is an object" : "nothing is assigned to module.exports", line: 1 };
    return { exported: "none", hint };
  }
  const value = valueOf(last.value, outer);
  if (FUNCTIONS.has(value.type)) {
    return { exported: "function", hint: null };
  }
  if (value.type in NO_FUNCTIONS) {
    const message = `module.exports is ${NO_FUNCTIONS[value.type]}`;
    return { exported: "none", hint: { message, line: lineAt(text, last.value.start) } };
  }
  return { exported: "unknown", hint: null };
}

/** What a name at the top level stands for, where that is plain; else the expression itself. */
function valueOf(expression, outer) {
  if (expression.type === "AssignmentExpression" && expression.operator === "=") {
    return valueOf(expression.right, outer);
  }
  if (expression.type !== "Identifier") {
    return expression;
  }
  for (const statement of outer.body.body) {
    if (statement.type === "FunctionDeclaration" && statement.id.name === expression.name) {
      return statement;
    }
    if (statement.type === "VariableDeclaration" && statement.kind === "const") {
      const found = statement.declarations.find(({ id }) => id.type === "Identifier" && id.name === expression.name);
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

/** How `module` or `exports` is used: as module.exports, for a property of that, or in a way that nobody can follow. */
function useOf(node, ancestors) {
  if (!isName(node, "module", ancestors) && !isName(node, "exports", ancestors)) {
    return "none";
  }
  const parents = ancestors.filter((each) => each !== node).reverse();
  const [parent, grandparent] = parents;
  const isTarget = (target, around) => around?.type === "AssignmentExpression" && around.left === target;
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

function isModuleExports(target, ancestors) {
  return target.type === "MemberExpression" && nameOf(target) === "exports" && isName(target.object, "module", ancestors);
}

/** Whether `node` is the global `name`, as far as parameters of the functions around it tell. */
function isName(node, name, ancestors) {
  const isParameter = (each) => FUNCTIONS.has(each.type) && each.params.some((one) => one.name === name);
  return node.type === "Identifier" && node.name === name && !ancestors.some(isParameter);
}

/** The name of a member, "" where it is worked out. */
function nameOf({ computed, property }) {
  return computed ? String(property.value ?? "") : property.name;
}

/** Whether a statement of the script itself does this, and nothing that may not run. */
function isTopLevel(ancestors) {
  const plain = new Set(["BlockStatement", "ExpressionStatement", "AssignmentExpression", "SequenceExpression"]);
  return ancestors.every((each) => plain.has(each.type)) && ancestors.filter(({ type }) => type === "BlockStatement").length === 1;
}

function addModule(modules, source) {
  if (source?.type === "Literal" && typeof source.value === "string") {
    modules.add(source.value);
  } else if (source?.type === "TemplateLiteral" && source.expressions.length === 0) {
    modules.add(source.quasis[0].value.cooked);
  }
}

/** @yields {string} the lines of standard input */
function* lines() {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let rest = "";
  for (let read = Deno.stdin.readSync(chunk); read !== null; read = Deno.stdin.readSync(chunk)) {
    const parts = decoder.decode(chunk.subarray(0, read), { stream: true }).split("\n");
    parts[0] = rest + parts[0];
    rest = parts.pop();
    yield* parts;
  }
}

for (const line of lines()) {
  const { scripts, classes } = JSON.parse(line);
  let bytes = new TextEncoder().encode(`${JSON.stringify({ readings: scripts.map((script) => read(script, classes)) })}\n`);
  while (bytes.length) {
    bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
  }
}
