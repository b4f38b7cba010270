// Two versions of a hook side by side, and the choice between them when the tenant's is not the one that was opened.
import { announce, alertWith } from "../announce.js";
import { contentOf, openDialog } from "../dialog.js";
import { openComparison } from "../../editor/src/compare.js";

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
  let comparison;
  const closed = () => {
    comparison?.destroy();
    onClose?.();
  };
  const dialog = openDialog(content, { opener, wide: true, onClose: closed });
  const parent = dialog.element.querySelector("[data-comparison]");
  const light = document.querySelector("#panel").classList.contains("panel-light");
  const { nonce } = document.querySelector("#editor-style");
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
  dialog.element.querySelector("[data-message]").textContent = message;
  const differing = differencesOf(mine.modules, theirs.modules);
  if (differing) {
    const text = dialog.element.querySelector("[data-modules]");
    text.hidden = false;
    text.textContent = differing;
  }
  const choices = { mine: keepMine, theirs: takeTheirs, merge };
  dialog.element.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choice]")?.dataset.choice;
    if (choice) {
      chosen = true;
      dialog.close(false);
      choices[choice]();
    }
  });
}

/** What two maps of modules differ in, as a sentence; "" where they are alike. */
function differencesOf(mine, theirs) {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].sort();
  const told = names
    .filter((name) => mine[name] !== theirs[name])
    .map((name) => `${name} ${theirs[name] ?? "not there"}, yours ${mine[name] ?? "removed"}`);
  return told.length ? `NPM modules differ too: ${told.join("; ")}.` : "";
}

/**
 * Modules of both sides: what only one side changed since `base` was opened is taken from it, and where both did, mine.
 * @param {Record<string, string>} base
 * @param {Record<string, string>} mine
 * @param {Record<string, string>} theirs
 * @returns {Record<string, string>}
 */
export function mergeModules(base, mine, theirs) {
  const merged = {};
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const chosen = mine[name] === base[name] ? theirs[name] : mine[name];
    if (chosen !== undefined) {
      merged[name] = chosen;
    }
  }
  return merged;
}

/**
 * Merge by hand, in the editor itself: each difference is kept or undone there.
 * @param {any} editor
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
