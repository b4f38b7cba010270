// The panel of the hook's npm modules. They are part of the hook: what is changed here goes out with Save.

import { alertWith, announce } from "../announce.js";
import { contentOf } from "../dialog.js";
import { field, find, maybe } from "../dom.js";
import { button } from "../elements.js";
import { failureFrom, requestJson } from "../request.js";

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
    /** @type {HTMLElement | null} */
    this.content = null;
    this.edited = "";
  }

  /** The panel's content, to be shown anew. @returns {HTMLElement} */
  draw() {
    const content = contentOf("modules-panel");
    this.content = content;
    this.edited = "";
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#part("#module-cancel").addEventListener("click", () => this.#stopEditing());
    this.#list();
    this.#hint();
    return content;
  }

  /** @param {string} selector of an element that the panel has */
  #part(selector) {
    return find(this.content ?? document, selector, HTMLElement);
  }

  get #form() {
    return find(this.content ?? document, "#module-form", HTMLFormElement);
  }

  /** @param {"name" | "version"} name */
  #field(name) {
    return field(this.#form, name, HTMLInputElement);
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
    } catch (error) {
      const failure = failureFrom(error);
      alertWith(failure.errors ? Object.values(failure.errors).join(" ") : failure.message);
      return false;
    }
  }

  async #submit() {
    const [name, version] = [this.#field("name"), this.#field("version")];
    this.#showErrors({});
    try {
      const checked = await this.#check(name.value, version.value, this.edited);
      const modules = { ...this.modules };
      delete modules[this.edited];
      const done = this.edited ? "Changed" : "Added";
      this.#stopEditing();
      this.replace({ ...modules, [checked.name]: checked.version });
      announce(`${done} ${checked.name}. It applies when you save.`);
      this.#field("name").focus();
    } catch (error) {
      const failure = failureFrom(error);
      if (failure.errors) {
        this.#showErrors(failure.errors);
      } else {
        alertWith(failure.message);
      }
    }
  }

  /**
   * @param {string} name
   * @param {string} version
   * @param {string} edited name of the module that these shall replace, "" for a new one
   * @returns {Promise<{name: string, version: string}>} rejects with a Failure, or with `errors` by field
   */
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
    for (const name of /** @type {const} */ (["name", "version"])) {
      const message = this.#part(`#module-${name}-error`);
      message.textContent = errors[name] ?? "";
      message.hidden = !errors[name];
      this.#field(name).toggleAttribute("aria-invalid", false);
      if (errors[name]) {
        this.#field(name).setAttribute("aria-invalid", "true");
      }
    }
    maybe(this.#form, "[aria-invalid]", HTMLElement)?.focus();
  }

  /** @param {string} name */
  #edit(name) {
    this.edited = name;
    this.#field("name").value = name;
    this.#field("version").value = this.modules[name];
    find(this.#form, "[type=submit]", HTMLElement).textContent = "Change module";
    this.#part("#module-cancel").hidden = false;
    this.#field("version").focus();
  }

  #stopEditing() {
    this.edited = "";
    this.#form.reset();
    this.#showErrors({});
    find(this.#form, "[type=submit]", HTMLElement).textContent = "Add module";
    this.#part("#module-cancel").hidden = true;
  }

  /** @param {string} name */
  #remove(name) {
    const { [name]: version, ...rest } = this.modules;
    const row = this.#part(`[data-module="${CSS.escape(name)}"]`).nextElementSibling;
    const next = row instanceof HTMLElement ? row.dataset.module : undefined;
    this.replace(rest);
    announce(`Removed ${name} ${version}. It applies when you save.`);
    const after = next && this.#part(`[data-module="${CSS.escape(next)}"] button`);
    (after || this.#field("name")).focus();
  }

  #list() {
    if (!this.content) {
      return;
    }
    const names = Object.keys(this.modules).sort();
    const list = this.#part("#module-list");
    list.replaceChildren(...names.map((name) => this.#row(name)));
    list.hidden = names.length === 0;
    this.#part("#no-modules").hidden = names.length > 0;
  }

  /** @param {string} name */
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
    this.content?.querySelector("#module-hints")?.replaceChildren(
      ...this.undeclared.map(({ name, version }) => {
        const row = document.createElement("li");
        row.append(
          `The script requires ${name}, which is not in the list. `,
          button(`Add ${name}`, async () => {
            if (await this.add(name, version)) {
              this.#field("name").focus();
            }
          }),
        );
        return row;
      }),
    );
  }
}
