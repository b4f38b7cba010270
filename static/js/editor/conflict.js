// Two versions of a hook side by side, and the choice between them when the tenant's is not the one that was opened.

import "../shared.js";
import { openComparison } from "../../editor/src/compare.js";
import { alertWith, announce } from "../announce.js";
import { contentOf, openDialog } from "../dialog.js";
import { find, hit } from "../dom.js";
import { differencesOf } from "./differences.js";

/**
 * Show two texts side by side in a dialog.
 * @param {string} template id of the dialog's content
 * @param {{label: string, text: string}} before
 * @param {{label: string, text: string}} after
 * @param {object} options
 * @param {HTMLElement} options.opener
 * @param {() => void} [options.onClose]
 */
export function compare(template, before, after, { opener, onClose }) {
  const content = contentOf(template);
  /** @type {{ destroy: () => void } | undefined} */
  let comparison;
  const closed = () => {
    comparison?.destroy();
    onClose?.();
  };
  const dialog = openDialog(content, { opener, wide: true, onClose: closed });
  const parent = find(dialog.element, "[data-comparison]", HTMLElement);
  const light = find(document, "#panel", HTMLElement).classList.contains("panel-light");
  const { nonce } = find(document, "#editor-style", HTMLElement);
  parent.classList.toggle("code-dark", !light);
  parent.classList.toggle("code-light", light);
  comparison = openComparison({ parent, nonce, before, after });
  return dialog;
}

/**
 * Ask what shall become of two versions.
 * @param {import("./hook.js").Version} mine
 * @param {import("./hook.js").Version} theirs
 * @param {object} options those of `compare`, and what to do
 * @param {HTMLElement} options.opener
 * @param {string} options.tenant
 * @param {string} options.message what happened
 * @param {() => void} options.cancel
 * @param {() => void} options.keepMine
 * @param {() => void} options.takeTheirs
 * @param {() => void} options.merge
 */
export function askWhich(mine, theirs, { tenant, message, cancel, keepMine, takeTheirs, merge, ...options }) {
  let chosen = false;
  const dialog = compare(
    "conflict-dialog",
    { label: `On ${tenant}`, text: theirs.script },
    { label: "Yours", text: mine.script },
    { ...options, onClose: () => chosen || cancel() },
  );
  find(dialog.element, "[data-message]", HTMLElement).textContent = message;
  const differing = differencesOf(mine.modules, theirs.modules);
  if (differing) {
    const text = find(dialog.element, "[data-modules]", HTMLElement);
    text.hidden = false;
    text.textContent = differing;
  }
  /** @type {Record<string, () => void>} */
  const choices = { mine: keepMine, theirs: takeTheirs, merge };
  dialog.element.addEventListener("click", (event) => {
    const choice = hit(event, "[data-choice]", HTMLElement)?.dataset.choice;
    if (choice) {
      chosen = true;
      dialog.close(false);
      choices[choice]();
    }
  });
}

/**
 * Merge by hand, in the editor itself: each difference is kept or undone there.
 * @param {import("../../editor/src/code-editor.js").CodeEditor} editor
 * @param {string} theirs
 * @param {() => void} onDone called when no difference is open any more
 */
export async function mergeByHand(editor, theirs, onDone) {
  try {
    await editor.startMerge(theirs, (count) => {
      if (count === 0) {
        editor.endMerge();
        editor.focus();
        announce("Every difference is settled. Save when you are ready.");
        onDone();
      }
    });
    editor.focus();
  } catch {
    alertWith("The merge view could not be loaded. Nothing was changed. Try again in a moment.");
  }
}
