// What is told of something that was thrown, which may be anything.

/**
 * @param {any} thrown
 * @param {{ wrap?: boolean, kind?: string, stack?: string }} [how] `wrap`: something that was passed on as an error;
 *   `kind` is that of an exception
 * @returns {import("./channel.mjs").Fault}
 */
export function errorOf(thrown, { wrap = false, kind, stack } = {}) {
  const isError = thrown instanceof Error;
  const message = wrap && !isError ? wrapped(thrown) : messageOf(thrown);
  /** @type {Record<string, any>} */
  const fields = { name: isError ? textOf(thrown.name) : "Error", message, statusCode: 500, code: null };
  if (isError) {
    for (const name of ["code", "errno", "error", "error_description", "data", "friendlyMessage", "statusCode"]) {
      const value = /** @type {any} */ (thrown)[name];
      if (value) {
        fields[name] = value;
      }
    }
  }
  return { __proto__: null, ...fields, kind, stack: stack ?? (isError ? textOf(thrown.stack) : `Error: ${message}`) };
}

/** The text that stands in for something passed on as an error which is none. @param {any} value */
function wrapped(value) {
  return String(value.message || String(value) || "Unknown error");
}

/** The message of an error, and those of what it stands for. @param {any} error @returns {string} */
export function wholeMessage(error, depth = 3) {
  /** @type {unknown[]} */
  let inner = [];
  try {
    inner = [...(Array.isArray(error.errors) ? error.errors : []), ...(error.cause ? [error.cause] : [])];
  } catch {
    // A getter of the script's own.
  }
  const more = depth ? inner.slice(0, 5).map((each) => wholeMessage(each, depth - 1)) : [];
  return [messageOf(error), ...more].join(" Because of: ");
}

/** @param {unknown} thrown */
export function messageOf(thrown) {
  return textOf(thrown instanceof Error ? thrown.message : thrown);
}

/** A value as text, also one that has none. @param {unknown} value */
function textOf(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
