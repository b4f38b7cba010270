// The Hook Editor: a code editor in place of the textarea, saving without leaving the page, a draft of what is unsaved.
import { createCodeEditor } from "../dist/code-editor.js";
import { alertWith, announce } from "./announce.js";
import { contentOf, openDialog } from "./dialog.js";
import { startAreas, startToolbar } from "./editor/areas.js";
import { curlCommand } from "./editor/curl.js";
import { Drafts } from "./editor/drafts.js";
import { ModulesPanel } from "./editor/modules.js";
import { SecretsPanel } from "./editor/secrets.js";
import { readSettings, showLook, startSettings } from "./editor/settings.js";
import { Side } from "./editor/side.js";
import { button, link, notice, saveFile } from "./elements.js";
import { menuButton } from "./menu.js";
import { requestJson } from "./request.js";

const DRAFT_DELAY = 1000; // ms after the last key

const form = document.querySelector("#editor");
const panel = document.querySelector("#panel");
const textarea = document.querySelector("#script");
const saveButton = document.querySelector("#save");
const toolsButton = document.querySelector("#tools");
const modulesButton = document.querySelector("#open-modules");
const runButton = document.querySelector("#run");
const logsButton = document.querySelector("#open-logs");
const problemsButton = document.querySelector("#problems");
const mark = document.querySelector("#modified-mark");
const stateText = document.querySelector("#editor-state");
const cursorText = document.querySelector("#cursor");
const nonce = document.querySelector("#editor-style").nonce;
const { tenant, hook, create, api, starter, types, worker, sample, hosts } = form.dataset;
const drafts = new Drafts(tenant, hook);
const leave = new AbortController();

const openedModules = JSON.parse(form.elements.modules.value || "{}");
// The server puts what was refused back into the page; it is not what the tenant has.
const wasRefused = document.querySelector("#alert").textContent.trim() !== "";
/** What the tenant had when it was last seen. */
let saved = { script: wasRefused ? null : textarea.defaultValue, modules: openedModules };
let saving = false;
let draftTimer = 0;
/** The language service once it runs. */
let service = null;

const settings = readSettings();
showLook(panel, settings);
document.querySelector("#code-help").hidden = false;
const editor = createCodeEditor({
  parent: document.querySelector("#code"),
  doc: textarea.value,
  nonce,
  label: "Script",
  describedBy: "code-help",
  settings: { tabSize: settings.tabSize, wrap: settings.wrap, keyMap: settings.keyMap },
  onChange: changed,
  onSave: save,
  onCursor: showCursor,
});

// The code editor has taken over, with what was typed until then; a hidden field sends its text from now on.
const field = document.createElement("input");
field.type = "hidden";
field.name = "script";
form.append(field);
const wasTyping = document.activeElement === textarea;
document.querySelector("label[for=script]").remove();
textarea.remove();

const side = new Side();
const modules = new ModulesPanel({
  address: `${location.pathname}modules/`,
  token: form.elements.csrfmiddlewaretoken.value,
  modules: openedModules,
  onChange() {
    form.elements.modules.value = JSON.stringify(modules.modules);
    service?.update({ modules: Object.keys(modules.modules) });
    changed();
  },
});
const secrets = new SecretsPanel({
  address: `${location.pathname}secrets/`,
  side,
  onNames: (names) => service?.update({ secrets: names }),
});

function showCursor({ line, column }) {
  cursorText.textContent = `Ln ${line}, Col ${column}`;
}

function isModified() {
  return editor.text() !== saved.script || !sameModules(modules.modules, saved.modules);
}

/** @param {Record<string, string>} one @param {Record<string, string>} other */
function sameModules(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function changed() {
  showState(isModified() ? "Modified" : "");
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraft, DRAFT_DELAY);
}

function showState(text) {
  stateText.textContent = text;
  mark.textContent = isModified() ? "*" : "";
}

function keepDraft() {
  clearTimeout(draftTimer);
  if (isModified()) {
    drafts.write({ text: editor.text(), modules: modules.modules, base: form.elements.base.value });
  } else {
    drafts.remove();
  }
}

async function save() {
  if (saving) {
    return;
  }
  const open = editor.openChunks();
  if (open) {
    alertWith(`${open === 1 ? "1 difference is" : `${open} differences are`} still open. Choose a side for each, then save.`);
    return;
  }
  saving = true;
  saveButton.setAttribute("aria-disabled", "true");
  const sent = { script: editor.text(), modules: modules.modules };
  keepDraft();
  showState("Saving…");
  try {
    const answer = await send(sent);
    form.elements.base.value = answer.base;
    showName(answer.name);
    saved = sent;
    alertWith("");
    keepDraft();
    announce(answer.message || `Saved at ${clock(answer.at)}.`);
    showState(isModified() ? "Modified" : answer.message ? "" : "Saved");
  } catch (failure) {
    showState(isModified() ? "Modified" : "");
    announce("");
    if (failure.kind === "conflict") {
      await settle(sent, failure.theirs, failure.message);
    } else {
      alertWith(failure.message, actionsFor(failure.kind));
    }
  } finally {
    saving = false;
    saveButton.removeAttribute("aria-disabled");
  }
}

/** Post the form with what shall be saved. Rejects with a Failure. */
function send({ script }) {
  const body = new FormData(form);
  body.set("script", script);
  return requestJson(form.action, { label: `Saving ${form.elements.name.value}`, form: body });
}

/** The hook may have been renamed elsewhere. @param {string | undefined} name */
function showName(name) {
  if (name && name !== form.elements.name.value) {
    form.elements.name.value = name;
    document.querySelector("#hook-name span").textContent = name;
    document.querySelector(".breadcrumb [aria-current]").textContent = name;
    document.title = document.title.replace(/^.*?(?= · Hooks · )/, name);
  }
}

/** What a person can do about a failed save. */
function actionsFor(kind) {
  if (kind === "signed-out") {
    const signIn = link("Sign in", `/accounts/login/?next=${encodeURIComponent(location.pathname)}`);
    signIn.addEventListener("click", () => {
      keepDraft();
      drafts.leaveToSignIn();
      leave.abort();
    });
    return [signIn];
  }
  if (kind === "form-too-old") {
    return [button("Reload the page", () => location.reload())];
  }
  if (kind === "hook-gone") {
    return [button("Download script", download), button("Create a hook with it", createWithIt)];
  }
  if (kind === "read-only" || kind === "gone") {
    return [button("Download script", download)];
  }
  return [];
}

/**
 * Another admin was faster: show both versions and do what the person chooses.
 * @param {{script: string, modules: Record<string, string>}} mine
 * @param {{script: string, modules: Record<string, string>, base: string, name: string}} theirs
 * @param {string} message what happened, for whoever does not choose
 */
async function settle(mine, theirs, message) {
  const conflict = await load(() => import("./editor/conflict.js"), "The comparison");
  if (!conflict) {
    return;
  }
  alertWith("");
  const before = saved.modules;
  // From now on a save overwrites the version that the person has seen, and no other.
  const seen = () => {
    alertWith("");
    form.elements.base.value = theirs.base;
    saved = { script: theirs.script, modules: theirs.modules };
    showName(theirs.name);
  };
  conflict.askWhich(mine, theirs, {
    ...comparisonOptions(),
    tenant,
    cancel: () => alertWith(message),
    keepMine() {
      seen();
      changed();
      save();
    },
    takeTheirs() {
      seen();
      editor.setText(theirs.script);
      modules.replace(theirs.modules);
      editor.focus();
      announce(`The editor has the version of ${tenant}. Undo brings yours back.`);
    },
    merge() {
      seen();
      modules.replace(conflict.mergeModules(before, mine.modules, theirs.modules));
      conflict.mergeByHand(editor, theirs.script, changed);
    },
  });
}

function comparisonOptions() {
  return { nonce, opener: saveButton, light: panel.classList.contains("panel-light") };
}

/** A part of the editor that is loaded when it is first used; null, and a word about it, when that fails. */
async function load(importing, what) {
  try {
    return await importing();
  } catch {
    alertWith(`${what} could not be loaded. What you typed is still here. Try again in a moment.`);
    return null;
  }
}

function download() {
  saveFile(`${form.elements.name.value}.js`, new Blob([editor.text()], { type: "text/javascript" }));
}

function createWithIt() {
  const prefill = document.createElement("input");
  prefill.type = "hidden";
  prefill.name = "prefill";
  prefill.value = "1";
  form.append(prefill);
  field.value = editor.text();
  keepDraft();
  leave.abort();
  form.action = create;
  form.submit();
}

function clock(stamp) {
  return new Date(stamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

async function copyAsCurl() {
  const command = curlCommand({ api, id: hook, script: editor.text(), modules: modules.modules });
  try {
    await navigator.clipboard.writeText(command);
    announce("Copied.");
  } catch {
    // Forbidden, or a page that came over plain HTTP from another machine.
    const content = contentOf("curl-dialog");
    content.querySelector("textarea").value = command;
    const { element } = openDialog(content, { opener: toolsButton });
    element.querySelector("textarea").select();
  }
}

async function restoreStarter() {
  const answer = await fetch(starter).catch(() => null);
  if (!answer?.ok) {
    alertWith("The starter script could not be loaded. What you typed is still here. Try again in a moment.");
    return;
  }
  const text = await answer.text();
  const dialog = openDialog(contentOf("starter-dialog"), { opener: toolsButton });
  dialog.element.querySelector("[data-choice]").addEventListener("click", () => {
    dialog.close(false);
    editor.setText(text);
    editor.focus();
  });
}

function showShortcuts() {
  const content = contentOf("shortcuts-dialog");
  const modifier = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
  for (const keys of content.querySelectorAll("kbd")) {
    keys.textContent = keys.textContent.replaceAll("Mod", modifier);
  }
  openDialog(content, { opener: toolsButton });
}

/** @param {HTMLElement} opener */
function openModules(opener) {
  if (side.name === "NPM Modules") {
    side.close();
  } else {
    side.open("NPM Modules", modules.draw(), opener);
  }
}

/** @type {Promise<import("./editor/runner.js").RunnerPanel | null> | null} */
let runnerPanel = null;

/** Run what is in the editor. Where it may reach hosts, the first press only opens the panel, which says so. */
async function run() {
  runnerPanel ??= openRunner();
  const runner = await runnerPanel;
  if (!runner) {
    runnerPanel = null;
    return;
  }
  if (!runner.isOpen) {
    await runner.open(runButton);
    if (hosts) {
      announce(`This run may reach ${hosts}. Press Run again to go on.`);
      return;
    }
  }
  runner.run();
}

async function openRunner() {
  const loaded = await load(() => import("./editor/runner.js"), "The Runner");
  return (
    loaded &&
    new loaded.RunnerPanel({
      form,
      sample,
      nonce,
      side,
      code: () => ({ script: editor.text(), modules: modules.modules, modified: isModified() }),
      goTo: (line, column) => editor.goTo(line, column),
      secretNames: () => [...(secrets.names ?? []), ...(secrets.used ?? [])],
      actionsFor,
    })
  );
}

async function openLogs() {
  if (side.name === "Logs") {
    side.close();
    return;
  }
  const loaded = await load(() => import("./editor/logs.js"), "The log");
  await loaded?.openLogs(`${location.pathname}runs/`, side, logsButton);
}

function toggleFullScreen() {
  const full = panel.classList.toggle("panel-full");
  fullScreenButton.setAttribute("aria-pressed", String(full));
}

/** Offer the newest draft of an earlier visit; when that is answered, the next one. */
function offerDraft() {
  const box = document.querySelector("#draft");
  const [found] = drafts.earlier();
  box.hidden = !found;
  if (!found) {
    return;
  }
  if (found.text === editor.text() && sameModules(found.modules, modules.modules)) {
    drafts.remove(found.key);
    offerDraft();
    return;
  }
  const from = new Date(found.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const answered = () => {
    drafts.remove(found.key);
    offerDraft();
    editor.focus();
  };
  const comparing = button("Compare", async () => {
    const conflict = await load(() => import("./editor/conflict.js"), "The comparison");
    conflict?.compare(
      "compare-dialog",
      { label: "In the editor", text: editor.text() },
      { label: `Draft from ${from}`, text: found.text },
      { ...comparisonOptions(), opener: comparing },
    );
  });
  box.replaceChildren(
    notice("info", `A draft of this script from ${from} is kept in this browser.`, [
      button("Restore draft", () => {
        restore(found);
        answered();
      }),
      comparing,
      button("Discard draft", answered),
    ]),
  );
}

/** Put a draft into the editor. It was written upon its own version of the hook, so a newer one is not overwritten. */
function restore(draft) {
  if (draft.base) {
    form.elements.base.value = draft.base;
  }
  editor.setText(draft.text);
  modules.replace(draft.modules);
  keepDraft();
}

/** @param {string} address */
function askToLeave(address, opener) {
  const dialog = openDialog(contentOf("leave-dialog"), { opener });
  dialog.element.querySelector("[data-choice]").addEventListener("click", () => {
    leave.abort();
    clearTimeout(draftTimer);
    drafts.remove();
    location.assign(address);
  });
}

async function startLanguage() {
  const language = await import("../dist/language.js").catch(() => null);
  service = language?.startLanguageService(editor, {
    workerUrl: worker,
    typesUrl: types,
    hook: { trigger: form.elements.trigger.value, secrets: secrets.names, modules: Object.keys(modules.modules) },
    onAnalysis({ secrets: used, undeclared }) {
      modules.hint(undeclared);
      secrets.use([...new Set(used.map(({ name }) => name))]);
    },
    onAddModule: (name, version) => modules.add(name, version),
    onAddSecret: (name) => secrets.open(toolsButton, name),
    onProblems: showProblems,
  });
}

/** @param {{errors: number, hints: number} | null} problems null where nobody looks for them */
function showProblems(problems) {
  const parts = [];
  if (problems?.errors) {
    parts.push(problems.errors === 1 ? "1 error" : `${problems.errors} errors`);
  }
  if (problems?.hints) {
    parts.push(problems.hints === 1 ? "1 hint" : `${problems.hints} hints`);
  }
  problemsButton.hidden = parts.length === 0;
  problemsButton.textContent = parts.join(", ");
}

form.addEventListener("submit", (event) => {
  field.value = editor.text();
  if (event.submitter?.hasAttribute("formaction")) {
    leave.abort();
    return;
  }
  event.preventDefault();
  save();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    if (!event.repeat && !editor.isFocused() && !document.querySelector("dialog:modal")) {
      save();
    }
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && runButton && !document.querySelector("dialog:modal")) {
    event.preventDefault();
    if (!event.repeat) {
      run();
    }
  }
});

document.addEventListener("click", (event) => {
  const anchor = event.target.closest?.("a[href]");
  const elsewhere = anchor && anchor.origin === location.origin && anchor.pathname !== location.pathname;
  const asksOtherwise = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || anchor?.target;
  if (elsewhere && !asksOtherwise && !leave.signal.aborted && isModified() && !anchor.closest("#alert")) {
    event.preventDefault();
    askToLeave(anchor.href, anchor);
  }
});
addEventListener("beforeunload", (event) => isModified() && event.preventDefault(), { signal: leave.signal });
addEventListener("pagehide", keepDraft, { signal: leave.signal });

menuButton(toolsButton, () => [
  { label: "Secrets", icon: "key", run: () => secrets.open(toolsButton) },
  { label: "NPM Modules", icon: "modules", run: () => openModules(toolsButton) },
  ...(starter ? [{ label: "Restore starter script", icon: "undo", run: restoreStarter, separated: true }] : []),
  { label: "Download script", icon: "download", run: download, separated: !starter },
  { label: "Copy as curl", icon: "copy", run: copyAsCurl },
  { label: "Keyboard shortcuts", icon: "keyboard", run: showShortcuts },
]);
toolsButton.parentElement.hidden = false;
for (const [own, press] of [[runButton, run], [logsButton, openLogs]]) {
  if (own) {
    own.hidden = false;
    own.addEventListener("click", press);
  }
}
startToolbar(document.querySelector(".toolbar"), saveButton);
const fullScreenButton = document.querySelector("#full-screen");
fullScreenButton.hidden = false;
fullScreenButton.addEventListener("click", toggleFullScreen);
panel.addEventListener("keydown", (event) => {
  const outside = event.target.closest(".toolbar, .status-bar");
  if (event.key === "Escape" && outside && panel.classList.contains("panel-full")) {
    toggleFullScreen();
  }
});
modulesButton.hidden = false;
modulesButton.addEventListener("click", () => openModules(modulesButton));
problemsButton.addEventListener("click", () => service.openProblems());
startSettings(document.querySelector("#open-settings"), panel, editor);
startAreas([
  { element: document.querySelector(".toolbar"), enter: () => document.querySelector(".toolbar [tabindex='0']").focus() },
  { element: document.querySelector("#code"), enter: () => editor.focus() },
  { element: side.element, enter: () => side.element.querySelector("h2").focus() },
  { element: document.querySelector("#status-bar"), enter: () => fullScreenButton.focus() },
]);

// Help while typing is as large as the rest of the page several times over: it comes at the first sign of a person, when
// the page is usable, and keeps nothing waiting.
const signs = new AbortController();
for (const sign of ["focusin", "keydown", "pointerdown", "pointermove"]) {
  addEventListener(sign, helpWhileTyping, { signal: signs.signal });
}

function helpWhileTyping() {
  signs.abort();
  startLanguage();
  secrets.lookUp();
}

const returning = drafts.comingBack();
if (returning) {
  restore(returning);
  drafts.remove(returning.key);
  announce("What you typed before you signed in is back.");
}
offerDraft();
showState(isModified() ? "Modified" : "");
showCursor(editor.cursor());
if (wasTyping || returning) {
  editor.focus();
}
if (location.hash === "#new") {
  // A hook that was created just now: go on in its code. Once, not again when the page is reloaded.
  history.replaceState(null, "", location.pathname);
  editor.focus();
}
