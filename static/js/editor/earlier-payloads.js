// Earlier payloads, in the Runner panel: those of recent runs, and those that were kept under a name for everybody who
// opens the hook here.

import { alertWith, announce } from "../announce.js";
import { dateAndTime } from "../dates.js";
import { contentOf, openDialog } from "../dialog.js";
import { field, find } from "../dom.js";
import { failureFrom, requestJson } from "../request.js";

export class EarlierPayloads {
  /**
   * @param {object} options
   * @param {import("./runner.js").Part} options.part finds an element of the Runner panel
   * @param {string} options.address where they are
   * @param {string} options.token the form's CSRF token
   * @param {() => string} options.textToKeep
   * @param {(text: string) => void} options.onChoose
   * @param {(kind: string) => HTMLElement[]} options.actionsFor what a person can do about a failure
   */
  constructor({ part, address, token, textToKeep, onChoose, actionsFor }) {
    this.part = part;
    this.address = address;
    this.token = token;
    this.textToKeep = textToKeep;
    this.onChoose = onChoose;
    this.actionsFor = actionsFor;
    /** In the order of the select. @type {{label: string, text: string, group: string, name?: string}[]} */
    this.payloads = [];
    part("keep").addEventListener("click", () => this.#askForName(part("keep")));
    part("earlier").addEventListener("change", () => this.#choose());
    part("forget").addEventListener("click", () => this.#forget());
  }

  /** Ask for them, without a word if that fails: those that are shown stay. */
  async load() {
    const answer = await fetch(this.address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) {
      this.#show(await answer.json());
    }
  }

  /** @param {{ kept: { name: string, text: string }[], recent: { at: string, text: string }[] }} payloads */
  #show({ kept, recent }) {
    const select = this.#select();
    const chosen = this.#chosen()?.name;
    this.payloads = [
      ...kept.map(({ name, text }) => ({ label: name, text, group: "Saved", name })),
      ...recent.map(({ at, text }) => ({ label: `Used ${dateAndTime(at)}`, text, group: "Recent" })),
    ];
    select.replaceChildren(new Option("Load payload…", ""));
    for (const group of ["Saved", "Recent"]) {
      const own = document.createElement("optgroup");
      own.label = group;
      this.payloads.forEach((payload, index) => {
        if (payload.group === group) {
          own.append(new Option(payload.label, String(index)));
        }
      });
      if (own.children.length) {
        select.append(own);
      }
    }
    const still = chosen ? this.payloads.findIndex(({ name }) => name === chosen) : -1;
    select.value = still < 0 ? "" : String(still);
    /** @type {HTMLElement} */ (select.parentElement).hidden = this.payloads.length === 0;
    this.part("forget").hidden = still < 0;
  }

  #select() {
    return this.part("earlier", HTMLSelectElement);
  }

  /** @returns {{text: string, name?: string} | undefined} */
  #chosen() {
    return this.payloads[Number(this.#select().value || -1)];
  }

  #choose() {
    const payload = this.#chosen();
    this.part("forget").hidden = !payload?.name;
    if (payload) {
      this.onChoose(payload.text);
      announce("The payload is in the field. Undo brings the other one back.");
    }
  }

  /** @param {HTMLElement} opener */
  #askForName(opener) {
    const dialog = openDialog(contentOf("keep-payload-dialog"), { opener });
    const form = find(dialog.element, "form", HTMLFormElement);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { value: name } = field(form, "name", HTMLInputElement);
      if (await this.#change({ name, text: this.textToKeep() })) {
        dialog.close();
        announce(`Saved the payload as ${name}.`);
      }
    });
  }

  async #forget() {
    const name = this.#chosen()?.name;
    if (name && (await this.#change({ action: "remove", name }))) {
      announce(`Removed the payload ${name}.`);
      this.part("keep").focus();
    }
  }

  /** @param {Record<string, string>} fields @returns {Promise<boolean>} */
  async #change(fields) {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", this.token);
    for (const [name, value] of Object.entries(fields)) {
      form.set(name, value);
    }
    try {
      this.#show(await requestJson(this.address, { label: "Saving the payload", form }));
      return true;
    } catch (error) {
      const failure = failureFrom(error);
      alertWith(failure.message, this.actionsFor(failure.kind));
      return false;
    }
  }
}
