import { EditorView } from "@codemirror/view";

/** How added and removed lines look: a fill and, since colour alone says nothing to some, a sign before the line. */
export const diffColors = EditorView.theme({
  ".cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--code-added)" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk, .cm-deletedLine": { backgroundColor: "var(--code-removed)" },
  "&.cm-merge-a .cm-changedLine::before, .cm-deletedChunk .cm-deletedLine::before": { content: '"− "' },
  "&.cm-merge-b .cm-changedLine::before": { content: '"+ "' },
  ".cm-changedText, .cm-deletedText, .cm-insertedLine .cm-changedText": {
    background: "none",
    textDecoration: "underline 2px",
    textDecorationSkipInk: "none",
  },
  ".cm-deletedChunk del, .cm-deletedLine, .cm-deletedLine del": { textDecoration: "none" },
  ".cm-changeGutter": { width: "4px" },
  ".cm-changedLineGutter": { background: "var(--code-string)" },
  ".cm-deletedLineGutter": { background: "var(--code-invalid)" },
  ".cm-changedLine span, .cm-deletedChunk span": { color: "var(--code-text)" },
  ".cm-collapsedLines": {
    color: "var(--code-text)",
    background: "var(--code-panel-bg)",
    borderBlock: "1px solid var(--code-panel-border)",
  },
  ".cm-chunkButtons": { display: "flex", gap: "8px", zIndex: "1" },
  ".cm-chunkButtons button, .cm-chunkButtons button[name]": {
    minHeight: "28px",
    padding: "3px 12px",
    border: "1px solid var(--code-control-border)",
    borderRadius: "3px",
    color: "var(--code-text)",
    background: "var(--code-control)",
    font: "500 12px/1.4 system-ui, sans-serif",
    cursor: "pointer",
  },
  ".cm-chunkButtons button:focus-visible": { outline: "2px solid var(--code-focus)", outlineOffset: "2px" },
});
