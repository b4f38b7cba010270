// The list of hooks: its selects and menus with their dialogs, a filter over names, a notice that can be put away.

import "./shared.js";
import { alertWith, announce } from "./announce.js";
import { showTimes } from "./dates.js";
import { openDialog } from "./dialog.js";
import { all, find, hit, maybe } from "./dom.js";
import { startFilter } from "./filter.js";
import { openMenu, toggleMenu } from "./menu.js";
import { failureOf, fetchPart, saidBy, takeForms } from "./part.js";
import { parametersOf } from "./request.js";
import { showStoredName } from "./stored-name.js";

const THIRTY_DAYS = 30 * 24 * 60 * 60; // seconds

const list = find(document, "#hooks", HTMLElement);
const filter = startFilter(maybe(document, "#filter", HTMLFormElement));
let opening = false;
enhance();

const hide = maybe(document, "#hide-end-of-life", HTMLElement);
if (hide) {
  hide.hidden = false;
  hide.addEventListener("click", () => {
    // A cookie, so that the server leaves the notice out and it does not flash up.
    // biome-ignore lint/suspicious/noDocumentCookie: the other way is asynchronous, and not in every browser
    document.cookie = `hide_end_of_life=1; path=/; max-age=${THIRTY_DAYS}; samesite=lax`;
    find(document, "#end-of-life", HTMLElement).remove();
    find(document, "#main", HTMLElement).focus();
  });
}

/** Menu buttons instead of what unfolds without a script; `Apply` waits until it is needed. */
function enhance() {
  for (const gear of all(list, "details.gear", HTMLDetailsElement)) {
    gear.replaceWith(gearButton(gear));
  }
  for (const apply of all(list, ".apply", HTMLElement)) {
    apply.hidden = true;
  }
  showTimes(list);
}

/** @param {HTMLDetailsElement} details */
function gearButton(details) {
  const summary = find(details, "summary", HTMLElement);
  const wrapper = document.createElement("span");
  wrapper.className = "gear";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-row";
  button.setAttribute("aria-label", summary.getAttribute("aria-label") ?? "");
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.append(...summary.childNodes);
  const [renaming, deleting] = all(details, "a", HTMLAnchorElement);
  button.dataset.rename = renaming.getAttribute("href") ?? "";
  button.dataset.delete = deleting.getAttribute("href") ?? "";
  wrapper.append(button);
  return wrapper;
}

/** @param {HTMLElement} button a row's gear @returns {import("./menu.js").MenuItem[]} */
function itemsOf(button) {
  const row = /** @type {HTMLElement} */ (button.closest("li"));
  const { hook = "" } = row.dataset;
  const items = [
    { label: "Rename", run: () => rename(hook, button.dataset.rename ?? "") },
    { label: "Delete", run: () => remove(row, button.dataset.delete ?? "") },
  ];
  if (list.dataset.copy) {
    items.splice(1, 0, { label: "Copy to a tenant", run: () => location.assign(`${list.dataset.copy}?hook=${hook}`) });
  }
  return items;
}

list.addEventListener("click", (event) => {
  const button = hit(event, ".gear > button", HTMLButtonElement);
  if (button) {
    toggleMenu(button, itemsOf(button));
  }
});
list.addEventListener("keydown", (event) => {
  const button = hit(event, ".gear > button", HTMLButtonElement);
  if (button && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    openMenu(button, itemsOf(button), event.key === "ArrowUp");
  }
});

/** @param {string} hook id @param {string} address */
function rename(hook, address) {
  openPart(address, "Opening Rename Hook", { opener: () => gearOf(hook), next: () => gearOf(hook) });
}

/** @param {HTMLElement} row @param {string} address */
function remove(row, address) {
  const { hook = "" } = row.dataset;
  const heading = row.closest(".point")?.getAttribute("aria-labelledby") ?? "";
  const next = row.nextElementSibling;
  const after = next instanceof HTMLElement ? next.dataset.hook : undefined;
  openPart(address, "Opening Delete Hook", {
    opener: () => gearOf(hook),
    next() {
      const row = after ? rowOf(after) : null;
      const point = document.getElementById(heading)?.parentElement;
      return (
        (row && maybe(row, ".row-name", HTMLElement)) ?? (point ? find(point, ".row-create a", HTMLElement) : null)
      );
    },
  });
}

/** @param {string} hook @returns {HTMLElement | null} */
function gearOf(hook) {
  const row = rowOf(hook);
  return row && maybe(row, ".gear > button", HTMLElement);
}

/** @param {string} hook @returns {HTMLElement | null} */
function rowOf(hook) {
  return maybe(list, `li[data-hook="${CSS.escape(hook)}"]`, HTMLElement);
}

/**
 * Show a small page in a dialog. When its form has led back to the list, take that in; where it led there because it
 * failed, the dialog stays and says why.
 * @param {string} address
 * @param {string} label
 * @param {object} options what gets the focus is looked for at the time, since the list may be another one by then
 * @param {() => HTMLElement | null} options.opener gets it when the dialog is closed
 * @param {() => HTMLElement | null} options.next gets it in the list that has what was done
 * @param {() => void} [options.onCancel] called when the dialog closed and nothing was done
 */
async function openPart(address, label, { opener, next, onCancel }) {
  if (opening) {
    return;
  }
  opening = true;
  alertWith("");
  announce("");
  const part = await fetchPart(address, label);
  opening = false;
  if (!part) {
    onCancel?.();
    return;
  }
  let isOver = false;
  const cancelled = () => {
    onCancel?.();
    if (document.activeElement === document.body) {
      (opener() ?? next())?.focus();
    }
  };
  const dialog = openDialog(part, {
    opener: opener() ?? undefined,
    onClose: () => isOver || cancelled(),
  });
  showStoredName(dialog.element);
  takeForms(dialog.element, {
    belongs: "#hooks",
    onPart(other) {
      dialog.show(other);
      showStoredName(dialog.element);
    },
    onPage(page, done) {
      isOver = done;
      if (done) {
        dialog.close(false);
      }
      takeIn(page);
      if (done) {
        alertWith(failureOf(page));
        announce(saidBy(page));
        next()?.focus();
      }
    },
  });
}

/** Show the list of another page. @param {Document} page */
function takeIn(page) {
  for (const id of ["hooks", "count"]) {
    const other = page.getElementById(id);
    if (other) {
      document.getElementById(id)?.replaceChildren(...document.adoptNode(other).childNodes);
    }
  }
  enhance();
  filter?.refresh();
}

// The select. A choice made with the pointer or in the open list opens the dialog at once; arrow and letter keys on the
// closed one change it at each press, so there a button waits (WCAG 2.2, 3.2.2).
const OPENING_KEYS = [" ", "Enter", "F4"];

list.addEventListener("keydown", (event) => {
  const select = hit(event, "select", HTMLSelectElement);
  if (!select) {
    return;
  }
  const apply = applyOf(select);
  if (event.key === "Enter" && !apply.hidden) {
    event.preventDefault();
    choose(select);
  } else {
    select.dataset.keys = OPENING_KEYS.includes(event.key) || event.altKey ? "" : "closed";
  }
});
list.addEventListener("pointerdown", (event) => {
  const select = hit(event, "select", HTMLSelectElement);
  if (select) {
    select.dataset.keys = "";
  }
});
list.addEventListener("change", (event) => {
  const select = hit(event, "select", HTMLSelectElement);
  if (!select) {
    return;
  }
  const apply = applyOf(select);
  if (select.dataset.keys === "closed") {
    apply.hidden = isUnchanged(select);
  } else {
    choose(select);
  }
});
list.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = hit(event, "form", HTMLFormElement);
  if (form) {
    choose(find(form, "select", HTMLSelectElement));
  }
});

/** @param {HTMLSelectElement} select @returns {HTMLFormElement} */
function formOf(select) {
  return /** @type {HTMLFormElement} */ (select.form);
}

/** @param {HTMLSelectElement} select */
function applyOf(select) {
  return find(formOf(select), ".apply", HTMLElement);
}

/** @param {HTMLSelectElement} select */
function isUnchanged(select) {
  return select.selectedOptions[0].defaultSelected;
}

/** @param {HTMLSelectElement} select */
async function choose(select) {
  if (isUnchanged(select)) {
    return;
  }
  const label = select.getAttribute("aria-label") ?? "";
  const shown = () => maybe(list, `select[aria-label="${CSS.escape(label)}"]`, HTMLSelectElement);
  const form = formOf(select);
  select.setAttribute("aria-busy", "true");
  await openPart(`${form.getAttribute("action")}?${parametersOf(new FormData(form))}`, "Asking what changes", {
    opener: shown,
    next: shown,
    onCancel() {
      const now = shown();
      if (now) {
        formOf(now).reset();
        applyOf(now).hidden = true;
        now.focus();
      }
    },
  });
  select.removeAttribute("aria-busy");
}
