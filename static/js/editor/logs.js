// The Logs panel: the small page of the server, with search, times and a menu. Loaded when it is first opened.
import { alertWith, announce } from "../announce.js";
import { openDialog } from "../dialog.js";
import { saveFile } from "../elements.js";
import { menuButton } from "../menu.js";
import { fetchPart, takeForms } from "../part.js";

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
    this.localTime = read() !== "no";
  }

  /** @param {HTMLElement} part */
  prepare(part) {
    const search = part.querySelector("#search-logs");
    const options = part.querySelector("#log-options");
    part.querySelector("[data-without-script]")?.remove();
    this.#showTimes(part);
    const tools = part.querySelector(".log-tools");
    if (!tools) {
      return;
    }
    tools.hidden = false;
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLowerCase();
      for (const entry of part.querySelectorAll("[data-run]")) {
        entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
      }
    });
    menuButton(options, () => [
      { label: "Local time", checked: this.localTime, run: () => this.#switchTimes(part) },
      { label: "Download", run: () => this.#download(), separated: true },
      { label: "Clear", run: () => this.#clear(part, options) },
    ]);
    for (const entry of part.querySelectorAll("[data-run]")) {
      entry.addEventListener("toggle", () => this.#fill(entry), { once: true });
    }
  }

  /** What the run printed and answered, when its entry is first opened. @param {HTMLDetailsElement} entry */
  async #fill(entry) {
    const body = entry.querySelector(".log-body");
    const part = await fetchPart(body.querySelector("a").href, "Opening the run");
    if (part) {
      part.querySelector(".part-title").remove();
      this.#showTimes(part);
      body.replaceChildren(part);
    }
  }

  #switchTimes(part) {
    this.localTime = !this.localTime;
    try {
      localStorage.setItem(LOCAL_TIME, this.localTime ? "yes" : "no");
    } catch {
      // It holds for this visit then.
    }
    this.#showTimes(part);
  }

  #showTimes(container) {
    for (const time of container.querySelectorAll("time")) {
      const stamp = new Date(time.dateTime);
      time.dataset.utc ??= time.textContent;
      time.textContent = this.localTime
        ? stamp.toLocaleString([], { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
        : time.dataset.utc;
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
    const [, name] = /filename="(.+)"/.exec(file.headers.get("Content-Disposition"));
    saveFile(name, await file.blob());
  }

  #clear(part, opener) {
    const content = part.querySelector("#clear-logs").content.firstElementChild.cloneNode(true);
    const dialog = openDialog(content, { opener });
    takeForms(dialog.element, {
      belongs: "[data-part=panel]",
      onPart: (next) => {
        dialog.close(false);
        this.prepare(next);
        this.side.show(next);
        this.side.element.querySelector("h2").focus();
        announce("The log is empty now.");
      },
      onPage: () => {},
    });
  }
}

function read() {
  try {
    return localStorage.getItem(LOCAL_TIME);
  } catch {
    return null;
  }
}
