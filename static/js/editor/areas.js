// Moving about the Hook Editor by keys: arrows in the toolbar, F6 from area to area.
import { all, hit } from "../dom.js";

/**
 * One Tab stop for a toolbar; arrows move in it: https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/
 * @param {HTMLElement} toolbar
 * @param {HTMLElement} first the button that Tab reaches at first
 */
export function startToolbar(toolbar, first) {
  const buttons = () => all(toolbar, ".panel-button", HTMLElement).filter((button) => button.checkVisibility());
  const rove = (/** @type {HTMLElement} */ current) => {
    for (const button of buttons()) {
      button.tabIndex = button === current ? 0 : -1;
    }
  };
  rove(first);
  toolbar.addEventListener("focusin", (event) => {
    const button = hit(event, ".panel-button", HTMLElement);
    if (button) {
      rove(button);
    }
  });
  toolbar.addEventListener("keydown", (event) => {
    const shown = buttons();
    const now = shown.findIndex((button) => button === event.target);
    /** @type {Record<string, HTMLElement | undefined>} */
    const ways = {
      ArrowRight: shown[(now + 1) % shown.length],
      ArrowLeft: shown.at(now - 1),
      Home: shown[0],
      End: shown.at(-1),
    };
    const to = ways[event.key];
    if (now >= 0 && to) {
      event.preventDefault();
      to.focus();
    }
  });
}

/**
 * F6 and Shift-F6 go to the next and the previous of `areas` that is shown.
 * @param {{ element: HTMLElement, enter: () => void }[]} areas
 */
export function startAreas(areas) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || document.querySelector("dialog:modal")) {
      return;
    }
    event.preventDefault();
    const shown = areas.filter(({ element }) => element.checkVisibility());
    const now = shown.findIndex(({ element }) => element.contains(document.activeElement));
    const step = event.shiftKey ? -1 : 1;
    const next = now < 0 ? 0 : (now + step + shown.length) % shown.length;
    shown[next].enter();
  });
}
