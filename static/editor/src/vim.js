/** Vim's keys, loaded when a person chooses them. */

import "./shared.js";
import { EditorView } from "@codemirror/view";
import * as codemirrorVim from "@replit/codemirror-vim";
import { keysOfEveryMap } from "./keys.js";

const { getCM, vim } = codemirrorVim;
// Its declarations have a type of this name in front of the value.
const { Vim } = /** @type {any} */ (codemirrorVim);

/**
 * @param {{ onSave?: () => void }} actions `:w` saves too
 * @returns {import("@codemirror/state").Extension}
 */
export function keys({ onSave }) {
  if (onSave) Vim.defineEx("write", "w", onSave);
  return [
    keysOfEveryMap({ onSave }),
    vim({ status: true }),
    EditorView.updateListener.of(({ view }) => nameCommandField(view)),
    colors,
  ];
}

/** The field for commands comes without a name. @param {EditorView} view */
function nameCommandField(view) {
  const field = getCM(view) && view.dom.querySelector(".cm-vim-panel input:not([aria-label])");
  field?.setAttribute("aria-label", "Vim command");
}

const colors = EditorView.theme({
  ".cm-vim-panel, .cm-vim-panel input": { color: "var(--code-text)", backgroundColor: "var(--code-panel-bg)" },
  "&.cm-focused .cm-fat-cursor": { background: "var(--code-focus)", color: "var(--code-bg)" },
  "&:not(.cm-focused) .cm-fat-cursor": { outline: "1px solid var(--code-focus)" },
});
