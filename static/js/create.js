// The create form says how the name will be stored, and whether a hook at the chosen point will start enabled.
import "./shared.js";
import { find } from "./dom.js";
import { showStoredName } from "./stored-name.js";

const select = find(document, "#id_trigger", HTMLSelectElement);
const sentence = find(document, "#start-of-new", HTMLElement);

select.addEventListener("change", () => {
  sentence.textContent = select.selectedOptions[0]?.dataset.start ?? "";
});
showStoredName(document);
