// What every page does: announce what the last action did, send each form once, find a tenant among many.

import "./shared.js";
import { announce, startDismissing } from "./announce.js";
import { all, find, maybe, textOf } from "./dom.js";
import { keptLines } from "./kept.js";
import { keepAt } from "./place.js";
import { during, shownAgain } from "./progress.js";

const said = textOf(document, "#status");
if (said) {
  // A live region is read out when it changes, not when it is there from the start.
  announce(said);
}
startDismissing();

for (const form of all(document, "form[data-once]", HTMLFormElement)) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? find(form, "[type=submit]", HTMLElement);
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    during(form.dataset.once ?? "", shownAgain()).then(() => button.removeAttribute("aria-disabled"));
  });
}

const signOut = maybe(document, "#sign-out", HTMLFormElement);
signOut?.addEventListener("submit", async (event) => {
  // The Hook Editor keeps what was typed just now, so that there is one question for all of it.
  document.dispatchEvent(new Event("signingout"));
  const lines = keptLines();
  if (lines.length) {
    event.preventDefault();
    const leaving = () => document.dispatchEvent(new Event("signout"));
    const asking = await import("./sign-out.js").catch(() => null);
    if (asking) {
      asking.askAndSignOut(signOut, lines, leaving);
    } else {
      // Without the question nothing is cleared.
      signOut.submit();
    }
  }
});

const tenants = maybe(document, "#tenants", HTMLElement);
if (tenants) {
  startSwitcher(tenants, find(document, "#switch-tenant", HTMLElement));
}

/** @param {HTMLElement} tenants the list @param {HTMLElement} button that opens it */
function startSwitcher(tenants, button) {
  const field = maybe(tenants, "#find-tenant", HTMLInputElement);
  let closed = new AbortController();
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", (event) => {
    // The browser's own way would show it first where it stands without a script.
    event.preventDefault();
    const opens = !tenants.matches(":popover-open");
    tenants.togglePopover(opens);
    if (opens) {
      closed = new AbortController();
      keepAt(tenants, button, closed.signal);
    }
  });
  tenants.addEventListener("toggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open") {
      (field ?? find(tenants, "a", HTMLElement)).focus();
    } else {
      closed.abort();
    }
  });
  if (field) {
    field.hidden = false;
    field.addEventListener("input", () => {
      const text = field.value.trim().toLowerCase();
      for (const item of tenants.querySelectorAll("li")) {
        item.hidden = !item.textContent?.toLowerCase().includes(text);
      }
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        maybe(tenants, "li:not([hidden]) a", HTMLElement)?.click();
      } else if (event.key === "Escape") {
        // A field for searches would only empty itself.
        event.preventDefault();
        tenants.hidePopover();
        button.focus();
      }
    });
  }
}
