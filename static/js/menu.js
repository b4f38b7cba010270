// A menu button: https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/
import { hit } from "./dom.js";
import { spriteIcon } from "./elements.js";
import { keepAt } from "./place.js";

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {() => void} run called after the menu has closed and the button has the focus back
 * @property {string} [icon] id in the sprite
 * @property {boolean} [separated] whether a line divides it from the item above
 * @property {boolean} [checked] of an item that is on or off
 */

/** The one menu that is open. @type {{ close: (back: boolean) => void, button: HTMLElement } | null} */
let open = null;

document.addEventListener("pointerdown", (event) => {
  if (
    open &&
    !hit(event, ".popup-menu", HTMLElement) &&
    !(event.target instanceof Node && open.button.contains(event.target))
  ) {
    open.close(false);
  }
});

/**
 * Turn `button` into one that opens a menu below itself, inside its parent.
 * @param {HTMLButtonElement} button
 * @param {() => MenuItem[]} itemsOf called at each opening
 */
export function menuButton(button, itemsOf) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => toggleMenu(button, itemsOf()));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      openMenu(button, itemsOf(), event.key === "ArrowUp");
    }
  });
}

/** @param {HTMLButtonElement} button @param {MenuItem[]} items */
export function toggleMenu(button, items) {
  if (open?.button === button) {
    open.close(true);
  } else {
    openMenu(button, items);
  }
}

/**
 * @param {HTMLButtonElement} button with aria-haspopup and aria-expanded
 * @param {MenuItem[]} items
 * @param {boolean} [atEnd] whether the last item gets the focus instead of the first
 */
export function openMenu(button, items, atEnd = false) {
  open?.close(false);
  const menu = document.createElement("div");
  menu.className = "popup-menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", button.getAttribute("aria-label") ?? button.textContent?.trim() ?? "");
  const closed = new AbortController();
  const close = (/** @type {boolean} */ back) => {
    open = null;
    closed.abort();
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (back) {
      button.focus();
    }
  };
  const elements = items.map((item) => {
    const element = menuItem(item);
    element.addEventListener("click", () => {
      close(true);
      item.run();
    });
    if (item.separated) {
      const line = document.createElement("div");
      line.setAttribute("role", "separator");
      menu.append(line);
    }
    menu.append(element);
    return element;
  });
  menu.addEventListener("keydown", (event) => onKey(event, elements, close));
  menu.addEventListener("focusout", (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    // A press on the button closes the menu by itself.
    if (open?.button === button && to && to !== button && !menu.contains(to)) {
      close(false);
    }
  });
  open = { close, button };
  button.setAttribute("aria-expanded", "true");
  // In the top layer, so that nothing around the button cuts it off.
  menu.popover = "manual";
  button.after(menu);
  menu.showPopover();
  keepAt(menu, button, closed.signal);
  elements.at(atEnd ? -1 : 0)?.focus();
}

/** @param {MenuItem} item */
function menuItem({ label, icon, checked }) {
  const element = document.createElement("button");
  element.type = "button";
  element.tabIndex = -1;
  element.setAttribute("role", checked === undefined ? "menuitem" : "menuitemcheckbox");
  if (checked !== undefined) {
    element.setAttribute("aria-checked", String(checked));
  }
  if (icon) {
    element.append(spriteIcon(icon));
  }
  element.append(label);
  return element;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} elements
 * @param {(back: boolean) => void} close
 */
function onKey(event, elements, close) {
  const now = elements.findIndex((element) => element === document.activeElement);
  /** @type {Record<string, () => HTMLElement | undefined>} */
  const ways = {
    ArrowDown: () => elements[(now + 1) % elements.length],
    ArrowUp: () => elements.at(now - 1),
    Home: () => elements[0],
    End: () => elements.at(-1),
  };
  const to = ways[event.key];
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  } else if (event.key === "Tab") {
    // From the button on, so that the focus goes where Tab would have gone from there.
    close(true);
  } else if (to) {
    event.preventDefault();
    to()?.focus();
  } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const letter = event.key.toLowerCase();
    const after = [...elements.slice(now + 1), ...elements.slice(0, now + 1)];
    after.find((element) => element.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
  }
}
