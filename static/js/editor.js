// The Hook Editor: a code editor in place of the textarea, saving without leaving the page, a draft of what is unsaved.
import { createCodeEditor } from "../dist/code-editor.js";
import { alertWith, announce, button, link } from "./announce.js";
import { Draft } from "./draft.js";

const DRAFT_DELAY = 1000; // ms after the last key

const form = document.querySelector("#editor");
const textarea = document.querySelector("#script");
const saveButton = form.querySelector("#save");
const mark = form.querySelector("#modified-mark");
const stateText = form.querySelector("#editor-state");
const cursorText = document.querySelector("#cursor");
const { tenant, hook, create } = form.dataset;
const draft = new Draft(tenant, hook);

// The server puts what was refused back into the page; it is not what the tenant has.
let savedText = document.querySelector("#alert").textContent.trim() ? null : textarea.value;
let saving = false;
let draftTimer = 0;

textarea.hidden = true;
document.querySelector("label[for=script]").hidden = true;
document.querySelector("#code-help").hidden = false;
const editor = createCodeEditor({
  parent: document.querySelector("#code"),
  doc: textarea.value,
  nonce: document.querySelector("#editor-style").nonce,
  label: "Script",
  describedBy: "code-help",
  onChange: changed,
  onSave: save,
  onCursor: ({ line, column }) => {
    cursorText.textContent = `Ln ${line}, Col ${column}`;
  },
});

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
    return draft.write(editor.text());
  }
  draft.remove();
  return true;
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
  textarea.value = editor.text();
  keepDraft();
  leave.abort();
  form.action = create;
  form.submit();
}

function clock(stamp) {
  return new Date(stamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function offerDraft(found) {
  const box = document.querySelector("#draft");
  const text = document.createElement("p");
  text.textContent = `A draft of this script from ${new Date(found.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })} is kept in this browser.`;
  const close = () => {
    box.hidden = true;
    editor.focus();
  };
  const restore = button("Restore draft", () => {
    editor.setText(found.text);
    close();
  });
  const discard = button("Discard draft", () => {
    draft.remove();
    close();
  });
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(restore, discard);
  const body = document.createElement("div");
  body.append(text, actions);
  const notice = document.createElement("div");
  notice.className = "notice notice-info";
  notice.append(body);
  box.replaceChildren(notice);
  box.hidden = false;
}

form.addEventListener("submit", (event) => {
  textarea.value = editor.text();
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

const found = draft.read();
if (found && found.text !== editor.text()) {
  offerDraft(found);
} else {
  draft.remove();
}
showState(isModified() ? "Modified" : "");
cursorText.textContent = "Ln 1, Col 1";
if (location.hash === "#new") {
  // A hook that was created just now: go on in its code. Once, not again when the page is reloaded.
  history.replaceState(null, "", location.pathname);
  editor.focus();
}
