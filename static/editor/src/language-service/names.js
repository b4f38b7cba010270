/** Names that do not exist. */

import ts from "typescript";

/**
 * A hint at each name that does not exist; a weaker one, and only one, where the script assigns to it.
 * @param {import("./analysis.js").Script} script
 * @param {number[]} unknown offsets of such names
 * @returns {import("./analysis.js").Finding[]}
 */
export function nameHints({ source, walk }, unknown) {
  const places = new Set(unknown);
  /** @type {ts.Identifier[]} */
  const names = [];
  walk((node) => {
    if (ts.isIdentifier(node) && places.has(node.getStart(source))) names.push(node);
  });
  // As linters let a script say what else there is.
  const said = Array.from(
    source.text.matchAll(/\/\*\s*globals?\s([^*]*)\*\//g),
    ([, list]) => list.match(/[\w$]+/g) ?? [],
  );
  // And what it asks for before it takes it.
  const asked = names.filter(({ parent }) => ts.isTypeOfExpression(parent)).map(({ text }) => text);
  const known = new Set([...said.flat(), ...asked]);
  const assigned = new Set(names.filter(isAssigned).map(({ text }) => text));
  const first = new Map();
  return names.flatMap((node) => {
    if (known.has(node.text)) return [];
    if (!assigned.has(node.text)) return [{ id: "name-unknown", node, values: { name: node.text } }];
    if (first.has(node.text)) return [];
    first.set(node.text, node);
    return [{ id: "name-undeclared", node, values: { name: node.text } }];
  });
}

/** Whether something is assigned to `node`. @param {ts.Node} node */
function isAssigned(node) {
  const { parent } = node;
  const isIt = ts.isBinaryExpression(parent) && parent.left === node;
  return isIt && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}
