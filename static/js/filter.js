// The filter of the list: hides the hooks whose names lack what is typed, and then the points without any left.
import { announce, announceQuietly } from "./announce.js";

const ROW = 62; // CSS pixels of a row's height, as in list.css, more or less
const REST = 500; // ms without a key after which the count is announced

/**
 * @param {HTMLFormElement | null} form null where the tenant has no hooks
 * @returns {{ refresh: () => void } | null} to be refreshed when the rows are others
 */
export function startFilter(form) {
  if (!form) {
    return null;
  }
  const field = form.querySelector("#filter-text");
  const count = form.querySelector("#filter-count");
  const clear = form.querySelector("#filter-clear");
  let points = read();
  let timer = 0;

  // Read once: with a thousand hooks, looking names up at each key would take longer than a frame.
  function read() {
    return [...document.querySelectorAll(".point")].map((section) => ({
      section,
      list: section.querySelector(".rows"),
      rows: [...section.querySelectorAll("li.row")].map((row) => ({
        row,
        name: row.querySelector(".row-name").textContent.toLowerCase(),
        shown: true,
      })),
    }));
  }

  function apply() {
    const text = field.value.trim().toLowerCase();
    let shown = 0;
    for (const point of points) {
      let here = 0;
      for (const entry of point.rows) {
        const matches = entry.name.includes(text);
        if (matches !== entry.shown) {
          entry.row.hidden = !matches;
          entry.shown = matches;
        }
        here += matches ? 1 : 0;
      }
      point.section.hidden = text !== "" && here === 0;
      if (point.list) {
        // Out of view a list takes up this height without being laid out.
        point.list.style.contentVisibility = "auto";
        point.list.style.containIntrinsicBlockSize = `${here * ROW}px`;
      }
      shown += here;
    }
    clear.hidden = text === "";
    count.textContent = text === "" ? "" : sentence(shown);
    clearTimeout(timer);
    timer = text === "" ? 0 : setTimeout(() => announceQuietly(count.textContent), REST);
  }

  function sentence(shown) {
    const total = points.reduce((sum, { rows }) => sum + rows.length, 0);
    return shown === 0 ? `No hook has “${field.value.trim()}” in its name.` : `${shown} of ${total} hooks`;
  }

  form.hidden = false;
  apply();
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
  return {
    refresh() {
      points = read();
      form.hidden = !points.some(({ rows }) => rows.length);
      apply();
      clearTimeout(timer);
    },
  };
}
