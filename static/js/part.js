// Parts: sections of small pages that a larger page shows in a dialog or a panel instead. Their forms are sent and
// their answers taken in without leaving the page; without JavaScript they are pages of their own.

import { alertWith, announce } from "./announce.js";
import { all, hit, maybe, textOf } from "./dom.js";
import { signInLink } from "./elements.js";
import { failureFrom, parametersOf, requestPage } from "./request.js";

/**
 * Fetch the part at `address`. Failures are said in the page's alert.
 * @param {string} address
 * @param {string} label for the progress bar
 * @returns {Promise<HTMLElement | null>}
 */
export async function fetchPart(address, label) {
  try {
    const page = await requestPage(address, { label });
    const part = partOf(page.document);
    if (!part) {
      sayFailure(page.document, page.status);
    }
    return part;
  } catch (error) {
    alertWith(failureFrom(error).message);
    return null;
  }
}

/**
 * Send the forms in `container` and hand on what comes back: another part to show instead, or the page that the answer
 * led to. One at a time; failures are said in the page's alert, which is in the open dialog if there is one.
 * @param {HTMLElement} container
 * @param {object} options
 * @param {(part: HTMLElement, page: Document) => void} options.onPart
 * @param {(page: Document, done: boolean) => void} options.onPage for a page that has no part but belongs here; where
 *   what was sent is not `done`, the reason is said after it
 * @param {string} options.belongs selector of what such a page has
 */
export function takeForms(container, { onPart, onPage, belongs }) {
  let busy = false;
  container.addEventListener("submit", async (event) => {
    const form = hit(event, "form", HTMLFormElement);
    if (!form || event.defaultPrevented || form.method === "dialog") {
      return;
    }
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    const button = event.submitter ?? maybe(form, "[type=submit]", HTMLElement);
    button?.setAttribute("aria-disabled", "true");
    alertWith("");
    announce("");
    try {
      const page = await send(form, event.submitter);
      const part = partOf(page.document);
      const done = isDone(page);
      const belonging = page.document.querySelector(belongs) !== null;
      if (part) {
        if (!done) {
          keepTyped(container, part);
        }
        onPart(part, page.document);
      } else if (belonging) {
        onPage(page.document, done);
      }
      // A part may say of each of its fields what is wrong, and nothing above them.
      const isSaid = part && !page.document.querySelector("#alert .notice");
      if (!(part || belonging) || (!done && !isSaid)) {
        sayFailure(page.document, page.status);
      }
    } catch (error) {
      alertWith(failureFrom(error).message);
    } finally {
      busy = false;
      button?.removeAttribute("aria-disabled");
    }
  });
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function send(form, submitter) {
  const data = new FormData(form, submitter);
  const label = submitter?.dataset.progress ?? submitter?.textContent?.trim() ?? "Sending";
  // Not form.action: a field of that name would be found instead.
  const address = form.getAttribute("action") ?? "";
  return form.method === "get"
    ? requestPage(`${address}?${parametersOf(data)}`, { label })
    : requestPage(address, { label, form: data });
}

/** @param {Document} page @returns {HTMLElement | null} */
function partOf(page) {
  const part = maybe(page, "[data-part]", HTMLElement);
  return part && document.adoptNode(part);
}

/**
 * The server never sends back what must not be shown, such as the value of a secret: carry it over.
 * @param {HTMLElement} from
 * @param {HTMLElement} to
 */
function keepTyped(from, to) {
  for (const field of all(from, "[data-keep]", HTMLTextAreaElement)) {
    const same = maybe(to, `[data-keep][name="${CSS.escape(field.name)}"]`, HTMLTextAreaElement);
    if (same) {
      same.value = field.value;
    }
  }
  for (const hint of to.querySelectorAll("[data-without-script]")) {
    hint.remove();
  }
}

/**
 * Whether what was sent was done: a page that says so may still have failed in showing the rest.
 * @param {import("./request.js").Page} page
 */
function isDone({ document: page, status }) {
  return status < 400 || saidBy(page) !== "";
}

/** What a page says that an action did. @param {Document} page */
export function saidBy(page) {
  return textOf(page, "#status");
}

/** What a page says that failed. @param {Document} page */
export function failureOf(page) {
  return textOf(page, "#alert p");
}

/** @param {Document} page @param {number} status */
function sayFailure(page, status) {
  // What was done is no less done where the page after it failed.
  const text = [saidBy(page), failureOf(page)].filter(Boolean).join(" ");
  const actions = status === 401 ? [signInLink()] : [];
  alertWith(text || `The dashboard gave an answer we cannot use (${status}). Try again.`, actions);
}
