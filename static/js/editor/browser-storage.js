// What this browser keeps, in its `localStorage` or `sessionStorage`. Either may be full or forbidden.

/** @param {string} storage @param {string} key @returns {string | null} null where nothing is kept, or nobody may ask */
export function read(storage, key) {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} storage @param {string} key @param {string} text @returns {boolean} whether it is kept */
export function write(storage, key, text) {
  try {
    window[storage].setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
