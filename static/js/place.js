// Where menus open: at their buttons, measured, in every browser alike.

const GAP = 4; // CSS pixels between a button and what it opens

/**
 * Keep `element`, which is fixed in the top layer, at its button until `signal` says that it is closed: below it, or above
 * where it fits only there, and from that edge of the button from where it fits.
 * @param {HTMLElement} element
 * @param {HTMLElement} button
 * @param {AbortSignal} signal
 */
export function keepAt(element, button, signal) {
  const follow = () => place(element, button.getBoundingClientRect());
  follow();
  addEventListener("resize", follow, { signal });
  // Not of the page alone: a panel may be what is scrolled.
  addEventListener("scroll", follow, { signal, capture: true, passive: true });
}

/** @param {HTMLElement} element @param {DOMRect} button */
function place(element, button) {
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = button.bottom + GAP;
  const above = button.top - GAP - height;
  const top = below + height <= clientHeight || above < 0 ? below : above;
  const left = button.left + width <= clientWidth ? button.left : Math.max(0, button.right - width);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
