// The hook as it stands in the editor, beside what the tenant had when it was last seen: its script is in the code
// editor, its modules are in their panel, its name and the fingerprint of the tenant's version in the form.
import { field, find } from "../dom.js";
import { sameModules } from "./differences.js";

/**
 * @typedef {object} Version
 * @property {string} script
 * @property {Record<string, string>} modules
 */

export class EditedHook {
  /**
   * @param {object} options
   * @param {HTMLFormElement} options.form
   * @param {import("../../editor/src/code-editor.js").CodeEditor} options.editor
   * @param {import("./modules.js").ModulesPanel} options.modules
   * @param {{script: string | null, modules: Record<string, string>}} options.saved null: not known
   */
  constructor({ form, editor, modules, saved }) {
    this.form = form;
    this.editor = editor;
    this.modules = modules;
    /** What the tenant had when it was last seen. */
    this.saved = saved;
    this.mark = find(document, "#modified-mark", HTMLElement);
    this.state = find(document, "#editor-state", HTMLElement);
  }

  get name() {
    return this.#field("name").value;
  }

  /** Fingerprint of the tenant's version that a save overwrites. */
  get base() {
    return this.#field("base").value;
  }

  /** @param {string} name */
  #field(name) {
    return field(this.form, name, HTMLInputElement);
  }

  /** What is in the editor. @returns {Version} */
  version() {
    return { script: this.editor.text(), modules: this.modules.modules };
  }

  /** @param {{script: string | null, modules: Record<string, string>}} other */
  isSameAs({ script, modules }) {
    const now = this.version();
    return now.script === script && sameModules(now.modules, modules);
  }

  isModified() {
    return !this.isSameAs(this.saved);
  }

  /**
   * Put another version into the editor.
   * @param {Version} version
   * @param {string} [base] fingerprint of the version that it was written upon, where another than that of now
   */
  put({ script, modules }, base) {
    if (base) {
      this.#field("base").value = base;
    }
    this.editor.setText(script);
    this.modules.replace(modules);
  }

  /**
   * Note what the tenant has: from now on a save overwrites this version, and no other.
   * @param {Version} version
   * @param {{base: string, name?: string}} facts its fingerprint, and the hook's name, which may be another by now
   */
  noteSaved({ script, modules }, { base, name }) {
    this.#field("base").value = base;
    this.saved = { script, modules };
    if (name && name !== this.name) {
      this.#field("name").value = name;
      showName(name);
    }
  }

  /** Put the script into the form, for the browser to send by itself. */
  fillForm() {
    this.#field("script").value = this.editor.text();
  }

  /** Say in the panel's head how things stand. @param {string} text */
  showState(text) {
    this.state.textContent = text;
    this.mark.textContent = this.isModified() ? "*" : "";
  }

  /** Say in the panel's head that the hook is modified, or else `otherwise`. @param {string} [otherwise] */
  showModified(otherwise = "") {
    this.showState(this.isModified() ? "Modified" : otherwise);
  }
}

/** @param {string} name */
function showName(name) {
  find(document, "#hook-name span", HTMLElement).textContent = name;
  find(document, ".breadcrumb [aria-current]", HTMLElement).textContent = name;
  document.title = document.title.replace(/^.*?(?= · Hooks · )/, name);
}
