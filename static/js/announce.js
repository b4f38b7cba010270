// The two live regions of a page: one for success, one for errors.
import { notice, paragraph } from "./elements.js";

/** Say `text` in the status region. @param {string} text */
export function announce(text) {
  fill(document.querySelector("#status"), text ? paragraph(text) : null);
}

/** Say to screen readers alone what the page shows elsewhere. @param {string} text */
export function announceQuietly(text) {
  const element = paragraph(text);
  element.className = "visually-hidden";
  fill(document.querySelector("#status"), element);
}

/**
 * Show an error with buttons or links below it; no text clears it.
 * @param {string} text
 * @param {HTMLElement[]} [actions]
 */
export function alertWith(text, actions = []) {
  fill(document.querySelector("#alert"), text ? notice("danger", text, actions) : null);
}

/** @param {Element} region @param {Element | null} content */
function fill(region, content) {
  region.replaceChildren();
  // Emptied first and filled a moment later: the same words twice are two announcements.
  setTimeout(() => region.replaceChildren(...(content ? [content] : [])), 50);
}
