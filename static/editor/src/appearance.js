/**
 * How the editor looks. Every colour and size is a custom property that the page sets on an ancestor:
 *
 *   --code-bg, --code-text, --code-keyword, --code-string, --code-comment, --code-number   code
 *   --code-gutter                               line numbers, fold marks, outline of matching brackets
 *   --code-active-line                          outline of the cursor's line
 *   --code-indent-guide                         lines that show the nesting
 *   --code-selection, --code-selection-match    selected text; other places with the same text
 *   --code-match                                outline of search matches
 *   --code-invalid                              control characters, brackets without a partner
 *   --code-panel-bg, --code-panel-border        search and go-to-line panels
 *   --code-control, --code-control-hover, --code-control-border   fields and buttons in them, folded code
 *   --code-focus                                focus ring
 *   --code-font-family, --code-font-size, --code-line-height, --code-panel-font-size
 *   --code-number-width                         space up to the right edge of the line numbers
 *
 * CodeMirror's base theme has colours of its own for dark and light; each of those rules has its counterpart here.
 */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const focusRing = { outline: "2px solid var(--code-focus)", outlineOffset: "2px" };

const text = {
  "&": {
    height: "100%",
    color: "var(--code-text)",
    backgroundColor: "var(--code-bg)",
    fontSize: "var(--code-font-size)",
  },
  // Drawn on top, since the gutter and the panels would cover an outline of the editor itself.
  "&.cm-focused": { outline: "none" },
  "&.cm-focused::after": {
    content: '""',
    position: "absolute",
    inset: "0",
    zIndex: "400",
    pointerEvents: "none",
    outline: "2px solid var(--code-focus)",
    outlineOffset: "-2px",
  },
  ".cm-scroller": {
    overflow: "auto",
    fontFamily: "var(--code-font-family)",
    lineHeight: "var(--code-line-height)",
  },
  ".cm-content": { padding: "8px 0", caretColor: "var(--code-text)" },
  ".cm-line": { padding: "0 16px 0 8px" },
  ".cm-activeLine": {
    backgroundColor: "transparent",
    outline: "1px solid var(--code-active-line)",
    outlineOffset: "-1px",
  },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--code-text)", marginLeft: "-1px" },
  ".cm-specialChar": { color: "var(--code-invalid)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--code-gutter)",
    outlineOffset: "-1px",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--code-invalid)" },
};

const selection = {
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "var(--code-selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--code-selection-match)" },
  ".cm-searchMatch": {
    backgroundColor: "var(--code-selection)",
    outline: "1px solid var(--code-match)",
    outlineOffset: "-1px",
  },
  ".cm-searchMatch-selected": { outlineWidth: "2px", outlineOffset: "0" },
  // Fills vanish in forced colours, and only the first of several selections is also the browser's own.
  "@media (forced-colors: active)": {
    ".cm-selectionBackground": { outline: "1px solid Highlight", outlineOffset: "-1px" },
  },
};

const gutters = {
  ".cm-gutters": { border: "none", color: "var(--code-gutter)", backgroundColor: "var(--code-bg)" },
  ".cm-gutters.cm-gutters-before": { borderRightWidth: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "var(--code-number-width)", padding: "0 0 0 8px" },
  ".cm-foldGutter .cm-gutterElement": { width: "20px", textAlign: "center" },
  ".cm-foldGutter .cm-gutterElement span": { display: "block", padding: "0" },
  ".cm-foldPlaceholder": {
    margin: "0 4px",
    padding: "0 6px",
    borderRadius: "3px",
    border: "1px solid var(--code-control-border)",
    color: "var(--code-text)",
    backgroundColor: "var(--code-control)",
  },
};

const panels = {
  ".cm-panels": {
    color: "var(--code-text)",
    backgroundColor: "var(--code-panel-bg)",
    fontSize: "var(--code-panel-font-size)",
  },
  ".cm-panels-top": { borderBottom: "1px solid var(--code-panel-border)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--code-panel-border)" },
  ".cm-panel.cm-search, .cm-dialog": { padding: "8px 16px" },
  ".cm-panel.cm-search": {
    "& input, & button, & label": { margin: "3px 8px 3px 0" },
    "& label": { display: "inline-flex", alignItems: "center", minHeight: "28px", verticalAlign: "middle" },
    "& input[type=checkbox]": { accentColor: "var(--code-focus)", margin: "0 6px 0 0" },
  },
  ".cm-dialog": { "& .cm-textfield, & .cm-button": { margin: "3px 8px 3px 0" } },
  ".cm-panel.cm-search label, .cm-dialog label": { fontSize: "inherit" },
  ".cm-textfield, .cm-button": {
    boxSizing: "border-box",
    minHeight: "28px",
    border: "1px solid var(--code-control-border)",
    borderRadius: "3px",
    color: "var(--code-text)",
    fontSize: "inherit",
    verticalAlign: "middle",
  },
  ".cm-textfield": { padding: "3px 8px", backgroundColor: "var(--code-bg)", fontFamily: "var(--code-font-family)" },
  ".cm-panel.cm-search .cm-textfield": { width: "min(260px, 100% - 44px)" },
  ".cm-textfield::placeholder": { color: "var(--code-gutter)", opacity: "1" },
  ".cm-button, .cm-button:active": { backgroundImage: "none" },
  ".cm-button": {
    padding: "3px 12px",
    fontFamily: "inherit",
    backgroundColor: "var(--code-control)",
    cursor: "pointer",
  },
  ".cm-button:hover, .cm-button:active": { backgroundColor: "var(--code-control-hover)" },
  ".cm-panel.cm-search [name=close], .cm-dialog-close": {
    position: "absolute",
    top: "8px",
    right: "12px",
    width: "28px",
    height: "28px",
    margin: "3px 0",
    padding: "0",
    border: "none",
    borderRadius: "3px",
    color: "inherit",
    backgroundColor: "transparent",
    fontSize: "18px",
    lineHeight: "1",
    cursor: "pointer",
  },
  ".cm-panel.cm-search [name=close]:hover, .cm-dialog-close:hover": { backgroundColor: "var(--code-control-hover)" },
  ".cm-panel input:focus-visible, .cm-panel button:focus-visible": focusRing,
  "@media (pointer: coarse)": {
    ".cm-textfield, .cm-button, .cm-panel.cm-search label": { minHeight: "44px" },
    ".cm-panel.cm-search [name=close], .cm-dialog-close": { width: "44px", height: "44px", right: "4px" },
    ".cm-panel input[type=checkbox]": { width: "20px", height: "20px" },
  },
};

/** @param {string} name */
const color = (name) => ({ color: `var(--code-${name})` });

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.self, tags.null, tags.bool], ...color("keyword") },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.escape], ...color("string") },
  { tag: tags.comment, ...color("comment") },
  { tag: tags.number, ...color("number") },
]);

export const appearance = [
  EditorView.theme({ ...text, ...gutters, ...selection, ...panels }),
  syntaxHighlighting(highlighting),
];
