// What was typed and not saved, kept in this browser for each tenant and hook.

export class Draft {
  /** @param {string} tenant @param {string} hook */
  constructor(tenant, hook) {
    this.key = `draft:${tenant}:${hook}`;
  }

  /** @returns {{text: string, at: string} | null} */
  read() {
    try {
      const draft = JSON.parse(localStorage.getItem(this.key));
      return typeof draft?.text === "string" ? draft : null;
    } catch {
      // No storage in this browser, or nothing of ours in it.
      return null;
    }
  }

  /** @param {string} text @returns {boolean} whether it is kept; a full or forbidden storage keeps nothing */
  write(text) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ text, at: new Date().toISOString() }));
      return true;
    } catch {
      return false;
    }
  }

  remove() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Without storage there is no draft to remove.
    }
  }
}
