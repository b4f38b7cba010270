/**
 * The Hook Editor's code field: CodeMirror 6 set up for one JavaScript file.
 *
 * Colours, font and sizes come from CSS custom properties (listed in appearance.js), so the page switches themes with
 * a class and this module knows none of them.
 */

import { closeBrackets } from "@codemirror/autocomplete";
import { history, isolateHistory } from "@codemirror/commands";
import { javascriptLanguage } from "@codemirror/lang-javascript";
import { bracketMatching, codeFolding, foldGutter, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { appearance } from "./appearance.js";
import { changeBetween } from "./change-between.js";
import { indentGuides } from "./indent-guides.js";
import { editorKeys } from "./keys.js";
import { phrases } from "./phrases.js";

/**
 * A place in the text as people and stack traces count it: both numbers start at 1, and columns count UTF-16 units.
 * @typedef {object} Position
 * @property {number} line
 * @property {number} column
 */

/**
 * @typedef {object} CodeEditorOptions
 * @property {HTMLElement} parent element the editor fills; its height is the editor's
 * @property {string} [doc] text to start with
 * @property {string} [nonce] the page's style nonce, without which a strict style policy drops the editor's style sheet
 * @property {string} [label] accessible name of the code field
 * @property {string} [describedBy] id of the element that explains how the Tab key behaves
 * @property {boolean} [readOnly] whether people may only look; `setText` works all the same
 * @property {() => void} [onChange] called after every change of the text, setText included
 * @property {() => void} [onSave] called on Mod-S inside the editor, search fields included
 * @property {(position: Position) => void} [onCursor] called when the cursor has moved
 */

/**
 * @typedef {object} CodeEditor
 * @property {() => string} text the whole text, its lines separated by \n whatever the original had
 * @property {(text: string) => void} setText replaces the text in one step that Undo takes back
 * @property {() => Position} cursor where the cursor is
 * @property {(line: number, column?: number) => void} goTo moves cursor and focus there, or as near as the text allows
 * @property {() => void} focus
 * @property {() => boolean} isFocused whether the code field (not the search panel) has the focus
 * @property {() => void} destroy takes the editor off the page
 */

/**
 * @param {CodeEditorOptions} options
 * @returns {CodeEditor}
 */
export function createCodeEditor(options) {
  const view = new EditorView({
    parent: options.parent,
    doc: options.doc ?? "",
    extensions: [
      options.nonce ? EditorView.cspNonce.of(options.nonce) : [],
      EditorView.contentAttributes.of(contentAttributes(options)),
      EditorState.readOnly.of(options.readOnly ?? false),
      editing,
      editorKeys({ onSave: options.onSave }),
      appearance,
      EditorView.updateListener.of((update) => report(update, options)),
    ],
  });

  return {
    text: () => view.state.doc.toString(),
    setText: (text) => setText(view, text),
    cursor: () => cursorOf(view.state),
    goTo: (line, column = 1) => goTo(view, line, column),
    focus: () => view.focus(),
    isFocused: () => view.hasFocus,
    destroy: () => view.destroy(),
  };
}

/** What the field can do, whatever the page asks for. */
const editing = [
  javascriptLanguage,
  EditorState.tabSize.of(2),
  indentUnit.of("  "),
  EditorState.allowMultipleSelections.of(true),
  phrases,
  lineNumbers(),
  codeFolding({ placeholderText: "…" }),
  foldGutter(),
  indentGuides,
  highlightSpecialChars(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  history(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  drawSelection({ cursorBlinkRate: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 1200 }),
  dropCursor(),
  rectangularSelection(),
  crosshairCursor(),
  search({ top: true }),
];

/**
 * CodeMirror sets role, aria-multiline, aria-readonly and the autocorrect attributes itself; the rest is ours.
 * @param {CodeEditorOptions} options
 * @returns {Record<string, string>}
 */
function contentAttributes({ label, describedBy }) {
  return {
    // Editable content takes the focus by itself; tools that check for it look for this.
    tabindex: "0",
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
    translate: "no",
    ...(label && { "aria-label": label }),
    ...(describedBy && { "aria-describedby": describedBy }),
  };
}

/**
 * @param {import("@codemirror/view").ViewUpdate} update
 * @param {CodeEditorOptions} options
 */
function report(update, { onChange, onCursor }) {
  if (update.docChanged) onChange?.();
  if (update.docChanged || update.selectionSet) onCursor?.(cursorOf(update.state));
}

/**
 * @param {EditorState} state
 * @returns {Position}
 */
function cursorOf(state) {
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  return { line: line.number, column: head - line.from + 1 };
}

/**
 * @param {EditorView} view
 * @param {string} text
 */
function setText(view, text) {
  const { state } = view;
  const change = changeBetween(state.doc.toString(), state.toText(text).toString());
  // Typing just before or after must not melt into this step, or one Undo would take back both.
  if (change) view.dispatch({ changes: change, annotations: isolateHistory.of("full") });
}

/**
 * @param {EditorView} view
 * @param {number} line
 * @param {number} column
 */
function goTo(view, line, column) {
  const { doc } = view.state;
  const { from, length } = doc.line(clamp(line, 1, doc.lines));
  const anchor = from + clamp(column, 1, length + 1) - 1;
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  view.focus();
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 * @returns {number}
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
