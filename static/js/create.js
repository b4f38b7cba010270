// The create form says how the name will be stored, and whether a hook at the chosen point will start enabled.
import { showStoredName } from "./stored-name.js";

const select = document.querySelector("#id_trigger");
const sentence = document.querySelector("#start-of-new");

select.addEventListener("change", () => {
  sentence.textContent = select.selectedOptions[0]?.dataset.start ?? "";
});
showStoredName(document);
