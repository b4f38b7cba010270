// What several of the editor's files use, and its first always, so that the build puts it into one file.
import "./appearance.js";
import "./keys.js";
import "./phrases.js";

// By name, since bare imports of packages without side effects are dropped.
export { javascriptLanguage } from "@codemirror/lang-javascript";
