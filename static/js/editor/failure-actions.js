// What a person can do about a failed save or run.
import { button, signInLink } from "../elements.js";
import { downloadScript } from "./tools.js";

/**
 * @param {object} options
 * @param {HTMLFormElement} options.form
 * @param {import("./hook.js").EditedHook} options.hook
 * @param {import("./drafts.js").Drafts} options.drafts
 * @param {import("./leaving.js").Leaving} options.leaving
 * @returns {(kind: string) => HTMLElement[]} buttons and links for the kind of a Failure
 */
export function failureActions({ form, hook, drafts, leaving }) {
  function signIn() {
    const way = signInLink();
    way.addEventListener("click", () => {
      drafts.keepForSignIn();
      leaving.allow();
    });
    return way;
  }

  function createWithIt() {
    const prefill = document.createElement("input");
    prefill.type = "hidden";
    prefill.name = "prefill";
    prefill.value = "1";
    form.append(prefill);
    hook.fillForm();
    drafts.keep();
    leaving.allow();
    form.action = form.dataset.create ?? "";
    form.submit();
  }

  const reload = () => button("Reload the page", () => location.reload());
  const download = () => button("Download script", () => downloadScript(hook));
  const create = () => button("Create a hook with it", createWithIt);
  /** @type {Record<string, (() => HTMLElement)[]>} */
  const actions = {
    "signed-out": [signIn],
    "form-too-old": [reload],
    "hook-gone": [download, create],
    "read-only": [download],
    gone: [download],
  };
  return (kind) => (actions[kind] ?? []).map((make) => make());
}
