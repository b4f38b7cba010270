/**
 * Help while typing: completions, hover texts, parameter hints, underlined errors and hints. All of it comes from a
 * worker, later than what is typed, and is left out where the worker does not answer.
 */

import "./shared.js";
import { autocompletion, closeCompletion, completionKeymap, completionStatus } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { Prec } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap } from "@codemirror/view";
import { startWorker } from "./language-service/client.js";
import { parameterHints } from "./language-service/parameter-hints.js";
import { problemsPanel, toggleProblems } from "./language-service/problems.js";
import { tooltipColors } from "./language-service/tooltip-colors.js";

const REST = 400; // ms without a key before the script is looked at

/** CodeMirror's icons by TypeScript's kinds of things. @type {Record<string, string>} */
const TYPES = {
  method: "method",
  function: "function",
  "local function": "function",
  property: "property",
  getter: "property",
  class: "class",
  keyword: "keyword",
  const: "constant",
  string: "text",
};

/**
 * @param {import("./code-editor.js").CodeEditor} editor
 * @param {object} options
 * @param {string} options.workerUrl
 * @param {string} options.typesUrl of the point's declarations
 * @param {{trigger: string, secrets: string[] | null, modules: string[]}} options.hook null: names not known
 * @param {(analysis: {undeclared: {name: string, version: string}[], secrets: {name: string}[]}) => void} options.onAnalysis
 * @param {(name: string, version: string) => void} options.onAddModule
 * @param {(name: string) => void} options.onAddSecret
 * @param {(problems: {errors: number, hints: number} | null) => void} options.onProblems null: nobody looks any more
 * @returns {{ update: (hook: object) => void, openProblems: () => void }}
 */
export function startLanguageService(editor, options) {
  const { view } = editor;
  const { hook, onAnalysis, onAddModule, onAddSecret, onProblems } = options;
  const service = startWorker(options.workerUrl, () => onProblems(null));
  let known = "";
  let ready = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const opened = fetch(options.typesUrl)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .catch(() => "")
    .then((types) => {
      service.tell("open", { types, hook });
      analyse();
    });

  /** Ask about the present text. @param {string} method @param {object} [given] */
  async function ask(method, given) {
    await opened;
    const text = editor.text();
    if (text !== known) {
      known = text;
      service.tell("text", { text });
    }
    return service.ask(method, given);
  }

  async function analyse() {
    clearTimeout(timer);
    const { doc } = view.state;
    const found = await ask("analyse");
    ready = true;
    // Offsets mean nothing in another text; that one is looked at as well.
    if (!found || view.state.doc !== doc) return;
    const diagnostics = [
      ...found.errors.map((/** @type {object} */ error) => ({ ...error, severity: "error" })),
      ...found.hints.map(diagnostic),
    ];
    view.dispatch(setDiagnostics(view.state, diagnostics));
    onProblems({ errors: found.errors.length, hints: found.hints.length });
    if (!found.errors.length) onAnalysis(found);
  }

  /** @param {import("./language-service/analysis.js").Hint} hint @returns {import("@codemirror/lint").Diagnostic} */
  function diagnostic({ from, to, message, reason, action }) {
    return {
      from,
      to,
      severity: "hint",
      message: `${message} ${reason}`,
      actions: action && [{ name: action.label, apply: () => act(action) }],
    };
  }

  /** @param {NonNullable<import("./language-service/analysis.js").Hint["action"]>} action */
  function act({ changes, module, secret }) {
    if (changes) editor.edit(changes);
    if (module) onAddModule(module.name, module.version);
    if (secret) onAddSecret(secret);
  }

  /** @param {import("@codemirror/autocomplete").CompletionContext} context */
  async function complete(context) {
    const word = context.matchBefore(/[\w$]*$/) ?? { from: context.pos, to: context.pos };
    const afterDot = context.state.sliceDoc(word.from - 1, word.from) === ".";
    const isAsked = context.explicit || afterDot || word.from < word.to;
    // What nobody waits for must not take the Escape key for itself while it is on its way.
    const { name } = syntaxTree(context.state).resolveInner(context.pos, -1);
    const isWelcome = context.explicit || (ready && !name.endsWith("Comment"));
    if (!isAsked || !isWelcome) return null;
    const entries = await ask("complete", { at: context.pos });
    if (!entries || context.aborted) return null;
    const options = entries.map(
      (/** @type {{ name: string, kind: string, sortText: string }} */ { name, kind, sortText }) => ({
        label: name,
        type: TYPES[kind] ?? "variable",
        boost: sortText <= "11" ? 1 : 0,
        info: () => describe(context.pos, name),
      }),
    );
    return { from: word.from, options, validFor: /^[\w$]*$/ };
  }

  /** @param {number} at @param {string} name */
  async function describe(at, name) {
    const found = await ask("describe", { at, name });
    return found && explanation(found);
  }

  /** @param {EditorView} current @param {number} at */
  async function hover(current, at) {
    const found = await ask("hover", { at });
    if (!found || current.state.doc.length < found.to) return null;
    return { pos: found.from, end: found.to, above: true, create: () => ({ dom: explanation(found) }) };
  }

  editor.extend([
    // Completions that are still on their way must not take the key that leads out of the code.
    Prec.highest(keymap.of([{ key: "Escape", run: endPendingCompletion }])),
    autocompletion({ override: [complete], icons: false, closeOnBlur: true }),
    keymap.of(completionKeymap),
    hoverTooltip(hover),
    parameterHints((at) => ask("signature", { at })),
    problemsPanel,
    Prec.high(
      keymap.of([
        { key: "F8", run: nextDiagnostic },
        { key: "Mod-Shift-m", run: toggleProblems, preventDefault: true },
      ]),
    ),
    EditorView.updateListener.of(({ docChanged }) => {
      if (docChanged) {
        clearTimeout(timer);
        timer = setTimeout(analyse, REST);
      }
    }),
    tooltipColors,
  ]);

  return {
    async update(changes) {
      await opened;
      service.tell("update", { hook: changes });
      analyse();
    },
    openProblems: () => toggleProblems(view),
  };
}

/** @param {EditorView} view */
function endPendingCompletion(view) {
  if (completionStatus(view.state) === "pending") closeCompletion(view);
  return false;
}

/** What something is, and what is written about it, as text. @param {{ display: string, documentation: string }} about */
function explanation({ display, documentation }) {
  const element = document.createElement("div");
  element.className = "cm-explanation";
  const code = document.createElement("code");
  code.textContent = display;
  element.append(code);
  if (documentation) {
    const text = document.createElement("p");
    text.textContent = documentation;
    element.append(text);
  }
  return element;
}
