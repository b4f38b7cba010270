// The panel of the hook's npm modules. They are part of the hook: what is changed here goes out with Save.
import { alertWith, announce } from "../announce.js";
import { contentOf } from "../dialog.js";
import { button } from "../elements.js";
import { requestJson } from "../request.js";

/** A name and a version or range of versions. @typedef {Record<string, string>} Modules */

export class ModulesPanel {
  /**
   * @param {object} options
   * @param {string} options.address where names and versions are checked
   * @param {string} options.token the form's CSRF token
   * @param {Modules} options.modules
   * @param {() => void} options.onChange
   */
  constructor({ address, token, modules, onChange }) {
    this.address = address;
    this.token = token;
    this.modules = modules;
    this.onChange = onChange;
    /** Modules that the script requires and nobody declared. @type {{name: string, version: string}[]} */
    this.undeclared = [];
    this.content = null;
    this.edited = "";
  }

  /** The panel's content, to be shown anew. @returns {HTMLElement} */
  draw() {
    this.content = contentOf("modules-panel");
    this.edited = "";
    this.form = this.content.querySelector("#module-form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.content.querySelector("#module-cancel").addEventListener("click", () => this.#stopEditing());
    this.#list();
    this.#hint();
    return this.content;
  }

  /** Another version of the whole map, such as the tenant's. @param {Modules} modules */
  replace(modules) {
    this.modules = modules;
    this.#list();
    this.onChange();
  }

  /** @param {{name: string, version: string}[]} requires what the script requires without a declaration */
  hint(requires) {
    this.undeclared = requires;
    this.#hint();
  }

  /** Declare a module after it was checked. @param {string} name @param {string} version @returns {Promise<boolean>} */
  async add(name, version) {
    try {
      const checked = await this.#check(name, version, "");
      this.replace({ ...this.modules, [checked.name]: checked.version });
      announce(`Added ${checked.name}. It applies when you save.`);
      return true;
    } catch (failure) {
      alertWith(failure.errors ? Object.values(failure.errors).join(" ") : failure.message);
      return false;
    }
  }

  async #submit() {
    const { name, version } = this.form.elements;
    this.#showErrors({});
    try {
      const checked = await this.#check(name.value, version.value, this.edited);
      const modules = { ...this.modules };
      delete modules[this.edited];
      const done = this.edited ? "Changed" : "Added";
      this.#stopEditing();
      this.replace({ ...modules, [checked.name]: checked.version });
      announce(`${done} ${checked.name}. It applies when you save.`);
      this.form.elements.name.focus();
    } catch (failure) {
      if (failure.errors) {
        this.#showErrors(failure.errors);
      } else {
        alertWith(failure.message);
      }
    }
  }

  /** @returns {Promise<{name: string, version: string}>} rejects with a Failure, or with `errors` by field */
  async #check(name, version, edited) {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", this.token);
    form.set("action", "check");
    form.set("name", name);
    form.set("version", version);
    const checked = await requestJson(this.address, { label: `Checking ${name}`, form });
    if (checked.name !== edited && checked.name in this.modules) {
      throw { errors: { name: `${checked.name} is already in the list.` } };
    }
    return checked;
  }

  /** @param {Record<string, string>} errors by field */
  #showErrors(errors) {
    for (const field of ["name", "version"]) {
      const message = this.content.querySelector(`#module-${field}-error`);
      message.textContent = errors[field] ?? "";
      message.hidden = !errors[field];
      this.form.elements[field].toggleAttribute("aria-invalid", false);
      if (errors[field]) {
        this.form.elements[field].setAttribute("aria-invalid", "true");
      }
    }
    this.form.querySelector("[aria-invalid]")?.focus();
  }

  #edit(name) {
    this.edited = name;
    this.form.elements.name.value = name;
    this.form.elements.version.value = this.modules[name];
    this.form.querySelector("[type=submit]").textContent = "Change module";
    this.content.querySelector("#module-cancel").hidden = false;
    this.form.elements.version.focus();
  }

  #stopEditing() {
    this.edited = "";
    this.form.reset();
    this.#showErrors({});
    this.form.querySelector("[type=submit]").textContent = "Add module";
    this.content.querySelector("#module-cancel").hidden = true;
  }

  #remove(name) {
    const { [name]: version, ...rest } = this.modules;
    const row = this.content.querySelector(`[data-module="${CSS.escape(name)}"]`);
    const next = row.nextElementSibling?.dataset.module;
    this.replace(rest);
    announce(`Removed ${name} ${version}. It applies when you save.`);
    const after = next && this.content.querySelector(`[data-module="${CSS.escape(next)}"] button`);
    (after || this.form.elements.name).focus();
  }

  #list() {
    if (!this.content) {
      return;
    }
    const names = Object.keys(this.modules).sort();
    const list = this.content.querySelector("#module-list");
    list.replaceChildren(...names.map((name) => this.#row(name)));
    list.hidden = names.length === 0;
    this.content.querySelector("#no-modules").hidden = names.length > 0;
  }

  #row(name) {
    const row = document.createElement("li");
    row.dataset.module = name;
    const text = document.createElement("span");
    text.textContent = `${name}@${this.modules[name]}`;
    const edit = button("Edit", () => this.#edit(name));
    edit.setAttribute("aria-label", `Edit ${name}`);
    const remove = button("Remove", () => this.#remove(name));
    remove.setAttribute("aria-label", `Remove ${name}`);
    row.append(text, edit, remove);
    return row;
  }

  #hint() {
    this.content?.querySelector("#module-hints").replaceChildren(
      ...this.undeclared.map(({ name, version }) => {
        const row = document.createElement("li");
        row.append(
          `The script requires ${name}, which is not in the list. `,
          button(`Add ${name}`, async () => {
            if (await this.add(name, version)) {
              this.form.elements.name.focus();
            }
          }),
        );
        return row;
      }),
    );
  }
}
