/** Two texts beside each other, or one below the other where there is no room. Loaded when it is needed. */

import "./shared.js";
import { javascriptLanguage } from "@codemirror/lang-javascript";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { appearance } from "./appearance.js";
import { diffColors } from "./diff-colors.js";
import { phrases } from "./phrases.js";

const ROOM = 768; // CSS pixels that two columns need
const COLLAPSE = { margin: 3, minSize: 8 }; // lines

/**
 * @typedef {object} Side
 * @property {string} label
 * @property {string} text
 */

/**
 * @param {object} options
 * @param {HTMLElement} options.parent
 * @param {string} [options.nonce] of the page's styles
 * @param {Side} options.before
 * @param {Side} options.after
 * @returns {{ destroy: () => void }}
 */
export function openComparison({ parent, nonce, before, after }) {
  const shared = [
    EditorView.cspNonce.of(nonce ?? ""),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    javascriptLanguage,
    lineNumbers(),
    phrases,
    appearance,
    diffColors,
  ];
  const named = (/** @type {string} */ label) =>
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", role: "textbox" });
  if (parent.clientWidth >= ROOM) {
    parent.append(headings(before.label, after.label));
    return new MergeView({
      parent,
      a: { doc: before.text, extensions: [shared, named(before.label)] },
      b: { doc: after.text, extensions: [shared, named(after.label)] },
      collapseUnchanged: COLLAPSE,
    });
  }
  parent.append(headings(`− ${before.label}`, `+ ${after.label}`));
  return new EditorView({
    parent,
    doc: after.text,
    extensions: [
      shared,
      named(`${before.label} and ${after.label}`),
      unifiedMergeView({ original: before.text, mergeControls: false, collapseUnchanged: COLLAPSE }),
    ],
  });
}

/** @param {string} before @param {string} after */
function headings(before, after) {
  const row = document.createElement("div");
  row.className = "comparison-labels";
  for (const label of [before, after]) {
    const element = document.createElement("p");
    element.textContent = label;
    row.append(element);
  }
  return row;
}
