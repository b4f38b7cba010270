// The two live regions of a page: one for success, one for errors. Both are pinned to the window, and stay until the next
// action or, for success, until they are dismissed.
import { find, maybe } from "./dom.js";
import { notice, paragraph } from "./elements.js";

/** What each region is about to show. @type {Map<Element, ReturnType<typeof setTimeout>>} */
const waiting = new Map();

/** Say `text` in the status region; no text clears it. @param {string} text */
export function announce(text) {
  fill(find(document, "#status", HTMLElement), text ? paragraph(text) : null);
}

/** Say to screen readers alone what the page shows elsewhere. @param {string} text */
export function announceQuietly(text) {
  const element = paragraph(text);
  element.className = "visually-hidden";
  fill(find(document, "#status", HTMLElement), element);
}

/**
 * Show an error with buttons or links below it; no text clears it.
 * @param {string} text
 * @param {HTMLElement[]} [actions]
 */
export function alertWith(text, actions = []) {
  fill(find(document, "#alert", HTMLElement), text ? notice("danger", text, actions) : null);
}

/** Let the Dismiss button of the status region do so, and Escape where nothing else takes it. */
export function startDismissing() {
  const button = maybe(document, "#dismiss", HTMLButtonElement);
  /** @type {EventTarget | null} */
  let before = null;
  if (!button) {
    return;
  }
  button.hidden = false;
  button.addEventListener("focus", (event) => {
    before = event.relatedTarget;
  });
  button.addEventListener("click", () => {
    announce("");
    const back = before instanceof HTMLElement && before.isConnected ? before : find(document, "#main", HTMLElement);
    back.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog:modal")) {
      announce("");
    }
  });
}

/** @param {Element} region @param {Element | null} content */
function fill(region, content) {
  region.replaceChildren();
  clearTimeout(waiting.get(region));
  if (content) {
    // Emptied first and filled a moment later: the same words twice are two announcements.
    waiting.set(
      region,
      setTimeout(() => show(region, content), 50),
    );
  }
}

/** @param {Element} region @param {Element} content */
function show(region, content) {
  region.replaceChildren(content);
  if (region.closest("dialog")) {
    region.scrollIntoView({ block: "nearest" });
    return;
  }
  // What has the focus must not lie under what is pinned; the room that this takes is in the page's scroll-padding.
  const focused = document.activeElement;
  if (focused && !focused.contains(region) && overlap(region.closest(".toast") ?? region, focused)) {
    focused.scrollIntoView({ block: "nearest" });
  }
}

/** @param {Element} one @param {Element} other */
function overlap(one, other) {
  const a = one.getBoundingClientRect();
  const b = other.getBoundingClientRect();
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
