// Earlier payloads, in the Runner panel: those of recent runs, and those that were kept under a name for everybody who
// opens the hook here.
import { alertWith, announce } from "../announce.js";
import { contentOf, openDialog } from "../dialog.js";
import { requestJson } from "../request.js";

export class EarlierPayloads {
  /**
   * @param {object} options
   * @param {(name: string) => HTMLElement} options.part finds an element of the Runner panel
   * @param {string} options.address where they are
   * @param {string} options.token the form's CSRF token
   * @param {() => string} options.textToKeep
   * @param {(text: string) => void} options.onChoose
   * @param {(kind: string) => HTMLElement[]} options.actionsFor what a person can do about a failure
   */
  constructor({ part, address, token, textToKeep, onChoose, actionsFor }) {
    Object.assign(this, { part, address, token, textToKeep, onChoose, actionsFor });
    /** In the order of the select. @type {{label: string, text: string, group: string, name?: string}[]} */
    this.payloads = [];
    part("keep").addEventListener("click", (event) => this.#askForName(event.target));
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

  #show({ kept, recent }) {
    const select = this.part("earlier");
    const chosen = this.#chosen()?.name;
    this.payloads = [
      ...kept.map(({ name, text }) => ({ label: name, text, group: "Saved", name })),
      ...recent.map(({ at, text }) => ({ label: `Used ${when(at)}`, text, group: "Recent" })),
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
    select.parentElement.hidden = this.payloads.length === 0;
    this.part("forget").hidden = still < 0;
  }

  #chosen() {
    return this.payloads[Number(this.part("earlier").value || -1)];
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
    dialog.element.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const { name } = event.target.elements;
      if (await this.#change({ name: name.value, text: this.textToKeep() })) {
        dialog.close();
        announce(`Saved the payload as ${name.value}.`);
      }
    });
  }

  async #forget() {
    const { name } = this.#chosen();
    if (await this.#change({ action: "remove", name })) {
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
    } catch (failure) {
      alertWith(failure.message, this.actionsFor(failure.kind));
      return false;
    }
  }
}

/** @param {string} stamp */
function when(stamp) {
  return new Date(stamp).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
