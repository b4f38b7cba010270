/** Merging by hand: the text beside another one, with a choice at each difference. Loaded when it is needed. */

import "./shared.js";
import { getChunks, goToNextChunk, goToPreviousChunk, unifiedMergeView } from "@codemirror/merge";
import { EditorView, keymap } from "@codemirror/view";
import { diffColors } from "./diff-colors.js";

/**
 * @param {string} original the other text
 * @param {(open: number) => void} onChunks called when the number of open differences has changed
 * @returns {import("@codemirror/state").Extension}
 */
export function mergeWith(original, onChunks) {
  let before = -1;
  return [
    unifiedMergeView({ original, mergeControls: choice, allowInlineDiffs: false, highlightChanges: true }),
    keymap.of([
      { key: "F7", run: goToNextChunk, shift: goToPreviousChunk },
      { key: "Alt-F7", run: (view) => focusChoice(view) },
    ]),
    EditorView.updateListener.of(({ state, view }) => {
      const open = openChunks(state);
      if (open !== before) {
        before = open;
        // An update may not start another one.
        queueMicrotask(() => report(view, onChunks));
      }
    }),
    diffColors,
  ];
}

/** @param {import("@codemirror/state").EditorState} state */
export function openChunks(state) {
  return getChunks(state)?.chunks.length ?? 0;
}

/** @param {EditorView} view @param {(open: number) => void} onChunks */
export function report(view, onChunks) {
  // The button that was pressed has gone with its difference.
  if (document.activeElement === document.body) view.focus();
  if (getChunks(view.state)) onChunks(openChunks(view.state));
}

/** From a difference to its buttons, for people without a mouse. @param {EditorView} view */
function focusChoice(view) {
  const line = view.domAtPos(view.state.selection.main.head).node;
  const choices = [...view.dom.querySelectorAll(".cm-chunkButtons")];
  // They stand above the lines that differ.
  const above = choices.filter((choice) => line.compareDocumentPosition(choice) & Node.DOCUMENT_POSITION_PRECEDING);
  (above.at(-1) ?? choices[0])?.querySelector("button")?.focus();
  return choices.length > 0;
}

/**
 * @param {"accept" | "reject"} type
 * @param {(event: MouseEvent) => void} act
 */
function choice(type, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = type === "accept" ? "Keep mine" : "Take theirs";
  // On press, as CodeMirror's own do: the text must not take the focus first.
  button.addEventListener("mousedown", act);
  button.addEventListener("click", (event) => event.detail === 0 && act(event));
  return button;
}
