import { createCodeEditor } from "/dist/code-editor.js";
import { openComparison } from "/dist/compare.js";

const panel = document.querySelector("#panel");

/** What happened on the page, for the tests to look at. */
const seen = { changes: 0, saves: 0, violations: [], cursor: null, pageKeys: [] };

document.addEventListener("securitypolicyviolation", (event) => {
  seen.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.defaultPrevented) seen.pageKeys.push(event.key);
});

/** @param {object} [options] replaces the editor by one with these options */
function openEditor(options = {}) {
  window.editor?.destroy();
  window.editor = createCodeEditor({
    parent: panel,
    nonce: panel.dataset.nonce,
    label: "Script",
    describedBy: "keys",
    onChange: () => seen.changes++,
    onSave: () => seen.saves++,
    onCursor: (position) => (seen.cursor = position),
    ...options,
  });
}

/** @param {string} trigger @param {object} hook */
async function startLanguage(trigger, hook = {}) {
  const { startLanguageService } = await import("/dist/language.js");
  Object.assign(seen, { problems: [], analyses: [], added: [] });
  window.language = startLanguageService(editor, {
    workerUrl: "/dist/language-service.mjs",
    typesUrl: `/types/${trigger}.d.ts`,
    hook: { trigger, secrets: null, modules: [], ...hook },
    onAnalysis: (analysis) => seen.analyses.push(analysis),
    onAddModule: (...module) => seen.added.push(["module", ...module]),
    onAddSecret: (name) => seen.added.push(["secret", name]),
    onProblems: (problems) => {
      seen.problems.push(problems);
      document.dispatchEvent(new Event("looked"));
    },
  });
}

/** Wait until the script was looked at so many times. @param {number} times */
function looked(times) {
  return new Promise((resolve) => {
    const check = () => seen.problems.length >= times && resolve();
    document.addEventListener("looked", check);
    check();
  });
}

/** @param {string} before @param {string} after @param {number} width CSS pixels */
function compare(before, after, width) {
  panel.style.width = `${width}px`;
  window.comparison = openComparison({
    parent: panel,
    nonce: panel.dataset.nonce,
    before: { label: "Theirs", text: before },
    after: { label: "Mine", text: after },
  });
}

Object.assign(window, { compare, looked, openEditor, seen, startLanguage });
