// The Hook Editor: a code editor in place of the textarea, saving without leaving the page, a draft of what is unsaved.
import { createCodeEditor } from "../dist/code-editor.js";
import { alertWith, announce, button, link, notice } from "./announce.js";
import { Drafts } from "./draft.js";

const DRAFT_DELAY = 1000; // ms after the last key

const form = document.querySelector("#editor");
const textarea = document.querySelector("#script");
const saveButton = form.querySelector("#save");
const mark = form.querySelector("#modified-mark");
const stateText = form.querySelector("#editor-state");
const cursorText = document.querySelector("#cursor");
const { tenant, hook, create } = form.dataset;
const drafts = new Drafts(tenant, hook);

// The server puts what was refused back into the page; it is not what the tenant has.
let savedText = document.querySelector("#alert").textContent.trim() ? null : textarea.defaultValue;
let saving = false;
let draftTimer = 0;

document.querySelector("#code-help").hidden = false;
const editor = createCodeEditor({
  parent: document.querySelector("#code"),
  doc: textarea.value,
  nonce: document.querySelector("#editor-style").nonce,
  label: "Script",
  describedBy: "code-help",
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

function showCursor({ line, column }) {
  cursorText.textContent = `Ln ${line}, Col ${column}`;
}

function isModified() {
  return editor.text() !== savedText;
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
    drafts.write(editor.text());
  } else {
    drafts.remove();
  }
}

async function save() {
  if (saving) {
    return;
  }
  saving = true;
  saveButton.setAttribute("aria-disabled", "true");
  const text = editor.text();
  keepDraft();
  showState("Saving…");
  try {
    const answer = await send(text);
    form.elements.base.value = answer.base;
    savedText = text;
    alertWith("");
    keepDraft();
    announce(answer.message || `Saved at ${clock(answer.at)}.`);
    showState(isModified() ? "Modified" : answer.message ? "" : "Saved");
  } catch (failure) {
    showState(isModified() ? "Modified" : "");
    announce("");
    alertWith(failure.message, actionsFor(failure.kind));
  } finally {
    saving = false;
    saveButton.removeAttribute("aria-disabled");
  }
}

/** Post the form with `text`. Resolves with the server's answer; rejects with `{message, kind}`. */
async function send(text) {
  const body = new FormData(form);
  body.set("script", text);
  let response;
  try {
    response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    throw {
      kind: "offline",
      message: navigator.onLine
        ? "The dashboard cannot be reached. What you typed is still here. Try again in a moment."
        : "This browser is offline. What you type is kept here. Save when you are connected again.",
    };
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer?.base) {
    return answer;
  }
  throw answer?.error ?? { kind: "odd", message: `The dashboard gave an answer we cannot use (${response.status}). What you typed is still here. Try again.` };
}

/** What a person can do about a failed save. */
function actionsFor(kind) {
  if (kind === "signed-out") {
    return [link("Sign in", `/accounts/login/?next=${encodeURIComponent(location.pathname)}`)];
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

function download() {
  const address = URL.createObjectURL(new Blob([editor.text()], { type: "text/javascript" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = `${form.elements.name.value}.js`;
  anchor.click();
  URL.revokeObjectURL(address);
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

/** Offer the newest draft of an earlier visit; when that is answered, the next one. */
function offerDraft() {
  const box = document.querySelector("#draft");
  const [found] = drafts.earlier();
  box.hidden = !found;
  if (!found) {
    return;
  }
  if (found.text === editor.text()) {
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
  box.replaceChildren(
    notice("info", `A draft of this script from ${from} is kept in this browser.`, [
      button("Restore draft", () => {
        editor.setText(found.text);
        keepDraft();
        answered();
      }),
      button("Discard draft", answered),
    ]),
  );
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
    if (!event.repeat && !editor.isFocused()) {
      save();
    }
  }
});

const leave = new AbortController();
addEventListener("beforeunload", (event) => isModified() && event.preventDefault(), { signal: leave.signal });
addEventListener("pagehide", keepDraft, { signal: leave.signal });

offerDraft();
showState(isModified() ? "Modified" : "");
showCursor(editor.cursor());
if (wasTyping) {
  editor.focus();
}
if (location.hash === "#new") {
  // A hook that was created just now: go on in its code. Once, not again when the page is reloaded.
  history.replaceState(null, "", location.pathname);
  editor.focus();
}
