// Test values of secrets, in the Runner panel. They stay in this browser and go to runs alone.

import { alertWith } from "../announce.js";
import { all, maybe } from "../dom.js";
import { read, write } from "../storage.js";

/**
 * @typedef {object} Secrets what a run has in place of the hook's secrets
 * @property {boolean} stored whether the stored values count too, where a test value does not win over them
 * @property {Record<string, string>} values
 */

export class TestValues {
  /**
   * @param {object} options
   * @param {HTMLElement} options.content of the Runner panel
   * @param {import("./runner.js").Part} options.part finds an element of it
   * @param {string} options.key under which this browser keeps them
   * @param {() => string[]} options.secretNames of the hook, and those that the script reads
   */
  constructor({ content, part, key, secretNames }) {
    this.part = part;
    this.key = key;
    this.secretNames = secretNames;
    /** Whether stored values count too; not there where the hook has none that can be read. */
    this.box = maybe(content, "[data-runner=stored]", HTMLInputElement);
    /** What was last kept or read. @type {Secrets | null} */
    this.kept = null;
    part("secrets").addEventListener("input", () => this.#keep());
    // By now more may be known of what the script reads.
    part("secrets").addEventListener("toggle", () => this.draw());
  }

  /** @returns {Secrets} */
  secrets() {
    this.kept ??= JSON.parse(read("localStorage", this.key) ?? "null");
    const { stored = false, values } = this.kept ?? {};
    // A secret may be called like something that every object has.
    return { stored, values: Object.assign(Object.create(null), values) };
  }

  /** Show fields for the secrets that the hook has or its script reads. */
  draw() {
    const { stored, values } = this.secrets();
    if (this.box) {
      this.box.checked = stored;
    }
    const names = [...new Set([...this.secretNames(), ...Object.keys(values)])].sort();
    this.part("no-secrets").hidden = names.length > 0;
    this.part("values").replaceChildren(...names.map((name) => field(name, values[name] ?? "")));
  }

  /** `text`, which is JSON, with the values in it replaced by their names, as the log has it. @param {string} text */
  hideIn(text) {
    const longestFirst = Object.entries(this.secrets().values).sort(([, one], [, other]) => other.length - one.length);
    return longestFirst.reduce(
      (rest, [name, value]) => rest.replaceAll(JSON.stringify(value).slice(1, -1), () => `[secret ${name}]`),
      text,
    );
  }

  #keep() {
    /** @type {Record<string, string>} */
    const values = Object.create(null);
    for (const { dataset, value } of all(this.part("values"), "[data-secret]", HTMLTextAreaElement)) {
      if (value && dataset.secret) {
        values[dataset.secret] = value;
      }
    }
    this.kept = { stored: this.box?.checked ?? false, values };
    if (!write("localStorage", this.key, JSON.stringify(this.kept))) {
      alertWith("This browser cannot store the test values. They are kept only until you leave this page.");
    }
  }
}

/** @param {string} name @param {string} value */
function field(name, value) {
  const label = document.createElement("label");
  // Keys in PEM form have lines.
  const text = document.createElement("textarea");
  text.rows = 1;
  text.className = "masked";
  text.autocomplete = "off";
  text.spellcheck = false;
  text.dataset.secret = name;
  text.value = value;
  label.append(`Test value of ${name}`, text);
  return label;
}
