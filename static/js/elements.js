// Building blocks of pages that are put together in the browser.
import { find } from "./dom.js";

/**
 * A coloured box with a sentence and what can be done about it.
 * @param {"danger" | "info"} kind
 * @param {string} text
 * @param {HTMLElement[]} actions
 * @returns {HTMLElement}
 */
export function notice(kind, text, actions) {
  const element = document.createElement("div");
  element.className = `notice notice-${kind}`;
  element.append(spriteIcon(kind));
  const body = document.createElement("div");
  body.append(paragraph(text));
  if (actions.length) {
    const row = document.createElement("div");
    row.className = "actions";
    row.append(...actions);
    body.append(row);
  }
  element.append(body);
  return element;
}

/**
 * A button for an alert or a notice.
 * @param {string} label
 * @param {() => void} onClick
 * @returns {HTMLButtonElement}
 */
export function button(label, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button";
  element.textContent = label;
  element.addEventListener("click", onClick);
  return element;
}

/**
 * A link that looks like a button.
 * @param {string} label
 * @param {string} address
 * @returns {HTMLAnchorElement}
 */
export function link(label, address) {
  const element = document.createElement("a");
  element.className = "button";
  element.textContent = label;
  element.href = address;
  return element;
}

/**
 * One of the icons that every page has, for people who see.
 * @param {string} id
 * @returns {SVGSVGElement}
 */
export function spriteIcon(id) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${id}`);
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("width", "20");
  picture.setAttribute("height", "20");
  picture.append(use);
  return picture;
}

/** A link to the page for signing in, which leads back here. @returns {HTMLAnchorElement} */
export function signInLink() {
  const { then } = find(document, "#sign-out", HTMLFormElement).dataset;
  return link("Sign in", `${then}?next=${encodeURIComponent(location.pathname)}`);
}

/** @param {string} text @returns {HTMLParagraphElement} */
export function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

/** @param {string} text @returns {HTMLLIElement} */
export function item(text) {
  const element = document.createElement("li");
  element.textContent = text;
  return element;
}

/** Hand a file to the person. @param {string} name @param {Blob} content */
export function saveFile(name, content) {
  const address = URL.createObjectURL(content);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(address);
}
