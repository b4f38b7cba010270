// The list of hooks: a filter over names, and a notice that can be put away.
import { announce, announceQuietly } from "./announce.js";

const REST = 500; // ms without a key after which the count is announced
const THIRTY_DAYS = 30 * 24 * 60 * 60; // seconds

const form = document.querySelector("#filter");
if (form) {
  startFilter(form);
}

const hide = document.querySelector("#hide-end-of-life");
if (hide) {
  hide.hidden = false;
  hide.addEventListener("click", () => {
    // A cookie, so that the server leaves the notice out and it does not flash up.
    document.cookie = `hide_end_of_life=1; path=/; max-age=${THIRTY_DAYS}; samesite=lax`;
    document.querySelector("#end-of-life").remove();
    document.querySelector("#main").focus();
  });
}

/** @param {HTMLFormElement} form */
function startFilter(form) {
  const field = form.querySelector("#filter-text");
  const count = form.querySelector("#filter-count");
  const clear = form.querySelector("#filter-clear");
  // Read once: with a thousand hooks, looking names up at each key would take longer than a frame.
  const points = [...document.querySelectorAll(".point")].map((section) => ({
    section,
    rows: [...section.querySelectorAll("li.row")].map((row) => ({
      row,
      name: row.querySelector(".row-name").textContent.toLowerCase(),
    })),
  }));
  const total = points.reduce((sum, { rows }) => sum + rows.length, 0);
  let timer = 0;

  function apply() {
    const text = field.value.trim().toLowerCase();
    let shown = 0;
    for (const { section, rows } of points) {
      let here = 0;
      for (const { row, name } of rows) {
        const matches = name.includes(text);
        row.hidden = !matches;
        here += matches ? 1 : 0;
      }
      section.hidden = text !== "" && here === 0;
      shown += here;
    }
    clear.hidden = text === "";
    count.textContent = text === "" ? "" : sentence(shown);
    clearTimeout(timer);
    timer = text === "" ? 0 : setTimeout(() => announceQuietly(count.textContent), REST);
  }

  function sentence(shown) {
    return shown === 0 ? `No hook has “${field.value.trim()}” in its name.` : `${shown} of ${total} hooks`;
  }

  form.hidden = false;
  field.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      apply();
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    // The field is emptied after this event.
    setTimeout(() => {
      apply();
      announce("");
      field.focus();
    });
  });
}
