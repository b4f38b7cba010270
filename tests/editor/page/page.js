import { createCodeEditor } from "/dist/code-editor.js";

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

Object.assign(window, { openEditor, seen });
