// Parts: sections of small pages that a larger page shows in a dialog or a panel instead. Their forms are sent and
// their answers taken in without leaving the page; without JavaScript they are pages of their own.
import { alertWith } from "./announce.js";
import { link } from "./elements.js";
import { requestPage } from "./request.js";

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
  } catch (failure) {
    alertWith(failure.message);
    return null;
  }
}

/**
 * Send the forms in `container` and hand on what comes back: another part to show instead, or the page that the answer
 * led to. One at a time; failures are said in the page's alert and leave everything as it is.
 * @param {HTMLElement} container
 * @param {object} options
 * @param {(part: HTMLElement, page: Document) => void} options.onPart
 * @param {(page: Document) => void} options.onPage for a page that has no part but belongs here
 * @param {string} options.belongs selector of what such a page has
 */
export function takeForms(container, { onPart, onPage, belongs }) {
  let busy = false;
  container.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") {
      return;
    }
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    const button = event.submitter ?? form.querySelector("[type=submit]");
    button?.setAttribute("aria-disabled", "true");
    alertWith("");
    try {
      const page = await send(form, event.submitter);
      const part = partOf(page.document);
      if (part) {
        if (page.status >= 400) {
          keepTyped(container, part);
        }
        onPart(part, page.document);
        if (page.document.querySelector("#alert .notice") && page.status >= 400) {
          sayFailure(page.document, page.status);
        }
      } else if (page.document.querySelector(belongs)) {
        onPage(page.document);
      } else {
        sayFailure(page.document, page.status);
      }
    } catch (failure) {
      alertWith(failure.message);
    } finally {
      busy = false;
      button?.removeAttribute("aria-disabled");
    }
  });
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function send(form, submitter) {
  const data = new FormData(form, submitter);
  const label = submitter?.dataset.progress ?? submitter?.textContent.trim() ?? "Sending";
  // Not form.action: a field of that name would be found instead.
  const address = form.getAttribute("action");
  return form.method === "get"
    ? requestPage(`${address}?${new URLSearchParams(data)}`, { label })
    : requestPage(address, { label, form: data });
}

/** @param {Document} page @returns {HTMLElement | null} */
function partOf(page) {
  const part = page.querySelector("[data-part]");
  return part && document.adoptNode(part);
}

/**
 * The server never sends back what must not be shown, such as the value of a secret: carry it over.
 * @param {HTMLElement} from
 * @param {HTMLElement} to
 */
function keepTyped(from, to) {
  for (const field of from.querySelectorAll("[data-keep]")) {
    const same = to.querySelector(`[data-keep][name="${CSS.escape(field.name)}"]`);
    if (same) {
      same.value = field.value;
    }
  }
  for (const hint of to.querySelectorAll("[data-without-script]")) {
    hint.remove();
  }
}

/** @param {Document} page @param {number} status */
function sayFailure(page, status) {
  const text = page.querySelector("#alert p")?.textContent;
  const actions = status === 401 ? [link("Sign in", `/accounts/login/?next=${encodeURIComponent(location.pathname)}`)] : [];
  alertWith(text ?? `The dashboard gave an answer we cannot use (${status}). Try again.`, actions);
}
