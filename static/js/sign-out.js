// Signing out of a browser that keeps something: one question, whether it shall be cleared. Loaded when it is asked.

import "./shared.js";
import { alertWith } from "./announce.js";
import { contentOf, openDialog } from "./dialog.js";
import { find } from "./dom.js";
import { item } from "./elements.js";
import { clearKept } from "./kept.js";
import { failureOf } from "./part.js";
import { failureFrom, requestPage } from "./request.js";

/**
 * Ask, and sign out unless the person cancels.
 * @param {HTMLFormElement} form of the Sign out button
 * @param {string[]} lines what is kept
 * @param {() => void} leaving called when the page is about to be left, as was chosen
 */
export function askAndSignOut(form, lines, leaving) {
  if (document.querySelector("dialog:modal")) {
    // The button was pressed twice.
    return;
  }
  const content = contentOf("sign-out-dialog");
  find(content, "ul", HTMLElement).append(...lines.map(item));
  const { element } = openDialog(content, { opener: find(form, "button", HTMLElement) });
  find(element, "[data-choice=keep]", HTMLElement).addEventListener("click", () => {
    leaving();
    form.submit();
  });
  const clear = find(element, "[data-choice=clear]", HTMLElement);
  clear.addEventListener("click", () => signOutAndClear(form, clear, leaving));
}

/**
 * Nothing is cleared before the dashboard has taken the sign-out.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} button
 * @param {() => void} leaving
 */
async function signOutAndClear(form, button, leaving) {
  if (button.getAttribute("aria-disabled") === "true") {
    return;
  }
  button.setAttribute("aria-disabled", "true");
  alertWith("");
  try {
    const page = await requestPage(form.getAttribute("action") ?? "", {
      label: "Signing out",
      form: new FormData(form),
    });
    if (page.document.querySelector("#id_password")) {
      leaving();
      clearKept();
      location.assign(form.dataset.then ?? "");
      return;
    }
    const why = failureOf(page.document) || `The dashboard gave an answer we cannot use (${page.status}). Try again.`;
    alertWith(`Nothing was cleared. ${why}`);
  } catch (error) {
    alertWith(`Nothing was cleared. ${failureFrom(error).message}`);
  }
  button.removeAttribute("aria-disabled");
}
