// The name as the server will store it, shown while a name is typed, with whether another hook has it already.

/**
 * Watch the name field in `container`, if there is one with the server's rules (`data-boundary`, `data-separators`).
 * @param {ParentNode} container
 */
export function showStoredName(container) {
  const field = container.querySelector("[data-boundary]");
  const hint = container.querySelector("#stored-name");
  if (!field || !hint) {
    return;
  }
  const boundary = new RegExp(field.dataset.boundary, "g");
  const separators = new RegExp(field.dataset.separators, "g");
  const stored = (name) => name.replace(boundary, "-").replace(separators, "-").toLowerCase();
  const own = field.dataset.own ?? "";
  const taken = new Set(JSON.parse(container.querySelector("#taken-names")?.textContent ?? "[]").map(stored));
  taken.delete(stored(own));

  function show(event) {
    const name = stored(field.value.trim());
    const isTaken = taken.has(name);
    field.setAttribute("aria-describedby", `${hint.id} ${field.dataset.described}`);
    // What the server has just said of the name stands above.
    const isSaid = !event && field.getAttribute("aria-invalid") === "true";
    hint.hidden = isSaid;
    hint.textContent = isTaken ? `There is a hook named ${name} already.` : name && name !== own ? `Stored as ${name}.` : "";
    hint.classList.toggle("hint-warning", isTaken);
  }

  field.dataset.described ??= field.getAttribute("aria-describedby") ?? "";
  field.addEventListener("input", show);
  show();
}
