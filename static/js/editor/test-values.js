// Test values of secrets, in the Runner panel. They stay in this browser and go to runs alone.
import { alertWith } from "../announce.js";
import { read, write } from "../browser-storage.js";

/**
 * @typedef {object} Secrets what a run has in place of the hook's secrets
 * @property {boolean} stored whether the stored values count too, where a test value does not win over them
 * @property {Record<string, string>} values
 */

export class TestValues {
  /**
   * @param {object} options
   * @param {(name: string) => HTMLElement | null} options.part finds an element of the Runner panel
   * @param {string} options.key under which this browser keeps them
   * @param {() => string[]} options.secretNames of the hook, and those that the script reads
   */
  constructor({ part, key, secretNames }) {
    Object.assign(this, { part, key, secretNames });
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
    return { stored, values: { __proto__: null, ...values } };
  }

  /** Show fields for the secrets that the hook has or its script reads. */
  draw() {
    const { stored, values } = this.secrets();
    const box = this.part("stored");
    if (box) {
      box.checked = stored;
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
    const values = { __proto__: null };
    for (const { dataset, value } of this.part("values").querySelectorAll("[data-secret]")) {
      if (value) {
        values[dataset.secret] = value;
      }
    }
    this.kept = { stored: this.part("stored")?.checked ?? false, values };
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
