// The filter of the list: hides the hooks whose names lack what is typed, and then the points without any left.

import { announce, announceQuietly } from "./announce.js";
import { all, find, maybe, textOf } from "./dom.js";

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
  const field = find(form, "#filter-text", HTMLInputElement);
  const count = find(form, "#filter-count", HTMLElement);
  const clear = find(form, "#filter-clear", HTMLElement);
  let points = read();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  // Read once: with a thousand hooks, looking names up at each key would take longer than a frame.
  function read() {
    return all(document, ".point", HTMLElement).map((section) => ({
      section,
      list: maybe(section, ".rows", HTMLElement),
      rows: all(section, "li.row", HTMLElement).map((row) => ({
        row,
        name: textOf(row, ".row-name").toLowerCase(),
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
    timer = text === "" ? undefined : setTimeout(() => announceQuietly(count.textContent ?? ""), REST);
  }

  /** @param {number} shown how many rows are */
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
