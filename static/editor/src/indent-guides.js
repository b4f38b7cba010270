import { getIndentUnit } from "@codemirror/language";
import { countColumn } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

/** Thin lines that show how deep the code is nested, drawn only for the lines in view. */
export const indentGuides = [
  ViewPlugin.define((view) => ({ decorations: guides(view), update }), { decorations: (plugin) => plugin.decorations }),
  EditorView.baseTheme({
    ".cm-indented": {
      backgroundImage:
        "repeating-linear-gradient(to right, var(--code-indent-guide) 0 1px, transparent 1px var(--indent-step))",
      backgroundSize: "var(--indent) 100%",
      backgroundRepeat: "no-repeat",
      backgroundOrigin: "content-box",
    },
    // Gradients keep their colours there, which may not go with the system's.
    "@media (forced-colors: active)": { ".cm-indented": { backgroundImage: "none" } },
  }),
];

/**
 * @this {{ decorations: import("@codemirror/view").DecorationSet }}
 * @param {import("@codemirror/view").ViewUpdate} change
 */
function update(change) {
  if (change.docChanged || change.viewportChanged) this.decorations = guides(change.view);
}

/**
 * @param {EditorView} view
 * @returns {import("@codemirror/view").DecorationSet}
 */
function guides({ state, viewport }) {
  const step = getIndentUnit(state);
  const first = state.doc.lineAt(viewport.from).number;
  const last = state.doc.lineAt(viewport.to).number;
  const lines = Array.from({ length: last - first + 1 }, (_, index) => state.doc.line(first + index));
  const indents = bridgeBlankLines(
    lines.map(({ text }) => indentOf(text, state.tabSize)),
    step,
  );

  /** @param {number} columns */
  const guide = (columns) => {
    const style = `--indent: ${columns}ch; --indent-step: ${step}ch`;
    return Decoration.line({ class: "cm-indented", attributes: { style } });
  };
  return Decoration.set(lines.flatMap(({ from }, index) => (indents[index] ? guide(indents[index]).range(from) : [])));
}

/**
 * @param {string} text
 * @param {number} tabSize
 * @returns {number | null} columns before the first character, null for a blank line
 */
function indentOf(text, tabSize) {
  const start = text.search(/\S/);
  return start < 0 ? null : countColumn(text, tabSize, start);
}

/**
 * Blank lines would tear the guides apart, so they belong to the block around them.
 * @param {(number | null)[]} indents
 * @param {number} step
 * @returns {number[]}
 */
function bridgeBlankLines(indents, step) {
  const below = new Array(indents.length).fill(0);
  for (let index = indents.length - 2; index >= 0; index--) below[index] = indents[index + 1] ?? below[index + 1];
  let above = 0;
  return indents.map((indent, index) => {
    if (indent === null) return above === below[index] ? above : Math.min(above, below[index]) + step;
    above = indent;
    return indent;
  });
}
