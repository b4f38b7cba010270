// What several of the editor's files use. Each file that is loaded by itself imports this, so that the build makes one
// chunk of it.
import "./appearance.js";
import "./keys.js";
import "./phrases.js";

// By name, since bare imports of packages without side effects are dropped.
export { javascriptLanguage } from "@codemirror/lang-javascript";
