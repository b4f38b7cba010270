// The side of the Hook Editor: one panel at a time, beside the code on wide pages and below it on narrow ones.

const WIDTH = { least: 280, usual: 380, most: 640, step: 20 }; // CSS pixels
const KEY = "editor-side-width";

export class Side {
  constructor() {
    this.element = document.querySelector("#side");
    this.edge = document.querySelector("#side-edge");
    this.opener = null;
    this.name = "";
    this.element.addEventListener("click", (event) => {
      if (event.target.closest(".side-close")) {
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
    this.element.querySelector("h2").focus();
  }

  /** Show `content` in place of the open panel's. The focus goes to what is wrong in it, else to its title. */
  show(content) {
    const section = document.createElement("section");
    section.className = "side-panel";
    const head = document.createElement("div");
    head.className = "side-head";
    const old = content.querySelector(".part-title");
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
      (content.querySelector("[aria-invalid=true]") ?? content.querySelector("[autofocus]") ?? title).focus();
    }
  }

  /** Close the panel; the focus goes back to where it was opened. */
  close() {
    this.element.hidden = true;
    this.edge.hidden = true;
    this.element.replaceChildren();
    this.name = "";
    if (this.opener.hasAttribute("aria-expanded")) {
      this.opener.setAttribute("aria-expanded", "false");
    }
    this.opener.focus();
  }

  #startEdge() {
    const { edge } = this;
    edge.setAttribute("aria-valuemin", String(WIDTH.least));
    edge.setAttribute("aria-valuemax", String(WIDTH.most));
    this.#resize(Number(read()) || WIDTH.usual);
    edge.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: WIDTH.step, ArrowRight: -WIDTH.step }[event.key];
      if (by) {
        event.preventDefault();
        this.#resize(this.width + by);
      }
    });
    edge.addEventListener("pointerdown", (event) => {
      edge.setPointerCapture(event.pointerId);
    });
    edge.addEventListener("pointermove", (event) => {
      if (edge.hasPointerCapture(event.pointerId)) {
        this.#resize(edge.parentElement.getBoundingClientRect().right - event.clientX);
      }
    });
  }

  /** @param {number} wanted */
  #resize(wanted) {
    this.width = Math.round(Math.min(Math.max(wanted, WIDTH.least), WIDTH.most));
    this.element.style.setProperty("--side-width", `${this.width}px`);
    this.edge.setAttribute("aria-valuenow", String(this.width));
    try {
      localStorage.setItem(KEY, String(this.width));
    } catch {
      // It holds for this visit then.
    }
  }
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
