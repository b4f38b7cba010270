// What was typed and not saved, kept in this browser: an entry for each visit to a hook's editor, so that neither a
// second tab nor a later visit overwrites what an earlier one left. This visit's is written a moment after each change;
// those of earlier visits are offered, one after another, when the editor opens.

import { announce } from "../announce.js";
import { dateAndTime } from "../dates.js";
import { find } from "../dom.js";
import { button, notice } from "../elements.js";
import { COMING_BACK, DRAFT, onCleared } from "../kept.js";
import { keysOf, read, remove, write } from "../storage.js";
import { load } from "./load.js";

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {Record<string, string>} modules
 * @property {string} base fingerprint of the version that was opened
 * @property {string} name the hook's, to be spoken of by
 * @property {string} at when it was written, ISO 8601
 */

const DELAY = 1000; // ms after the last key

export class Drafts {
  /**
   * @param {object} options
   * @param {string} options.tenant
   * @param {string} options.id the hook's
   * @param {import("./hook.js").EditedHook} options.hook
   * @param {() => void} options.focusCode
   */
  constructor({ tenant, id, hook, focusCode }) {
    this.hook = hook;
    this.focusCode = focusCode;
    this.store = new Store(tenant, id);
    this.box = find(document, "#draft", HTMLElement);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.isCleared = false;
    onCleared(() => {
      this.isCleared = true;
    });
  }

  /** Keep what is in the editor, a moment after the last of several calls. */
  keepSoon() {
    clearTimeout(this.timer);
    this.isCleared = false;
    this.timer = setTimeout(() => this.keep(), DELAY);
  }

  /** Keep what is in the editor; where the tenant has the same, no draft is needed. */
  keep() {
    clearTimeout(this.timer);
    if (this.hook.isModified()) {
      const { script, modules } = this.hook.version();
      this.store.write({ text: script, modules, base: this.hook.base, name: this.hook.name });
    } else {
      this.store.remove();
    }
  }

  /** Keep what is in the editor, unless drafts were cleared since it was typed: the person has signed out elsewhere. */
  keepUnlessCleared() {
    if (!this.isCleared) {
      this.keep();
    }
  }

  /** Keep what is in the editor, to be put back without a question after the sign-in page. */
  keepForSignIn() {
    this.keep();
    this.store.leaveToSignIn();
  }

  /** Forget what this visit kept. */
  forget() {
    clearTimeout(this.timer);
    this.store.remove();
  }

  /** Put back what was kept for the sign-in page. @returns {boolean} whether something was */
  restoreAfterSignIn() {
    const draft = this.store.comingBack();
    if (!draft) {
      return false;
    }
    this.#restore(draft);
    this.store.remove(draft.key);
    announce("What you typed before you signed in is back.");
    return true;
  }

  /** Offer the newest draft of an earlier visit; when that is answered, the next one. */
  offer() {
    const [found] = this.store.earlier();
    this.box.hidden = !found;
    if (!found) {
      return;
    }
    if (this.hook.isSameAs({ script: found.text, modules: found.modules })) {
      this.store.remove(found.key);
      this.offer();
      return;
    }
    const from = dateAndTime(found.at);
    const answered = () => {
      this.store.remove(found.key);
      this.offer();
      this.focusCode();
    };
    const restoring = () => {
      this.#restore(found);
      answered();
    };
    /** @type {HTMLButtonElement} */
    const comparing = button("Compare", () => this.#compare(found.text, from, comparing));
    this.box.replaceChildren(
      notice("info", `A draft of this script from ${from} is kept in this browser.`, [
        button("Restore draft", restoring),
        comparing,
        button("Discard draft", answered),
      ]),
    );
  }

  /** @param {string} text @param {string} from when the draft was written @param {HTMLElement} opener */
  async #compare(text, from, opener) {
    const conflict = await load(() => import("./conflict.js"), "The comparison");
    conflict?.compare(
      "compare-dialog",
      { label: "In the editor", text: this.hook.version().script },
      { label: `Draft from ${from}`, text },
      { opener },
    );
  }

  /**
   * Put a draft into the editor. It was written upon its own version of the hook, so a newer one is not overwritten.
   * @param {Pick<Draft, "text" | "modules" | "base">} draft
   */
  #restore({ text, modules, base }) {
    this.hook.put({ script: text, modules }, base);
    this.keep();
  }
}

/** Drafts of a hook in this browser's storage. */
class Store {
  /** @param {string} tenant @param {string} id */
  constructor(tenant, id) {
    this.prefix = `${DRAFT}${tenant}:${id}:`;
    this.own = `${this.prefix}${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  }

  /**
   * Keep this visit's draft. Where that cannot be, the text is in the page alone, and leaving it asks first.
   * @param {Omit<Draft, "at">} draft
   */
  write(draft) {
    write("localStorage", this.own, JSON.stringify({ ...draft, at: new Date().toISOString() }));
  }

  /** Forget this visit's draft, or the one under `key`. @param {string} [key] */
  remove(key = this.own) {
    remove("localStorage", key);
  }

  /** The drafts of earlier visits, newest first. @returns {(Draft & {key: string})[]} */
  earlier() {
    try {
      return keysOf("localStorage", this.prefix)
        .filter((key) => key !== this.own)
        .map((key) => ({ modules: {}, base: "", ...JSON.parse(read("localStorage", key) ?? ""), key }))
        .sort((one, other) => other.at.localeCompare(one.at));
    } catch {
      // Something else than ours is in it.
      return [];
    }
  }

  /** Leave for the sign-in page: what is typed shall be there again after it, without a question. */
  leaveToSignIn() {
    write("sessionStorage", COMING_BACK, this.own);
  }

  /** The draft that was left for the sign-in page; once. @returns {(Draft & {key: string}) | undefined} */
  comingBack() {
    const key = read("sessionStorage", COMING_BACK);
    const found = this.earlier().find((draft) => draft.key === key);
    if (found) {
      remove("sessionStorage", COMING_BACK);
    }
    return found;
  }
}
