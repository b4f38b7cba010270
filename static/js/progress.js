// A progress bar for what takes longer than a moment. One bar, however many things go on.
import { find, maybe } from "./dom.js";

const MOMENT = 300; // ms that need no explanation

/** What goes on and is shown, oldest first. @type {string[]} */
const shown = [];

/**
 * Show a progress bar called `label` while `work` goes on, from 300 ms on.
 * @template T
 * @param {string} label for example "Saving check-domain"
 * @param {Promise<T>} work
 * @returns {Promise<T>} as `work`
 */
export async function during(label, work) {
  let listed = false;
  const timer = setTimeout(() => {
    listed = true;
    shown.push(label);
    draw();
  }, MOMENT);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (listed) {
      shown.splice(shown.indexOf(label), 1);
      draw();
    }
  }
}

/**
 * Wait until a page that is being left is shown after all: the browser's back button led to it once more, or Escape kept
 * it from being left.
 * @returns {Promise<unknown>}
 */
export function shownAgain() {
  return new Promise((resolve) => {
    addEventListener("pageshow", resolve, { once: true });
    setTimeout(resolve, 10_000);
  });
}

function draw() {
  const [label] = shown;
  let bar = maybe(document, "#progress", HTMLElement);
  if (!label) {
    bar?.remove();
    return;
  }
  if (!bar) {
    bar = document.createElement("div");
    bar.id = "progress";
    bar.className = "progress";
    bar.setAttribute("role", "progressbar");
    bar.append(document.createElement("span"));
  }
  bar.setAttribute("aria-label", label);
  find(bar, "span", HTMLElement).textContent = `${label} …`;
  // What lies behind an open dialog cannot be perceived.
  (document.querySelector("dialog[open]:modal") ?? find(document, "main", HTMLElement)).append(bar);
}
