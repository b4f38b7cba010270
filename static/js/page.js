// What every page does: announce what the last action did, and send each form once.
import { announce } from "./announce.js";

const said = document.querySelector("#status");
if (said?.textContent.trim()) {
  // A live region is read out when it changes, not when it is there from the start.
  announce(said.textContent.trim());
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? form.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    // Coming back with the browser's button shows the page as it was left.
    addEventListener("pageshow", () => button.removeAttribute("aria-disabled"), { once: true });
  });
}
