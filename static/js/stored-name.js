// The name as the server will store it, shown while a name is typed, with whether another hook has it already.
import { maybe, textOf } from "./dom.js";

/**
 * The server's rules for names of hooks, as in hooksui/catalogue/limits.json.
 * @param {string} boundary pattern of the places that get a hyphen
 * @param {string} separators pattern of what becomes a hyphen
 * @returns {(name: string) => string} what a name is stored as
 */
export function storing(boundary, separators) {
  const [places, characters] = [boundary, separators].map((pattern) => new RegExp(pattern, "g"));
  return (name) => name.replace(places, "-").replace(characters, "-").toLowerCase();
}

/**
 * Watch the name field in `container`, if there is one with the server's rules (`data-boundary`, `data-separators`).
 * @param {ParentNode} container
 */
export function showStoredName(container) {
  const field = maybe(container, "[data-boundary]", HTMLInputElement);
  const hint = maybe(container, "#stored-name", HTMLElement);
  if (!field || !hint) {
    return;
  }
  const { boundary = "", separators = "", own = "" } = field.dataset;
  field.dataset.described ??= field.getAttribute("aria-describedby") ?? "";
  const { described } = field.dataset;
  const stored = storing(boundary, separators);
  /** @type {string[]} */
  const others = JSON.parse(textOf(container, "#taken-names") || "[]");
  const taken = new Set(others.map(stored));
  taken.delete(stored(own));

  const show = (isTyped = true) => {
    const name = stored(field.value.trim());
    const isTaken = taken.has(name);
    field.setAttribute("aria-describedby", `${hint.id} ${described}`);
    // What the server has just said of the name stands above.
    hint.hidden = !isTyped && field.getAttribute("aria-invalid") === "true";
    hint.textContent = isTaken
      ? `There is a hook named ${name} already.`
      : name && name !== own
        ? `Stored as ${name}.`
        : "";
    hint.classList.toggle("hint-warning", isTaken);
  };

  field.addEventListener("input", () => show());
  show(false);
}
