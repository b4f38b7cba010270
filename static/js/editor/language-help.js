// Help while typing: the language service, what it is told of the hook, and what it finds in the script.
import { field, find } from "../dom.js";

const DELAY = 500; // ms from the first sign of a person

export class LanguageHelp {
  /**
   * Help is as large as the rest of the page several times over: it comes after the first sign of a person, when the
   * page is usable, and keeps nothing waiting: not the first key either, of which the focus may be the sign.
   * @param {object} options
   * @param {HTMLFormElement} options.form the editor's, which has the hook's point and the addresses
   * @param {import("../../editor/src/code-editor.js").CodeEditor} options.editor
   * @param {import("./modules.js").ModulesPanel} options.modules
   * @param {import("./secrets.js").SecretsPanel} options.secrets
   * @param {HTMLElement} options.opener of the secrets' panel
   */
  constructor(options) {
    /** The language service once it runs. @type {{ update: (hook: object) => void, openProblems: () => void } | null} */
    this.service = null;
    this.problems = find(document, "#problems", HTMLElement);
    this.problems.addEventListener("click", () => this.service?.openProblems());
    const signs = new AbortController();
    const start = () => {
      signs.abort();
      setTimeout(() => {
        this.#start(options);
        options.secrets.lookUp();
      }, DELAY);
    };
    for (const sign of ["focusin", "keydown", "pointerdown", "pointermove"]) {
      addEventListener(sign, start, { signal: signs.signal });
    }
  }

  /** Tell what has changed of the hook. @param {{secrets?: string[], modules?: string[]}} changes */
  update(changes) {
    this.service?.update(changes);
  }

  /** @param {ConstructorParameters<typeof LanguageHelp>[0]} options */
  async #start({ form, editor, modules, secrets, opener }) {
    const { worker = "", types = "" } = form.dataset;
    const language = await import("../../editor/src/language.js").catch(() => null);
    const started = language?.startLanguageService(editor, {
      workerUrl: worker,
      typesUrl: types,
      hook: {
        trigger: field(form, "trigger", HTMLInputElement).value,
        secrets: secrets.names,
        modules: Object.keys(modules.modules),
      },
      onAnalysis({ secrets: used, undeclared }) {
        modules.hint(undeclared);
        secrets.use([...new Set(used.map(({ name }) => name))]);
      },
      onAddModule: (name, version) => modules.add(name, version),
      onAddSecret: (name) => secrets.open(opener, name),
      onProblems: (problems) => this.#showProblems(problems),
    });
    this.service = started ?? null;
  }

  /** @param {{errors: number, hints: number} | null} problems null where nobody looks for them */
  #showProblems(problems) {
    const parts = [];
    if (problems?.errors) {
      parts.push(problems.errors === 1 ? "1 error" : `${problems.errors} errors`);
    }
    if (problems?.hints) {
      parts.push(problems.hints === 1 ? "1 hint" : `${problems.hints} hints`);
    }
    this.problems.hidden = parts.length === 0;
    this.problems.textContent = parts.join(", ");
  }
}
