/**
 * The Hook Editor's code field: CodeMirror 6 set up for one JavaScript file.
 *
 * Colours, font and sizes come from CSS custom properties (listed in appearance.js), so the page switches themes with
 * a class and this module knows none of them.
 */

import "./shared.js";
import { closeBrackets } from "@codemirror/autocomplete";
import { history, isolateHistory } from "@codemirror/commands";
import { javascriptLanguage } from "@codemirror/lang-javascript";
import { bracketMatching, codeFolding, foldGutter, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search } from "@codemirror/search";
import { Compartment, EditorState, StateEffect } from "@codemirror/state";
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
 * @typedef {object} Settings
 * @property {number} tabSize columns of a tab, and of one step of indentation
 * @property {boolean} wrap whether long lines wrap
 * @property {"default" | "vim" | "emacs"} keyMap
 */

/** @type {Settings} */
const USUAL = { tabSize: 2, wrap: false, keyMap: "default" };

/**
 * A replacement of the text between two offsets.
 * @typedef {object} Change
 * @property {number} from
 * @property {number} [to]
 * @property {string} insert
 */

/**
 * @typedef {object} CodeEditorOptions
 * @property {HTMLElement} parent element the editor fills; its height is the editor's
 * @property {string} [doc] text to start with
 * @property {string} [nonce] the page's style nonce, without which a strict style policy drops the editor's style sheet
 * @property {string} [label] accessible name of the code field
 * @property {string} [describedBy] id of the element that explains how the Tab key behaves
 * @property {boolean} [readOnly] whether the text can be read and searched, but not changed
 * @property {Partial<Settings>} [settings]
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
 * @property {(changes: Change[]) => void} edit changes the text in one step that Undo takes back
 * @property {(settings: Partial<Settings>) => Promise<void>} configure resolves when the settings are in force; rejects,
 *   and leaves the key map as it was, when the new one cannot be loaded
 * @property {(extension: import("@codemirror/state").Extension) => void} extend adds what was loaded later
 * @property {(original: string, onChunks: (open: number) => void) => Promise<void>} startMerge shows how the text
 *   differs from another one, and buttons to keep or undo each difference
 * @property {() => number} openChunks how many differences are still open; 0 outside a merge
 * @property {() => void} endMerge
 * @property {import("@codemirror/view").EditorView} view for modules that extend the editor
 * @property {() => void} focus
 * @property {() => boolean} isFocused whether the code field (not the search panel) has the focus
 * @property {() => void} destroy takes the editor off the page
 */

/**
 * @param {CodeEditorOptions} options
 * @returns {CodeEditor}
 */
export function createCodeEditor(options) {
  const { onSave } = options;
  let settings = { ...USUAL, ...options.settings };
  const [indentation, wrapping, keys, merging] = Array.from({ length: 4 }, () => new Compartment());
  /** @type {typeof import("./merge.js") | null} */
  let merge = null;

  /** @param {Partial<Settings>} changes */
  async function configure(changes) {
    const next = { ...settings, ...changes };
    const before = settings;
    settings = { ...next, keyMap: before.keyMap };
    view.dispatch({ effects: [indentation.reconfigure(indent(next)), wrapping.reconfigure(wrap(next))] });
    if (next.keyMap !== before.keyMap) {
      view.dispatch({ effects: keys.reconfigure(await keyMap(next.keyMap, onSave)) });
      settings = next;
    }
  }

  const view = new EditorView({
    parent: options.parent,
    doc: options.doc ?? "",
    extensions: [
      options.nonce ? EditorView.cspNonce.of(options.nonce) : [],
      EditorView.contentAttributes.of(contentAttributes(options)),
      EditorState.readOnly.of(options.readOnly ?? false),
      indentation.of(indent(settings)),
      wrapping.of(wrap(settings)),
      // Before all other keys, since Vim and Emacs have their own idea of most.
      keys.of([]),
      merging.of([]),
      editing,
      editorKeys({ onSave }),
      appearance,
      EditorView.updateListener.of((update) => report(update, options)),
    ],
  });

  if (settings.keyMap !== "default") {
    const { keyMap: wanted } = settings;
    settings.keyMap = "default";
    // The usual keys until the others are there, and if they never come.
    configure({ keyMap: wanted }).catch(() => {});
  }

  return {
    view,
    text: () => view.state.doc.toString(),
    setText: (text) => setText(view, text),
    edit: (changes) => view.dispatch({ changes, annotations: isolateHistory.of("full") }),
    configure,
    extend: (extension) => view.dispatch({ effects: StateEffect.appendConfig.of(extension) }),
    async startMerge(original, onChunks) {
      merge = await import("./merge.js");
      view.dispatch({ effects: merging.reconfigure(merge.mergeWith(original, onChunks)) });
      merge.report(view, onChunks);
    },
    openChunks: () => merge?.openChunks(view.state) ?? 0,
    endMerge: () => view.dispatch({ effects: merging.reconfigure([]) }),
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

/** @param {Settings} settings */
function indent({ tabSize }) {
  return [EditorState.tabSize.of(tabSize), indentUnit.of(" ".repeat(tabSize))];
}

/** @param {Settings} settings */
function wrap({ wrap: wraps }) {
  return wraps ? EditorView.lineWrapping : [];
}

/**
 * @param {Settings["keyMap"]} name
 * @param {(() => void) | undefined} onSave
 * @returns {Promise<import("@codemirror/state").Extension>}
 */
async function keyMap(name, onSave) {
  if (name === "default") return [];
  const { keys } = await (name === "vim" ? import("./vim.js") : import("./emacs.js"));
  return keys({ onSave });
}

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
