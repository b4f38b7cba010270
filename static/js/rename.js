// The page that renames a hook, where it is not shown in a dialog.
import "./shared.js";
import { showStoredName } from "./stored-name.js";

showStoredName(document);
