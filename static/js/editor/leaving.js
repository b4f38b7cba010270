// Leaving the editor: what is not saved is asked about first, and kept as a draft when the page goes all the same. Signing
// out asks by itself.

import { contentOf, openDialog } from "../dialog.js";
import { find, hit } from "../dom.js";

export class Leaving {
  /**
   * @param {object} options
   * @param {import("./hook.js").EditedHook} options.hook
   * @param {import("./drafts.js").Drafts} options.drafts
   */
  constructor({ hook, drafts }) {
    this.hook = hook;
    this.drafts = drafts;
    this.allowed = new AbortController();
    const { signal } = this.allowed;
    document.addEventListener("click", (event) => this.#onClick(event), { signal });
    addEventListener("beforeunload", (event) => hook.isModified() && event.preventDefault(), { signal });
    addEventListener("pagehide", () => drafts.keepUnlessCleared(), { signal });
    document.addEventListener("signingout", () => drafts.keep(), { signal });
    document.addEventListener("signout", () => this.allow(), { signal });
  }

  /** From now on the page may be left without a question. */
  allow() {
    this.allowed.abort();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const anchor = hit(event, "a[href]", HTMLAnchorElement);
    if (!anchor) {
      return;
    }
    const elsewhere = anchor.origin === location.origin && anchor.pathname !== location.pathname;
    const asksOtherwise = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || anchor.target;
    if (elsewhere && !asksOtherwise && this.hook.isModified() && !anchor.closest("#alert")) {
      event.preventDefault();
      this.#ask(anchor);
    }
  }

  /** @param {HTMLAnchorElement} anchor that leads away */
  #ask(anchor) {
    const address = anchor.href;
    const dialog = openDialog(contentOf("leave-dialog"), { opener: anchor });
    find(dialog.element, "[data-choice]", HTMLElement).addEventListener("click", () => {
      this.allow();
      this.drafts.forget();
      location.assign(address);
    });
  }
}
