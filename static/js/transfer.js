// Pages for import, export, copies and comparison: forms whose work is told as it goes on, and files that are dropped.

import "./shared.js";
import { alertWith, announceQuietly } from "./announce.js";
import { showTimes } from "./dates.js";
import { all, find, maybe } from "./dom.js";
import { item, link, saveFile } from "./elements.js";
import { shownAgain } from "./progress.js";
import { cut, failureFrom, requestLines } from "./request.js";

showTimes(document);

for (const form of all(document, "form[data-work]", HTMLFormElement)) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? find(form, "[type=submit]", HTMLElement);
    if ("plain" in button.dataset) {
      return;
    }
    event.preventDefault();
    if (!form.hasAttribute("aria-busy")) {
      work(form, button);
    }
  });
}

const drop = maybe(document, "#drop", HTMLElement);
if (drop) {
  startDrop(drop);
}

/** @param {HTMLFormElement} form @param {HTMLElement} button */
async function work(form, button) {
  const label = button.dataset.work ?? form.dataset.work ?? "";
  const sent = new FormData(form, button);
  takeFiles(form, sent);
  const told = progressAfter(find(form, ".actions", HTMLElement), label);
  /** @type {Line | null} */
  let last = null;
  alertWith("");
  announceQuietly(label);
  addEventListener("beforeunload", stay);
  form.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  try {
    // A field may be called action.
    await requestLines(form.getAttribute("action") ?? "", {
      label,
      form: sent,
      onLine(line) {
        if ("total" in line) {
          told.show(line);
          return;
        }
        last = line;
        removeEventListener("beforeunload", stay);
        end(line);
      },
    });
    if (!last) {
      throw cut();
    }
  } catch (error) {
    // Once the last line is there, nothing is lost by what breaks then, be it because the page is being left.
    if (!last) {
      fail(failureFrom(error));
    }
  }
  removeEventListener("beforeunload", stay);
  if (/** @type {Line | null} */ (last)?.go) {
    await shownAgain();
  }
  told.remove();
  form.removeAttribute("aria-busy");
  button.removeAttribute("aria-disabled");
}

/**
 * The last line of an answer: where to go, or a file in Base64.
 * @typedef {{ go?: string, file?: string, content?: string }} Line
 */

/** @param {Line} line */
function end(line) {
  if (line.file) {
    const bytes = Uint8Array.from(atob(line.content ?? ""), (character) => character.charCodeAt(0));
    saveFile(line.file, new Blob([bytes], { type: "application/zip" }));
    announceQuietly(`Downloaded ${line.file}`);
  } else {
    location.assign(line.go ?? "");
  }
}

/** Leaving the page would stop the work half way. @param {BeforeUnloadEvent} event */
function stay(event) {
  event.preventDefault();
}

// What cannot be sent again from here, by kind: a sentence, where the failure's own is not the right one, and a link.
/** @type {Record<string, { text?: string, label?: string }>} */
const ENDS = {
  "signed-out": {
    text: "You were signed out. After you sign in, you will be asked again for what you chose and typed.",
    label: "Sign in",
  },
  "form-too-old": {
    text: "This page was open for too long. Nothing was sent. Open it again, and enter your values again.",
    label: "Open it again",
  },
  cut: {
    text: "The connection was lost before the end. Open this page again to see how far it got.",
    label: "Open it again",
  },
  changed: { label: "Look again" },
  "not-found": {
    text: "This import is no longer kept: it was discarded, or is more than a day old. Nothing was written.",
  },
};

/** @param {{ message: string, kind: string }} failure */
function fail({ message, kind }) {
  const { text = message, label } = ENDS[kind] ?? {};
  alertWith(text, label ? [link(label, location.pathname + location.search)] : []);
}

/** A bar with words, below `actions`. @param {HTMLElement} actions @param {string} label */
function progressAfter(actions, label) {
  const element = document.createElement("div");
  element.className = "work";
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", label);
  const words = document.createElement("span");
  words.textContent = `${label} …`;
  element.append(bar, words);
  actions.after(element);
  return {
    /** @param {{ done: number, total: number, what: string }} line */
    show({ done, total, what }) {
      if (total) {
        bar.max = total;
        bar.value = done;
      } else {
        bar.removeAttribute("value");
      }
      words.textContent = total ? `${done} of ${total} ${what}, ${total - done} left` : `${label} …`;
    },
    remove: () => element.remove(),
  };
}

const FILES_SHOWN = 5;

/**
 * @typedef {{ path: string, file: File }} Chosen
 */

/** Files come from two fields, or were dropped; what was chosen last counts. @type {Chosen[] | null} */
let chosen = null;

/** @param {HTMLFormElement} form @param {FormData} sent */
function takeFiles(form, sent) {
  if (!form.querySelector("#id_files") || !chosen) {
    return;
  }
  sent.delete("files");
  sent.set("paths", JSON.stringify(chosen.map(({ path }) => path)));
  for (const { file } of chosen) {
    sent.append("files", file);
  }
}

/** @param {HTMLElement} area */
function startDrop(area) {
  const files = find(area, "#id_files", HTMLInputElement);
  const folder = find(area, "#id_folder", HTMLInputElement);
  find(area, "#folder", HTMLElement).hidden = false;
  find(area, "#drop-hint", HTMLElement).hidden = false;
  for (const field of [files, folder]) {
    field.addEventListener("change", () => {
      // The other field would go on showing what does not count any more.
      (field === files ? folder : files).value = "";
      choose(Array.from(field.files ?? [], (file) => ({ path: file.webkitRelativePath || file.name, file })));
    });
  }
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("drop-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    area.addEventListener(name, () => area.classList.remove("drop-over"));
  }
  area.addEventListener("drop", async (event) => {
    event.preventDefault();
    // Entries are there during the event alone.
    const entries = Array.from(event.dataTransfer?.items ?? [], (item) => item.webkitGetAsEntry()).filter(
      (entry) => entry !== null,
    );
    try {
      choose((await Promise.all(entries.map((entry) => filesOf(entry)))).flat());
    } catch {
      alertWith("What was dropped cannot be read. Choose it with one of the fields instead.");
    }
  });
}

/** @param {Chosen[]} found */
function choose(found) {
  // A repository has much that says nothing of hooks.
  const endings = find(document, "#id_files", HTMLInputElement).accept.split(",");
  /** @param {string} path */
  const isOfAKind = (path) => endings.some((ending) => path.toLowerCase().endsWith(ending));
  chosen = found.filter(({ path }) => isOfAKind(path) && !/(^|\/)(\.[^/]+|node_modules)\//.test(path));
  const list = find(document, "#chosen", HTMLElement);
  if (!chosen.length) {
    alertWith("There is no file of a kind that can be imported. Choose others.");
  }
  const shown = chosen.slice(0, FILES_SHOWN).map(({ path }) => path);
  if (chosen.length > shown.length) {
    shown.push(`and ${chosen.length - shown.length} more`);
  }
  list.replaceChildren(...shown.map(item));
  announceQuietly(chosen.length === 1 ? "1 file chosen" : `${chosen.length} files chosen`);
}

/** All files below an entry. @param {FileSystemEntry} entry @returns {Promise<Chosen[]>} */
async function filesOf(entry) {
  if (entry.isFile) {
    // No browser needs to have the class by this name.
    const own = /** @type {FileSystemFileEntry} */ (entry);
    /** @type {File} */
    const file = await new Promise((resolve, reject) => own.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {FileSystemEntry[]} */
  const found = [];
  // A reader gives a hundred at a time.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) {
      return (await Promise.all(found.map((one) => filesOf(one)))).flat();
    }
    found.push(...some);
  }
}
