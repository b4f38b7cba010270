// What the contract of an extensibility point asks for. The contract is data: `contract.json` of the point.

/**
 * @typedef {object} Check
 * @property {string[]} path where in the body the value is
 * @property {"object" | "filled-object" | "string" | "list-if-any" | unknown[]} is what it must be: of a kind, or one of these
 * @property {string[]} [unless_absent] the check counts only where there is something at this path
 * @property {string} message what the platform says
 */
/**
 * @typedef {object} Contract
 * @property {string[]} arguments names in the body of what the hook is called with
 * @property {"copy" | "body" | "object"} context where `context` comes from
 * @property {any} default_result what stands for a result that is falsy, null where nothing does
 * @property {Array<{ name: string, friendly: boolean }>} errors the classes that the script finds
 * @property {Check[]} checks
 */

/** Whether `body` is what one check asks for. A null on the way is an exception, as it is there. @param {Check} check @param {any} body */
export function passes(check, body) {
  if (check.unless_absent && check.unless_absent.reduce((value, key) => value?.[key], body) === undefined) {
    return true;
  }
  const value = check.path.reduce((inner, key) => inner[key], body);
  if (Array.isArray(check.is)) {
    return check.is.includes(value);
  }
  return {
    object: () => typeof value === "object",
    "filled-object": () => typeof value === "object" && value !== null,
    string: () => typeof value === "string",
    "list-if-any": () => !value || Array.isArray(value),
  }[check.is]();
}

/** The classes of errors that a script of this point finds, in one line. @param {Contract} contract */
export function errorClasses(contract) {
  return contract.errors.reduce(
    (before, { name, friendly }) => before + errorClass(name, "ExtensibilityUserError", friendly),
    errorClass("ExtensibilityUserError", "Error", false),
  );
}

/** @param {string} name @param {string} base @param {boolean} friendly */
function errorClass(name, base, friendly) {
  const more = friendly ? ", friendlyMessage" : "";
  const own = friendly ? " this.friendlyMessage = friendlyMessage || message;" : "";
  const named = base === "Error" ? " this.name = this.constructor.name;" : "";
  return `class ${name} extends ${base} { constructor(message${more}) { super(message);${named}${own} } } `;
}
