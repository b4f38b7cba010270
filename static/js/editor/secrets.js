// The panel of the hook's secrets: the small page of the server, told what the script does with each of them.

import { alertWith, announce } from "../announce.js";
import { openDialog } from "../dialog.js";
import { all, find, maybe } from "../dom.js";
import { button } from "../elements.js";
import { failureOf, fetchPart, saidBy, takeForms } from "../part.js";

export class SecretsPanel {
  /**
   * @param {object} options
   * @param {string} options.address of the page of secrets
   * @param {import("./side.js").Side} options.side
   * @param {(names: string[]) => void} options.onNames called when the names of the hook's secrets are known
   */
  constructor({ address, side, onNames }) {
    this.address = address;
    this.side = side;
    this.onNames = onNames;
    /** Names that the script reads, where that is known. @type {string[] | null} */
    this.used = null;
    /** Names of the hook's secrets, where they are known. @type {string[] | null} */
    this.names = null;
    takeForms(side.element, {
      belongs: "[data-part=panel]",
      onPart: (part, page) => this.#take(part, page),
      onPage: () => {},
    });
  }

  /** @param {HTMLElement} opener @param {string} [wanted] name of a secret to be added */
  async open(opener, wanted = "") {
    const part = await fetchPart(this.address, "Opening Secrets");
    if (!part) {
      return;
    }
    this.#prepare(part);
    this.side.open("Secrets", part, opener);
    if (wanted) {
      startTyping(part, wanted);
    }
  }

  /** Ask for the names alone, without a word if that fails: nobody waits for them. */
  async lookUp() {
    const response = await fetch(this.address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok) {
      this.#know((await response.json()).names);
    }
  }

  /** @param {string[]} names that the script reads */
  use(names) {
    this.used = names;
    if (this.side.name === "Secrets") {
      this.#compare(this.side.element);
    }
  }

  /** Take in what came back from one of the panel's forms. @param {HTMLElement} part @param {Document} page */
  #take(part, page) {
    if (part.dataset.part === "dialog") {
      this.#confirm(part);
      return;
    }
    this.#prepare(part);
    this.side.show(part);
    announce(saidBy(page));
  }

  /** A form of the panel that asks first. @param {HTMLElement} part */
  #confirm(part) {
    const opener = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    const dialog = openDialog(part, { opener });
    takeForms(dialog.element, {
      belongs: "[data-part=panel]",
      onPart: (next, page) => {
        if (next.dataset.part === "dialog") {
          dialog.show(next);
          return;
        }
        dialog.close(false);
        this.#prepare(next);
        this.side.show(next);
        find(this.side.element, "h2", HTMLElement).focus();
        alertWith(failureOf(page));
        announce(saidBy(page));
      },
      onPage: () => {},
    });
  }

  /** @param {HTMLElement} part */
  #prepare(part) {
    this.#know(all(part, "[data-secret]", HTMLElement).map((row) => row.dataset.secret ?? ""));
    this.#compare(part);
    for (const value of all(part, "textarea[name=value]", HTMLTextAreaElement)) {
      value.classList.add("masked");
      value.after(showValue(value));
    }
    const several = maybe(part, "form.several", HTMLElement);
    if (several && !several.querySelector("[aria-invalid=true]")) {
      const open = button("Paste several", () => {
        several.hidden = false;
        open.remove();
        find(several, "textarea", HTMLElement).focus();
      });
      several.hidden = true;
      several.before(open);
    }
  }

  /** @param {string[]} names */
  #know(names) {
    this.names = names;
    this.onNames(names);
  }

  /** Say beside each secret when no line uses it, and above them which the script reads in vain. @param {HTMLElement} container */
  #compare(container) {
    container.querySelector(".side-hints")?.remove();
    for (const row of all(container, "[data-secret]", HTMLElement)) {
      row.querySelector(".secret-use")?.remove();
      if (this.used && !this.used.includes(row.dataset.secret ?? "")) {
        const hint = document.createElement("span");
        hint.className = "hint secret-use";
        hint.textContent = "No line of the script uses it.";
        row.append(hint);
      }
    }
    const missing = (this.used ?? []).filter((name) => !this.names?.includes(name));
    if (missing.length) {
      const list = document.createElement("ul");
      list.className = "side-hints";
      list.append(...missing.map((name) => this.#missingRow(name, container)));
      container.querySelector("p")?.after(list);
    }
  }

  /** @param {string} name @param {HTMLElement} container */
  #missingRow(name, container) {
    const row = document.createElement("li");
    row.append(
      `The script reads ${name}, which this hook does not have. `,
      button(`Set ${name}`, () => {
        startTyping(container, name);
      }),
    );
    return row;
  }
}

/** Begin a secret called `name` in the form of the panel. @param {HTMLElement} panel @param {string} name */
function startTyping(panel, name) {
  find(panel, "input[name=key]", HTMLInputElement).value = name;
  find(panel, "textarea[name=value]", HTMLElement).focus();
}

/** A switch that shows what is typed. @param {HTMLTextAreaElement} value */
function showValue(value) {
  const label = document.createElement("label");
  label.className = "switch";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.setAttribute("role", "switch");
  box.addEventListener("change", () => value.classList.toggle("masked", !box.checked));
  label.append(box, "Show value");
  return label;
}
