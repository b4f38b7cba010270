/** Emacs' keys, loaded when a person chooses them. */

import "./shared.js";
import { emacs } from "@replit/codemirror-emacs";
import { keysOfEveryMap } from "./keys.js";

/**
 * @param {{ onSave?: () => void }} actions
 * @returns {import("@codemirror/state").Extension}
 */
export function keys({ onSave }) {
  // Ctrl-S saves here as everywhere in the product; Emacs' own search is on Ctrl-R and Mod-F.
  return [keysOfEveryMap({ onSave }), emacs()];
}
