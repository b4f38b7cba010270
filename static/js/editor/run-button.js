// The Run button: it loads the Runner when it is first used, and says first where a run may reach hosts.
import { announce } from "../announce.js";
import { load } from "./load.js";

export class RunButton {
  /**
   * @param {HTMLButtonElement} element
   * @param {string} hosts that a run may reach; "" for none
   * @param {import("./runner.js").Options} options those of the Runner's panel
   */
  constructor(element, hosts, options) {
    this.element = element;
    this.hosts = hosts;
    this.options = options;
    /** @type {Promise<import("./runner.js").RunnerPanel | null> | null} */
    this.panel = null;
    element.hidden = false;
    element.addEventListener("click", () => this.run());
  }

  /** Run what is in the editor. Where it may reach hosts, the first press only opens the panel, which says so. */
  async run() {
    this.panel ??= this.#load();
    const panel = await this.panel;
    if (!panel) {
      this.panel = null;
      return;
    }
    if (!panel.isOpen) {
      await panel.open(this.element);
      if (this.hosts) {
        announce(`This run may reach ${this.hosts}. Press Run again to continue.`);
        return;
      }
    }
    panel.run();
  }

  async #load() {
    const runner = await load(() => import("./runner.js"), "The Runner");
    return runner && new runner.RunnerPanel(this.options);
  }
}
