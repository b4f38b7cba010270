/** All problems of the script as a list below it; each leads to its line. */

import { forEachDiagnostic, setDiagnosticsEffect } from "@codemirror/lint";
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, showPanel } from "@codemirror/view";

/** @type {import("@codemirror/state").StateEffectType<boolean>} */
const setOpen = StateEffect.define();

/** @type {StateField<boolean>} */
export const problemsPanel = StateField.define({
  create: () => false,
  update(open, transaction) {
    for (const effect of transaction.effects) if (effect.is(setOpen)) return effect.value;
    return open;
  },
  provide: (field) => showPanel.from(field, (open) => (open ? createPanel : null)),
});

/** Open the list and go to it, or close it and go back. @param {EditorView} view */
export function toggleProblems(view) {
  const open = !view.state.field(problemsPanel);
  view.dispatch({ effects: setOpen.of(open) });
  if (open) /** @type {HTMLElement | null} */ (view.dom.querySelector(".cm-problems button"))?.focus();
  else view.focus();
  return true;
}

/** @param {EditorView} view @returns {import("@codemirror/view").Panel} */
function createPanel(view) {
  const dom = document.createElement("div");
  dom.className = "cm-problems";
  dom.addEventListener("keydown", (event) => {
    /** @type {HTMLElement[]} */
    const buttons = [...dom.querySelectorAll("li button")].filter((each) => each instanceof HTMLElement);
    const now = buttons.findIndex((each) => each === document.activeElement);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      toggleProblems(view);
    } else if (step) {
      event.preventDefault();
      buttons.at((now + step) % buttons.length)?.focus();
    }
  });
  fill(dom, view);
  return {
    dom,
    update({ transactions }) {
      const changed = transactions.some(({ effects }) => effects.some((effect) => effect.is(setDiagnosticsEffect)));
      if (changed) fill(dom, view);
    },
  };
}

/** @param {HTMLElement} dom @param {EditorView} view */
function fill(dom, view) {
  const list = document.createElement("ul");
  list.setAttribute("aria-label", "Problems");
  forEachDiagnostic(view.state, ({ message, severity, actions = [] }, from) => {
    const item = document.createElement("li");
    const go = button(`Line ${view.state.doc.lineAt(from).number}: ${message}`, () => {
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    });
    go.className = `cm-problem-${severity}`;
    item.append(go, ...actions.map(({ name, apply }) => button(name, () => apply(view, from, from))));
    list.append(item);
  });
  const none = document.createElement("p");
  none.textContent = "No problems.";
  const close = button("Close", () => toggleProblems(view));
  dom.replaceChildren(list.children.length ? list : none, close);
}

/** @param {string} label @param {() => void} onClick */
function button(label, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.addEventListener("click", onClick);
  return element;
}
