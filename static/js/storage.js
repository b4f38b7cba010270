// What this browser keeps, in its `localStorage` or `sessionStorage`. Either may be full or forbidden.

/** @param {"localStorage" | "sessionStorage"} storage @param {string} key @returns {string | null} null where nothing is kept, or nobody may ask */
export function read(storage, key) {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

/** @param {"localStorage" | "sessionStorage"} storage @param {string} key @param {string} text @returns {boolean} whether it is kept */
export function write(storage, key, text) {
  try {
    window[storage].setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** @param {"localStorage" | "sessionStorage"} storage @param {string} key */
export function remove(storage, key) {
  try {
    window[storage].removeItem(key);
  } catch {
    // Without storage there is nothing to remove.
  }
}

/** @param {"localStorage" | "sessionStorage"} storage @param {string} prefix @returns {string[]} the keys that begin with it */
export function keysOf(storage, prefix) {
  try {
    return Object.keys(window[storage]).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
