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
    // The page is still here when the browser's back button or Escape stopped it from being left.
    const ready = () => button.removeAttribute("aria-disabled");
    addEventListener("pageshow", ready, { once: true });
    setTimeout(ready, 10_000);
  });
}
