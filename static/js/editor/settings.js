// The editor's settings, kept in this browser and in force at once.

import { alertWith, announce } from "../announce.js";
import { contentOf } from "../dialog.js";
import { all, find } from "../dom.js";
import { read, write } from "../storage.js";

const KEY = "editor-settings";

/**
 * @typedef {object} Settings
 * @property {"dark" | "light" | "system"} theme
 * @property {number} fontSize CSS pixels, 11 to 24; 0 for the size that suits the device
 * @property {number} tabSize columns
 * @property {"default" | "vim" | "emacs"} keyMap
 * @property {boolean} wrap
 */

/** @type {Settings} */
const DEFAULTS = { theme: "dark", fontSize: 0, tabSize: 2, keyMap: "default", wrap: false };
const USUAL_FONT_SIZE = 13;

/** What this browser keeps, made whole: it may be of an older version or not ours at all. @returns {Settings} */
export function readSettings() {
  try {
    return sound({ ...DEFAULTS, ...JSON.parse(read("localStorage", KEY) ?? "{}") });
  } catch {
    return DEFAULTS;
  }
}

/** @param {Settings} settings */
function keep(settings) {
  // Where that fails they hold for this visit.
  write("localStorage", KEY, JSON.stringify(settings));
}

/** @param {Settings} settings some of which may be of any type @returns {Settings} */
function sound({ theme, fontSize, tabSize, keyMap, wrap }) {
  return {
    theme: ["dark", "light", "system"].includes(theme) ? theme : DEFAULTS.theme,
    fontSize: fontSize >= 11 && fontSize <= 24 ? Math.round(fontSize) : DEFAULTS.fontSize,
    tabSize: [2, 4, 8].includes(tabSize) ? tabSize : DEFAULTS.tabSize,
    keyMap: ["default", "vim", "emacs"].includes(keyMap) ? keyMap : DEFAULTS.keyMap,
    wrap: wrap === true,
  };
}

/**
 * Put the look in force: the theme's class and the size of the code.
 * @param {HTMLElement} panel
 * @param {Settings} settings
 */
export function showLook(panel, { theme, fontSize }) {
  const dark = theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  panel.classList.toggle("panel-light", !dark);
  for (const code of all(document, ".code-dark, .code-light", HTMLElement)) {
    code.classList.toggle("code-dark", dark);
    code.classList.toggle("code-light", !dark);
    if (fontSize) {
      code.style.setProperty("--code-font-size", `${fontSize / 16}rem`);
    } else {
      code.style.removeProperty("--code-font-size");
    }
  }
}

/**
 * Connect the gear with the settings dialog, which is not modal: one sees at once what a setting does.
 * @param {HTMLButtonElement} gear
 * @param {HTMLElement} panel
 * @param {Pick<import("../../editor/src/code-editor.js").CodeEditor, "configure">} editor
 */
export function startSettings(gear, panel, editor) {
  const help = find(document, "#code-help", HTMLElement);
  const usualHelp = help.textContent;
  // Escape belongs to Vim.
  const showHelp = () => {
    help.textContent = settings.keyMap === "vim" ? "Press Ctrl-M, then Tab, to leave the code." : usualHelp;
  };

  let settings = readSettings();
  /** @type {HTMLDialogElement | null} */
  let dialog = null;
  showHelp();
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", () => showLook(panel, settings));

  /** @param {HTMLFormElement} form */
  function fill(form) {
    for (const [name, value] of Object.entries(settings)) {
      const element = form.elements.namedItem(name);
      if (element instanceof HTMLInputElement && element.type === "checkbox") {
        element.checked = value === true;
      } else if (
        element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof RadioNodeList
      ) {
        element.value = String(name === "fontSize" && !value ? USUAL_FONT_SIZE : value);
      }
    }
  }

  /** @param {Partial<Settings>} next */
  async function change(next) {
    const before = settings;
    settings = sound({ ...settings, ...next });
    keep(settings);
    showLook(panel, settings);
    try {
      await editor.configure({ tabSize: settings.tabSize, wrap: settings.wrap, keyMap: settings.keyMap });
    } catch {
      settings = { ...settings, keyMap: before.keyMap };
      keep(settings);
      alertWith("The key map could not be loaded. The keys are as before. Try again in a moment.");
    }
    showHelp();
  }

  function open() {
    const opened = /** @type {HTMLDialogElement} */ (contentOf("settings-dialog"));
    dialog = opened;
    const form = find(opened, "form", HTMLFormElement);
    fill(form);
    form.addEventListener("change", async (event) => {
      const element = /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
      await change({ [element.name]: settingOf(element) });
      fill(form);
    });
    find(opened, "#reset-settings", HTMLElement).addEventListener("click", async () => {
      await change(DEFAULTS);
      fill(form);
      announce("Settings were reset to their defaults.");
    });
    opened.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        opened.close();
      }
    });
    opened.addEventListener("close", () => {
      opened.remove();
      dialog = null;
      gear.setAttribute("aria-expanded", "false");
      gear.focus();
    });
    gear.closest(".status-bar")?.append(opened);
    opened.show();
    gear.setAttribute("aria-expanded", "true");
  }

  gear.hidden = false;
  gear.addEventListener("click", () => (dialog ? dialog.close() : open()));
}

/** What a field of the dialog says, with the setting's type. @param {HTMLInputElement | HTMLSelectElement} element */
function settingOf(element) {
  if (element instanceof HTMLInputElement && element.type === "checkbox") {
    return element.checked;
  }
  return element.type === "number" ? Number(element.value) : element.value;
}
