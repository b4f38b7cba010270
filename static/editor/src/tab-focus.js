import { EditorView } from "@codemirror/view";

/**
 * The key that lets Tab leave the editor until pressed again. CodeMirror switches silently; this says what Tab does
 * now, because people who cannot see the text move have no other sign of it. Escape, then Tab, is CodeMirror's own.
 * @returns {import("@codemirror/view").KeyBinding}
 */
export function tabFocusKey() {
  let leaves = false;
  return {
    key: "Ctrl-m",
    mac: "Shift-Alt-m",
    preventDefault: true,
    run(view) {
      leaves = !leaves;
      view.setTabFocusMode(leaves);
      const message = leaves ? "Tab now moves the focus." : "Tab now indents.";
      view.dispatch({ effects: EditorView.announce.of(message) });
      return true;
    },
  };
}
