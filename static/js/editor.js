// The Hook Editor: a code editor in place of the textarea, panels beside it, saving without leaving the page. What each
// of these does stands in `editor/`; here they are put together.

import "./shared.js";
import { createCodeEditor } from "../editor/src/code-editor.js";
import { find, hit, maybe, textOf } from "./dom.js";
import { startAreas, startToolbar } from "./editor/areas.js";
import { Drafts } from "./editor/drafts.js";
import { failureActions } from "./editor/failure-actions.js";
import { EditedHook } from "./editor/hook.js";
import { LanguageHelp } from "./editor/language-help.js";
import { Leaving } from "./editor/leaving.js";
import { load } from "./editor/load.js";
import { ModulesPanel } from "./editor/modules.js";
import { RunButton } from "./editor/run-button.js";
import { Saver } from "./editor/saver.js";
import { SecretsPanel } from "./editor/secrets.js";
import { readSettings, showLook, startSettings } from "./editor/settings.js";
import { Side } from "./editor/side.js";
import { startTools } from "./editor/tools.js";

const form = find(document, "#editor", HTMLFormElement);
const panel = find(document, "#panel", HTMLElement);
const toolbar = find(document, ".toolbar", HTMLElement);
const textarea = find(document, "#script", HTMLTextAreaElement);
const saveButton = find(document, "#save", HTMLButtonElement);
const toolsButton = find(document, "#tools", HTMLButtonElement);
// There are no runs, and no log of them, where the Runner is off.
const runElement = maybe(document, "#run", HTMLButtonElement);
const logsButton = maybe(document, "#open-logs", HTMLButtonElement);
const fullScreenButton = find(document, "#full-screen", HTMLButtonElement);
const modulesButton = find(document, "#open-modules", HTMLButtonElement);
const cursorText = find(document, "#cursor", HTMLElement);
const codeElement = find(document, "#code", HTMLElement);
const modulesField = find(form, "[name=modules]", HTMLInputElement);
const { nonce } = find(document, "#editor-style", HTMLElement);
const { tenant = "", hook: id = "", sample = "", hosts = "" } = form.dataset;
const addresses = {
  secrets: form.dataset.secrets ?? "",
  modules: form.dataset.modules ?? "",
  runs: form.dataset.runs ?? "",
};

const settings = readSettings();
showLook(panel, settings);
find(document, "#code-help", HTMLElement).hidden = false;
const editor = createCodeEditor({
  parent: codeElement,
  doc: textarea.value,
  nonce,
  label: "Script",
  describedBy: "code-help",
  settings: { tabSize: settings.tabSize, wrap: settings.wrap, keyMap: settings.keyMap },
  onChange: changed,
  onSave: () => saver.save(),
  onCursor: showCursor,
});

// The code editor has taken over, with what was typed until then; a hidden field sends its text from now on.
const field = document.createElement("input");
field.type = "hidden";
field.name = "script";
form.append(field);
const wasTyping = document.activeElement === textarea;
find(document, "label[for=script]", HTMLElement).remove();
textarea.remove();

const openedModules = JSON.parse(modulesField.value || "{}");
const side = new Side();
const modules = new ModulesPanel({
  address: addresses.modules,
  token: find(form, "[name=csrfmiddlewaretoken]", HTMLInputElement).value,
  modules: openedModules,
  onChange() {
    modulesField.value = JSON.stringify(modules.modules);
    help.update({ modules: Object.keys(modules.modules) });
    changed();
  },
});
const secrets = new SecretsPanel({
  address: addresses.secrets,
  side,
  onNames: (names) => help.update({ secrets: names }),
});

// The server puts what was refused back into the page; it is not what the tenant has.
const wasRefused = textOf(document, "#alert") !== "";
const saved = { script: wasRefused ? null : textarea.defaultValue, modules: openedModules };
const hook = new EditedHook({ form, editor, modules, saved });
const drafts = new Drafts({ tenant, id, hook, focusCode: () => editor.focus() });
const leaving = new Leaving({ hook, drafts });
const actionsFor = failureActions({ form, hook, drafts, leaving });
const saver = new Saver({ form, button: saveButton, hook, editor, modules, drafts, onChange: changed, actionsFor });
const help = new LanguageHelp({ form, editor, modules, secrets, opener: toolsButton });

/** What is in the editor has changed, or what the tenant has. */
function changed() {
  hook.showModified();
  drafts.keepSoon();
}

/** @param {import("../editor/src/code-editor.js").Position} position */
function showCursor({ line, column }) {
  cursorText.textContent = `Ln ${line}, Col ${column}`;
}

/** @param {HTMLElement} opener */
function openModules(opener) {
  if (side.name === "NPM Modules") {
    side.close();
  } else {
    side.open("NPM Modules", modules.draw(), opener);
  }
}

/** @param {HTMLElement} opener */
async function openLogs(opener) {
  if (side.name === "Logs") {
    side.close();
    return;
  }
  const loaded = await load(() => import("./editor/logs.js"), "The log");
  await loaded?.openLogs(addresses.runs, side, opener);
}

function toggleFullScreen() {
  const full = panel.classList.toggle("panel-full");
  fullScreenButton.setAttribute("aria-pressed", String(full));
}

form.addEventListener("submit", (event) => {
  hook.fillForm();
  if (event.submitter?.hasAttribute("formaction")) {
    leaving.allow();
    return;
  }
  event.preventDefault();
  saver.save();
});

startTools(toolsButton, {
  data: form.dataset,
  hook,
  editor,
  openSecrets: () => secrets.open(toolsButton),
  openModules: () => openModules(toolsButton),
});
const runButton =
  runElement &&
  new RunButton(runElement, hosts, {
    form,
    sample,
    nonce,
    side,
    code: () => ({ ...hook.version(), modified: hook.isModified() }),
    goTo: (line, column) => editor.goTo(line, column),
    secretNames: () => [...(secrets.names ?? []), ...(secrets.used ?? [])],
    actionsFor,
  });
if (logsButton) {
  logsButton.hidden = false;
  logsButton.addEventListener("click", () => openLogs(logsButton));
}
startToolbar(toolbar, saveButton);
fullScreenButton.hidden = false;
fullScreenButton.addEventListener("click", toggleFullScreen);
panel.addEventListener("keydown", (event) => {
  const outside = hit(event, ".toolbar, .status-bar", HTMLElement);
  if (event.key === "Escape" && outside && panel.classList.contains("panel-full")) {
    toggleFullScreen();
  }
});
modulesButton.hidden = false;
modulesButton.addEventListener("click", () => openModules(modulesButton));
startSettings(find(document, "#open-settings", HTMLButtonElement), panel, editor);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    if (!event.repeat && !editor.isFocused() && !document.querySelector("dialog:modal")) {
      saver.save();
    }
  }
  if (
    (event.ctrlKey || event.metaKey) &&
    event.key === "Enter" &&
    runButton &&
    !document.querySelector("dialog:modal")
  ) {
    event.preventDefault();
    if (!event.repeat) {
      runButton.run();
    }
  }
});
startAreas([
  { element: toolbar, enter: () => find(toolbar, "[tabindex='0']", HTMLElement).focus() },
  { element: codeElement, enter: () => editor.focus() },
  { element: side.element, enter: () => find(side.element, "h2", HTMLElement).focus() },
  { element: find(document, "#status-bar", HTMLElement), enter: () => fullScreenButton.focus() },
]);

const isBack = drafts.restoreAfterSignIn();
drafts.offer();
hook.showModified();
showCursor(editor.cursor());
if (wasTyping || isBack) {
  editor.focus();
}
if (location.hash === "#new") {
  // A hook that was created just now: go on in its code. Once, not again when the page is reloaded.
  history.replaceState(null, "", location.pathname);
  editor.focus();
}
