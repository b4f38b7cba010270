/** Names in metadata that the platform refuses. */

import ts from "typescript";
import { propertiesOf } from "./result.js";

const HOLDERS = ["user_metadata", "app_metadata"];

/** @param {import("./analysis.js").Script} script */
export function metadataHints({ walk, source }) {
  /** @type {import("./analysis.js").Finding[]} */
  const found = [];
  const check = (/** @type {string} */ name, /** @type {ts.Node} */ key) => {
    if (!name.startsWith("$") && !name.includes(".")) return;
    const to = name.replace(/^\$+/, "").replaceAll(".", "_") || "name";
    const from = key.getStart(source);
    found.push({
      id: "metadata-key",
      node: key,
      values: { name, to },
      changes: [{ from, to: key.getEnd(), insert: ts.isIdentifier(key) ? to : `'${to}'` }],
    });
  };
  walk((node) => {
    if (ts.isElementAccessExpression(node) && isHolder(node.expression)) {
      const { argumentExpression: key } = node;
      if (ts.isStringLiteralLike(key)) check(key.text, key);
    } else if (ts.isPropertyAccessExpression(node) && isHolder(node.expression)) {
      check(node.name.text, node.name);
    } else if (ts.isObjectLiteralExpression(node) && isHeld(node)) {
      for (const { name, key } of propertiesOf(node)) check(name, key);
    }
  });
  return found;
}

/** @param {ts.Expression} node */
function isHolder(node) {
  return ts.isPropertyAccessExpression(node) && HOLDERS.includes(node.name.text);
}

/** Whether an object becomes metadata: `app_metadata: {…}` or `….app_metadata = {…}`. @param {ts.Node} node */
function isHeld(node) {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) return "text" in parent.name && HOLDERS.includes(parent.name.text);
  return ts.isBinaryExpression(parent) && parent.right === node && isHolder(parent.left);
}
