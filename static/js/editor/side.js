// The side of the Hook Editor: one panel at a time, beside the code on wide pages and below it on narrow ones.
import { find, hit, maybe } from "../dom.js";
import { read, write } from "../storage.js";

const WIDTH = { least: 280, usual: 380, most: 640, step: 20 }; // CSS pixels
const KEY = "editor-side-width";

export class Side {
  constructor() {
    this.element = find(document, "#side", HTMLElement);
    this.edge = find(document, "#side-edge", HTMLElement);
    this.width = WIDTH.usual;
    /** @type {HTMLElement | null} */
    this.opener = null;
    this.name = "";
    this.element.addEventListener("click", (event) => {
      if (hit(event, ".side-close", HTMLElement)) {
        this.close();
      }
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) {
        event.stopPropagation();
        this.close();
      }
    });
    this.#startEdge();
  }

  /**
   * Show `content`, which has one `.part-title`, and move the focus to it.
   * @param {string} name that of the panel, as its title says it
   * @param {HTMLElement} content
   * @param {HTMLElement} opener gets the focus back when the panel is closed
   */
  open(name, content, opener) {
    this.opener?.setAttribute("aria-expanded", "false");
    this.opener = opener;
    this.name = name;
    if (opener.hasAttribute("aria-expanded")) {
      opener.setAttribute("aria-expanded", "true");
    }
    this.show(content);
    find(this.element, "h2", HTMLElement).focus();
  }

  /** Show `content` in place of the open panel's. The focus goes to what is wrong in it, else to its title. @param {HTMLElement} content */
  show(content) {
    const section = document.createElement("section");
    section.className = "side-panel";
    const head = document.createElement("div");
    head.className = "side-head";
    const old = find(content, ".part-title", HTMLElement);
    const title = document.createElement("h2");
    title.id = "side-title";
    title.tabIndex = -1;
    title.textContent = old.textContent;
    old.remove();
    const cross = document.createElement("button");
    cross.type = "button";
    cross.className = "button side-close";
    cross.textContent = "Close";
    cross.setAttribute("aria-label", `Close ${this.name}`);
    head.append(title, cross);
    section.setAttribute("aria-labelledby", title.id);
    section.append(head, content);
    const hadFocus = this.element.contains(document.activeElement);
    this.element.replaceChildren(section);
    this.element.hidden = false;
    this.edge.hidden = false;
    if (hadFocus) {
      (
        maybe(content, "[aria-invalid=true]", HTMLElement) ??
        maybe(content, "[autofocus]", HTMLElement) ??
        title
      ).focus();
    }
  }

  /** Close the panel; the focus goes back to where it was opened. */
  close() {
    this.element.hidden = true;
    this.edge.hidden = true;
    this.element.replaceChildren();
    this.name = "";
    if (this.opener?.hasAttribute("aria-expanded")) {
      this.opener.setAttribute("aria-expanded", "false");
    }
    this.opener?.focus();
  }

  #startEdge() {
    const { edge } = this;
    edge.setAttribute("aria-valuemin", String(WIDTH.least));
    edge.setAttribute("aria-valuemax", String(WIDTH.most));
    this.#resize(Number(read("localStorage", KEY)) || WIDTH.usual);
    edge.addEventListener("keydown", (event) => {
      /** @type {Record<string, number>} */
      const steps = { ArrowLeft: WIDTH.step, ArrowRight: -WIDTH.step };
      const by = steps[event.key];
      if (by) {
        event.preventDefault();
        this.#resize(this.width + by);
      }
    });
    edge.addEventListener("pointerdown", (event) => {
      edge.setPointerCapture(event.pointerId);
    });
    edge.addEventListener("pointermove", (event) => {
      if (edge.parentElement && edge.hasPointerCapture(event.pointerId)) {
        this.#resize(edge.parentElement.getBoundingClientRect().right - event.clientX);
      }
    });
  }

  /** @param {number} wanted */
  #resize(wanted) {
    this.width = Math.round(Math.min(Math.max(wanted, WIDTH.least), WIDTH.most));
    this.element.style.setProperty("--side-width", `${this.width}px`);
    this.edge.setAttribute("aria-valuenow", String(this.width));
    write("localStorage", KEY, String(this.width));
  }
}
