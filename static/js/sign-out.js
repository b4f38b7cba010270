// Signing out of a browser that keeps something: one question, whether it shall be cleared. Loaded when it is asked.
import { alertWith } from "./announce.js";
import { contentOf, openDialog } from "./dialog.js";
import { clearKept } from "./kept.js";
import { failureOf } from "./part.js";
import { requestPage } from "./request.js";

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
  content.querySelector("ul").append(
    ...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  const { element } = openDialog(content, { opener: form.querySelector("button") });
  element.querySelector("[data-choice=keep]").addEventListener("click", () => {
    leaving();
    form.submit();
  });
  element.querySelector("[data-choice=clear]").addEventListener("click", (event) =>
    signOutAndClear(form, event.currentTarget, leaving),
  );
}

/** Nothing is cleared before the dashboard has taken the sign-out. */
async function signOutAndClear(form, button, leaving) {
  if (button.getAttribute("aria-disabled") === "true") {
    return;
  }
  button.setAttribute("aria-disabled", "true");
  alertWith("");
  try {
    const page = await requestPage(form.getAttribute("action"), { label: "Signing out", form: new FormData(form) });
    if (page.document.querySelector("#id_password")) {
      leaving();
      clearKept();
      location.assign(form.dataset.then);
      return;
    }
    const why = failureOf(page.document) || `The dashboard gave an answer we cannot use (${page.status}). Try again.`;
    alertWith(`Nothing was cleared. ${why}`);
  } catch (failure) {
    alertWith(`Nothing was cleared. ${failure.message}`);
  }
  button.removeAttribute("aria-disabled");
}
