// Saving without leaving the page, and the choice when another admin was faster.

import { alertWith, announce } from "../announce.js";
import { clock } from "../dates.js";
import { contentOf, openDialog } from "../dialog.js";
import { find } from "../dom.js";
import { failureFrom, requestJson } from "../request.js";
import { mergeModules } from "./differences.js";
import { load } from "./load.js";

export class Saver {
  /**
   * @param {object} options
   * @param {HTMLFormElement} options.form what is sent, but for the script
   * @param {HTMLButtonElement} options.button
   * @param {import("./hook.js").EditedHook} options.hook
   * @param {import("../../editor/src/code-editor.js").CodeEditor} options.editor
   * @param {import("./modules.js").ModulesPanel} options.modules
   * @param {import("./drafts.js").Drafts} options.drafts
   * @param {() => void} options.onChange called when the hook differs otherwise from what the tenant has
   * @param {(kind: string) => HTMLElement[]} options.actionsFor what a person can do about a failure
   */
  constructor({ form, button, hook, editor, modules, drafts, onChange, actionsFor }) {
    this.form = form;
    this.button = button;
    this.hook = hook;
    this.editor = editor;
    this.modules = modules;
    this.drafts = drafts;
    this.onChange = onChange;
    this.actionsFor = actionsFor;
    this.saving = false;
  }

  /**
   * Send what is in the editor. One save at a time, and none while differences of a merge are open.
   * @param {object} [options]
   * @param {boolean} [options.confirmed] the script may be one that cannot run
   */
  async save({ confirmed = false } = {}) {
    if (this.saving) {
      return;
    }
    const open = this.editor.openChunks();
    if (open) {
      const differences = open === 1 ? "1 difference is" : `${open} differences are`;
      alertWith(`${differences} still open. Choose a side for each, then save.`);
      return;
    }
    const { hook, drafts } = this;
    this.saving = true;
    this.button.setAttribute("aria-disabled", "true");
    const sent = hook.version();
    drafts.keep();
    hook.showState("Saving…");
    try {
      const answer = await this.#send(sent.script, confirmed);
      hook.noteSaved(sent, answer);
      alertWith("");
      drafts.keep();
      announce(answer.message || `Saved at ${clock(answer.at)}.`);
      hook.showModified(answer.message ? "" : "Saved");
    } catch (error) {
      const failure = failureFrom(error);
      hook.showModified();
      announce("");
      if (failure.kind === "conflict") {
        await this.#settle(sent, failure.theirs, failure.message);
      } else if (failure.kind === "broken-script") {
        this.#ask(failure.message);
      } else {
        alertWith(failure.message, this.actionsFor(failure.kind));
      }
    } finally {
      this.saving = false;
      this.button.removeAttribute("aria-disabled");
    }
  }

  /** Post the form. Rejects with a Failure. @param {string} script @param {boolean} confirmed */
  #send(script, confirmed) {
    const body = new FormData(this.form);
    body.set("script", script);
    if (confirmed) {
      body.set("confirmed", "on");
    }
    return requestJson(this.form.action, { label: `Saving ${this.hook.name}`, form: body });
  }

  /** Ask whether an enabled hook shall have a script that cannot run. @param {string} message why it cannot */
  #ask(message) {
    const content = contentOf("broken-script-dialog");
    find(content, "[data-message]", HTMLElement).textContent = message;
    let chosen = false;
    const onClose = () => chosen || alertWith(message);
    const dialog = openDialog(content, { opener: this.button, onClose });
    find(content, "[data-choice=save]", HTMLElement).addEventListener("click", () => {
      chosen = true;
      dialog.close();
      this.save({ confirmed: true });
    });
  }

  /**
   * Another admin was faster: show both versions and do what the person chooses.
   * @param {import("./hook.js").Version} mine
   * @param {import("./hook.js").Version & {base: string, name: string}} theirs
   * @param {string} message what happened
   */
  async #settle(mine, theirs, message) {
    const conflict = await load(() => import("./conflict.js"), "The comparison");
    if (!conflict) {
      return;
    }
    const { hook, editor, modules, onChange } = this;
    const { tenant = "" } = this.form.dataset;
    alertWith("");
    const before = hook.saved.modules;
    const noteTheirs = () => {
      alertWith("");
      hook.noteSaved(theirs, theirs);
    };
    conflict.askWhich(mine, theirs, {
      opener: this.button,
      tenant,
      message,
      cancel: () => alertWith(message),
      keepMine: () => {
        noteTheirs();
        onChange();
        this.save();
      },
      takeTheirs() {
        noteTheirs();
        hook.put(theirs);
        editor.focus();
        announce(`The editor has the version of ${tenant}. Undo brings yours back.`);
      },
      merge() {
        noteTheirs();
        modules.replace(mergeModules(before, mine.modules, theirs.modules));
        conflict.mergeByHand(editor, theirs.script, onChange);
      },
    });
  }
}
