// What was typed and not saved, kept in this browser: an entry for each visit to a hook's editor, so that neither a
// second tab nor a later visit overwrites what an earlier one left.

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {Record<string, string>} modules
 * @property {string} base fingerprint of the version that was opened
 * @property {string} at when it was written, ISO 8601
 */

const COMING_BACK = "draft-to-restore";

export class Drafts {
  /** @param {string} tenant @param {string} hook */
  constructor(tenant, hook) {
    this.prefix = `draft:${tenant}:${hook}:`;
    this.own = `${this.prefix}${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  }

  /** Keep this visit's draft. @param {Omit<Draft, "at">} draft */
  write(draft) {
    try {
      localStorage.setItem(this.own, JSON.stringify({ ...draft, at: new Date().toISOString() }));
    } catch {
      // Storage is full or forbidden: the text is in the page alone, and leaving it asks first.
    }
  }

  /** Forget this visit's draft, or the one under `key`. @param {string} [key] */
  remove(key = this.own) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Without storage there is no draft to remove.
    }
  }

  /** The drafts of earlier visits, newest first. @returns {(Draft & {key: string})[]} */
  earlier() {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.prefix) && key !== this.own)
        .map((key) => ({ modules: {}, base: "", ...JSON.parse(localStorage.getItem(key)), key }))
        .sort((one, other) => other.at.localeCompare(one.at));
    } catch {
      // No storage in this browser, or something else than ours in it.
      return [];
    }
  }

  /** Leave for the sign-in page: what is typed shall be there again after it, without a question. */
  leaveToSignIn() {
    try {
      sessionStorage.setItem(COMING_BACK, this.own);
    } catch {
      // The draft is then offered as any other.
    }
  }

  /** The draft that was left for the sign-in page; once. @returns {(Draft & {key: string}) | undefined} */
  comingBack() {
    try {
      const key = sessionStorage.getItem(COMING_BACK);
      const found = this.earlier().find((draft) => draft.key === key);
      if (found) {
        sessionStorage.removeItem(COMING_BACK);
      }
      return found;
    } catch {
      return undefined;
    }
  }
}
