/** Which arguments a call takes, shown above it while one types them. */

import { Prec, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap, showTooltip, ViewPlugin } from "@codemirror/view";

/**
 * What a call takes, and which of its parameters is typed.
 * @typedef {object} Signature
 * @property {string} before
 * @property {string} after
 * @property {{ label: string, documentation: string }[]} parameters
 * @property {number} active
 */

/** @typedef {import("@codemirror/view").Tooltip | null} Tip */

/** @type {import("@codemirror/state").StateEffectType<Tip>} */
const setTip = StateEffect.define();

/** @type {StateField<Tip>} */
const tip = StateField.define({
  create: () => null,
  update(/** @type {Tip} */ shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setTip)) return effect.value;
    return shown && transaction.docChanged ? { ...shown, pos: transaction.changes.mapPos(shown.pos) } : shown;
  },
  provide: (field) => showTooltip.from(field),
});

/**
 * @param {(at: number) => Promise<Signature | null>} ask for the signature at an offset
 * @returns {import("@codemirror/state").Extension}
 */
export function parameterHints(ask) {
  let turn = 0;
  const plugin = ViewPlugin.define((view) => {
    async function look() {
      const mine = ++turn;
      const at = view.state.selection.main.head;
      const found = await ask(at);
      if (mine === turn && view.state.selection.main.head === at) show(view, found && tooltip(at, found));
    }
    return {
      update({ docChanged, selectionSet, state, transactions }) {
        const typed = transactions.some((transaction) => transaction.isUserEvent("input"));
        const before = state.sliceDoc(state.selection.main.head - 1, state.selection.main.head);
        const isOpen = state.field(tip) !== null;
        if ((docChanged && typed && "(,".includes(before) && before) || (isOpen && (docChanged || selectionSet)))
          look();
      },
    };
  });
  const hide = (/** @type {EditorView} */ view) => {
    const isOpen = view.state.field(tip) !== null;
    // What was asked for before would open it again.
    turn += 1;
    if (isOpen) show(view, null);
    return isOpen;
  };
  return [tip, plugin, Prec.high(keymap.of([{ key: "Escape", run: hide }]))];
}

/** @param {EditorView} view @param {Tip} value */
function show(view, value) {
  if (view.state.field(tip) !== value) view.dispatch({ effects: setTip.of(value) });
}

/** @param {number} pos @param {Signature} signature @returns {Tip} */
function tooltip(pos, { before, after, parameters, active }) {
  return {
    pos,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "cm-explanation";
      dom.setAttribute("role", "tooltip");
      const code = document.createElement("code");
      code.append(before);
      parameters.forEach(({ label }, index) => {
        if (index) code.append(", ");
        const part = document.createElement(index === active ? "strong" : "span");
        part.textContent = label;
        code.append(part);
      });
      code.append(after);
      dom.append(code);
      const { documentation } = parameters[active] ?? {};
      if (documentation) {
        const text = document.createElement("p");
        text.textContent = documentation;
        dom.append(text);
      }
      return { dom };
    },
  };
}
