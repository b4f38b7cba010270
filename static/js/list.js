// The list of hooks: its selects and menus with their dialogs, a filter over names, a notice that can be put away.
import { alertWith, announce } from "./announce.js";
import { openDialog } from "./dialog.js";
import { startFilter } from "./filter.js";
import { openMenu, toggleMenu } from "./menu.js";
import { failureOf, fetchPart, saidBy, takeForms } from "./part.js";
import { showStoredName } from "./stored-name.js";

const THIRTY_DAYS = 30 * 24 * 60 * 60; // seconds

const list = document.querySelector("#hooks");
const filter = startFilter(document.querySelector("#filter"));
let opening = false;
enhance();

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

/** Menu buttons instead of what unfolds without a script; `Apply` waits until it is needed. */
function enhance() {
  for (const gear of list.querySelectorAll("details.gear")) {
    gear.replaceWith(gearButton(gear));
  }
  for (const apply of list.querySelectorAll(".apply")) {
    apply.hidden = true;
  }
  for (const time of list.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  }
}

/** @param {HTMLDetailsElement} details */
function gearButton(details) {
  const wrapper = document.createElement("span");
  wrapper.className = "gear";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-row";
  button.setAttribute("aria-label", details.firstElementChild.getAttribute("aria-label"));
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.append(...details.firstElementChild.childNodes);
  wrapper.append(button);
  return wrapper;
}

/** @param {HTMLElement} button a row's gear */
function itemsOf(button) {
  const row = button.closest("li");
  const hook = row.dataset.hook;
  const items = [
    { label: "Rename", run: () => rename(hook) },
    { label: "Delete", run: () => remove(row) },
  ];
  if (list.dataset.copy) {
    items.splice(1, 0, { label: "Copy to a tenant", run: () => location.assign(`${list.dataset.copy}?hook=${hook}`) });
  }
  return items;
}

list.addEventListener("click", (event) => {
  const button = event.target.closest(".gear > button");
  if (button) {
    toggleMenu(button, itemsOf(button));
  }
});
list.addEventListener("keydown", (event) => {
  if (event.target.matches(".gear > button") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    openMenu(event.target, itemsOf(event.target), event.key === "ArrowUp");
  }
});

/** @param {string} hook id */
function rename(hook) {
  openPart(`${hook}/rename/`, "Opening Rename Hook", { opener: () => gearOf(hook), next: () => gearOf(hook) });
}

/** @param {HTMLElement} row */
function remove(row) {
  const { hook } = row.dataset;
  const heading = row.closest(".point").getAttribute("aria-labelledby");
  const after = row.nextElementSibling?.dataset.hook;
  openPart(`${hook}/delete/`, "Opening Delete Hook", {
    opener: () => gearOf(hook),
    next() {
      const name = after && rowOf(after)?.querySelector(".row-name");
      return name || document.getElementById(heading).parentElement.querySelector(".row-create a");
    },
  });
}

/** @param {string} hook @returns {HTMLElement | null} */
function gearOf(hook) {
  return rowOf(hook)?.querySelector(".gear > button") ?? null;
}

/** @param {string} hook @returns {HTMLElement | null} */
function rowOf(hook) {
  return list.querySelector(`li[data-hook="${CSS.escape(hook)}"]`);
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
  const dialog = openDialog(part, { opener: opener(), onClose: () => isOver || cancelled() });
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
    const now = document.getElementById(id);
    now?.replaceChildren(...document.adoptNode(page.getElementById(id)).childNodes);
  }
  enhance();
  filter?.refresh();
}

// The select. A choice made with the pointer or in the open list opens the dialog at once; arrow and letter keys on the
// closed one change it at each press, so there a button waits (WCAG 2.2, 3.2.2).
const OPENING_KEYS = [" ", "Enter", "F4"];

list.addEventListener("keydown", (event) => {
  const select = event.target.closest("select");
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
  const select = event.target.closest("select");
  if (select) {
    select.dataset.keys = "";
  }
});
list.addEventListener("change", (event) => {
  const select = event.target;
  const apply = applyOf(select);
  if (select.dataset.keys === "closed") {
    apply.hidden = isUnchanged(select);
  } else {
    choose(select);
  }
});
list.addEventListener("submit", (event) => {
  event.preventDefault();
  const select = event.target.querySelector("select");
  choose(select);
});

/** @param {HTMLSelectElement} select @returns {HTMLButtonElement} */
function applyOf(select) {
  return select.form.querySelector(".apply");
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
  const label = select.getAttribute("aria-label");
  const shown = () => list.querySelector(`select[aria-label="${CSS.escape(label)}"]`);
  select.setAttribute("aria-busy", "true");
  await openPart(
    `${select.form.getAttribute("action")}?${new URLSearchParams(new FormData(select.form))}`,
    "Asking what changes",
    {
      opener: shown,
      next: shown,
      onCancel() {
        const now = shown();
        now.form.reset();
        applyOf(now).hidden = true;
        now.focus();
      },
    },
  );
  select.removeAttribute("aria-busy");
}
