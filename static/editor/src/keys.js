import { closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, historyKeymap, indentWithTab, redo } from "@codemirror/commands";
import { foldKeymap } from "@codemirror/language";
import { searchKeymap } from "@codemirror/search";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tabFocusKey } from "./tab-focus.js";

/** Running the hook belongs to the page, so its key must not insert a line here. */
const runKey = "Mod-Enter";

/** CodeMirror gives each platform only one of the two. */
const redoKeys = ["Mod-y", "Mod-Shift-z"].map((key) => ({ key, run: redo, preventDefault: true }));

/**
 * @param {{ onSave?: () => void }} actions
 * @returns {import("@codemirror/state").Extension}
 */
export function editorKeys({ onSave }) {
  return keymap.of([
    ...(onSave ? [saveKey(onSave)] : []),
    tabFocusKey(),
    ...closeBracketsKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...redoKeys,
    ...foldKeymap,
    ...defaultKeymap.filter(({ key }) => key !== runKey),
    indentWithTab,
  ]);
}

/**
 * Handled here the key goes no further, so that a page which listens for Mod-S everywhere saves once.
 * @param {() => void} onSave
 * @returns {import("@codemirror/view").KeyBinding}
 */
function saveKey(onSave) {
  return {
    key: "Mod-s",
    scope: "editor search-panel",
    preventDefault: true,
    stopPropagation: true,
    run() {
      onSave();
      return true;
    },
  };
}

/**
 * Keys that mean the same in every key map. As handlers of events, since a keymap before Vim's or Emacs' own handlers
 * would bring all other keymaps before them as well.
 * @param {{ onSave?: () => void }} actions
 * @returns {import("@codemirror/state").Extension}
 */
export function keysOfEveryMap({ onSave }) {
  const tabFocus = tabFocusKey();
  return Prec.highest(
    EditorView.domEventHandlers({
      keydown(event, view) {
        const isAlone = !event.altKey && !event.shiftKey;
        if (onSave && isAlone && (event.ctrlKey || event.metaKey) && event.key === "s") {
          event.stopPropagation();
          onSave();
          return true;
        }
        return isAlone && event.ctrlKey && event.key === "m" ? Boolean(tabFocus.run?.(view)) : false;
      },
    }),
  );
}
