// The Logs panel: the small page of the server, with search, times and a menu. Loaded when it is first opened.

import "../shared.js";
import { alertWith, announce } from "../announce.js";
import { shortDateAndTime } from "../dates.js";
import { openDialog } from "../dialog.js";
import { all, copyOf, find, maybe } from "../dom.js";
import { saveFile } from "../elements.js";
import { menuButton } from "../menu.js";
import { fetchPart, takeForms } from "../part.js";
import { read, write } from "../storage.js";

const LOCAL_TIME = "logs-local-time";

/**
 * Show the log in the side panel.
 * @param {string} address of its page
 * @param {import("./side.js").Side} side
 * @param {HTMLElement} opener
 */
export async function openLogs(address, side, opener) {
  const part = await fetchPart(address, "Opening Logs");
  if (part) {
    new Logs(address, side).prepare(part);
    side.open("Logs", part, opener);
  }
}

class Logs {
  /** @param {string} address @param {import("./side.js").Side} side */
  constructor(address, side) {
    this.address = address;
    this.side = side;
    this.localTime = read("localStorage", LOCAL_TIME) !== "no";
  }

  /** @param {HTMLElement} part */
  prepare(part) {
    part.querySelector("[data-without-script]")?.remove();
    this.#showTimes(part);
    const tools = maybe(part, ".log-tools", HTMLElement);
    if (!tools) {
      return;
    }
    const search = find(part, "#search-logs", HTMLInputElement);
    const options = find(part, "#log-options", HTMLButtonElement);
    tools.hidden = false;
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLowerCase();
      for (const entry of all(part, "[data-run]", HTMLElement)) {
        entry.hidden = !entry.textContent?.toLowerCase().includes(wanted);
      }
    });
    menuButton(options, () => [
      { label: "Local time", checked: this.localTime, run: () => this.#switchTimes(part) },
      { label: "Download", run: () => this.#download(), separated: true },
      { label: "Clear", run: () => this.#clear(part, options) },
    ]);
    for (const entry of all(part, "[data-run]", HTMLDetailsElement)) {
      entry.addEventListener("toggle", () => this.#fill(entry), { once: true });
    }
  }

  /** What the run printed and answered, when its entry is first opened. @param {HTMLDetailsElement} entry */
  async #fill(entry) {
    const body = find(entry, ".log-body", HTMLElement);
    const part = await fetchPart(find(body, "a", HTMLAnchorElement).href, "Opening the run");
    if (part) {
      find(part, ".part-title", HTMLElement).remove();
      this.#showTimes(part);
      body.replaceChildren(part);
    }
  }

  /** @param {HTMLElement} part */
  #switchTimes(part) {
    this.localTime = !this.localTime;
    write("localStorage", LOCAL_TIME, this.localTime ? "yes" : "no");
    this.#showTimes(part);
  }

  /** @param {HTMLElement} container */
  #showTimes(container) {
    for (const time of container.querySelectorAll("time")) {
      const stamp = new Date(time.dateTime);
      time.dataset.utc ??= time.textContent ?? "";
      time.textContent = this.localTime ? shortDateAndTime(time.dateTime) : time.dataset.utc;
      time.title = this.localTime ? stamp.toString() : stamp.toISOString();
    }
  }

  /** Fetched first: leaving the page for it would ask about code that is not saved. */
  async #download() {
    const file = await fetch(`${this.address}?download`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!file?.ok) {
      const answer = await file?.json().catch(() => null);
      alertWith(answer?.error.message ?? "The log could not be downloaded. Try again in a moment.");
      return;
    }
    const named = /filename="(.+)"/.exec(file.headers.get("Content-Disposition") ?? "");
    saveFile(named?.[1] ?? "log", await file.blob());
  }

  /** @param {HTMLElement} part @param {HTMLElement} opener */
  #clear(part, opener) {
    const content = copyOf(part, "template#clear-logs");
    const dialog = openDialog(content, { opener });
    takeForms(dialog.element, {
      belongs: "[data-part=panel]",
      onPart: (next) => {
        dialog.close(false);
        this.prepare(next);
        this.side.show(next);
        find(this.side.element, "h2", HTMLElement).focus();
        announce("The log is empty now.");
      },
      onPage: () => {},
    });
  }
}
