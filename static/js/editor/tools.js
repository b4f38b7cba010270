// The Tools menu, and what its items do by themselves.

import { alertWith, announce } from "../announce.js";
import { contentOf, openDialog } from "../dialog.js";
import { find } from "../dom.js";
import { saveFile } from "../elements.js";
import { menuButton } from "../menu.js";
import { curlCommand } from "./curl.js";

/**
 * @param {HTMLButtonElement} opener
 * @param {object} options
 * @param {DOMStringMap} options.data the form's: the API's origin, the hook's id, the starter script's address if any
 * @param {import("./hook.js").EditedHook} options.hook
 * @param {import("../../editor/src/code-editor.js").CodeEditor} options.editor
 * @param {() => void} options.openSecrets
 * @param {() => void} options.openModules
 */
export function startTools(opener, { data, hook, editor, openSecrets, openModules }) {
  const { api = "", hook: id = "", starter = "" } = data;
  const restore = () => restoreStarter(starter, editor, opener);
  menuButton(opener, () => [
    { label: "Secrets", icon: "key", run: openSecrets },
    { label: "NPM Modules", icon: "modules", run: openModules },
    ...(starter ? [{ label: "Restore starter script", icon: "undo", run: restore, separated: true }] : []),
    { label: "Download script", icon: "download", run: () => downloadScript(hook), separated: !starter },
    { label: "Copy as curl", icon: "copy", run: () => copy(curlCommand({ api, id, ...hook.version() }), opener) },
    { label: "Keyboard shortcuts", icon: "keyboard", run: () => showShortcuts(opener) },
  ]);
  /** @type {HTMLElement} */ (opener.parentElement).hidden = false;
}

/** Hand the script to the person, as a file. @param {import("./hook.js").EditedHook} hook */
export function downloadScript(hook) {
  saveFile(`${hook.name}.js`, new Blob([hook.version().script], { type: "text/javascript" }));
}

/** @param {string} command @param {HTMLElement} opener */
async function copy(command, opener) {
  try {
    await navigator.clipboard.writeText(command);
    announce("Copied.");
  } catch {
    // Forbidden, or a page that came over plain HTTP from another machine.
    const content = contentOf("curl-dialog");
    find(content, "textarea", HTMLTextAreaElement).value = command;
    const { element } = openDialog(content, { opener });
    find(element, "textarea", HTMLTextAreaElement).select();
  }
}

/**
 * @param {string} address
 * @param {import("../../editor/src/code-editor.js").CodeEditor} editor
 * @param {HTMLElement} opener
 */
async function restoreStarter(address, editor, opener) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) {
    alertWith("The starter script could not be loaded. What you typed is still here. Try again in a moment.");
    return;
  }
  const text = await answer.text();
  const dialog = openDialog(contentOf("starter-dialog"), { opener });
  find(dialog.element, "[data-choice]", HTMLElement).addEventListener("click", () => {
    dialog.close(false);
    editor.setText(text);
    editor.focus();
  });
}

/** @param {HTMLElement} opener */
function showShortcuts(opener) {
  const content = contentOf("shortcuts-dialog");
  const modifier = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
  for (const keys of content.querySelectorAll("kbd")) {
    keys.textContent = (keys.textContent ?? "").replaceAll("Mod", modifier);
  }
  openDialog(content, { opener });
}
