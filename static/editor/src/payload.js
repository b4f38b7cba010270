/**
 * The Runner's payload: CodeMirror set up for JSON. Loaded when the Runner is first opened.
 */

import "./shared.js";
import { closeBrackets } from "@codemirror/autocomplete";
import { history, isolateHistory } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { search } from "@codemirror/search";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import { appearance } from "./appearance.js";
import { editorKeys } from "./keys.js";
import { phrases } from "./phrases.js";

const LINT_DELAY = 500; // ms after the last key

/**
 * @param {object} options
 * @param {HTMLElement} options.parent
 * @param {string} options.doc
 * @param {string} [options.nonce] the page's style nonce
 * @param {string} options.labelledBy id of the element that names the field
 * @param {string} options.describedBy id of the element that says what is wrong
 * @param {() => void} options.onChange
 */
export function createPayloadEditor({ parent, doc, nonce, labelledBy, describedBy, onChange }) {
  const view = new EditorView({
    parent,
    doc,
    extensions: [
      EditorView.cspNonce.of(nonce ?? ""),
      EditorView.contentAttributes.of({
        tabindex: "0",
        spellcheck: "false",
        autocorrect: "off",
        autocapitalize: "off",
        translate: "no",
        "aria-labelledby": labelledBy,
        "aria-describedby": describedBy,
      }),
      json(),
      linter(jsonParseLinter(), { delay: LINT_DELAY }),
      phrases,
      lineNumbers(),
      highlightSpecialChars(),
      highlightActiveLine(),
      history(),
      indentOnInput(),
      indentUnit.of("  "),
      bracketMatching(),
      closeBrackets(),
      drawSelection(),
      search({ top: true }),
      editorKeys({}),
      appearance,
      EditorView.updateListener.of((update) => update.docChanged && onChange()),
    ],
  });
  return {
    text: () => view.state.doc.toString(),
    /** @param {string} text */
    setText(text) {
      const changes = { from: 0, to: view.state.doc.length, insert: text };
      view.dispatch({ changes, annotations: isolateHistory.of("full") });
    },
    focus: () => view.focus(),
  };
}
