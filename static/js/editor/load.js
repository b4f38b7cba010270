// Parts of the editor that are loaded when they are first used.
import { alertWith } from "../announce.js";

/**
 * @template T
 * @param {() => Promise<T>} importing
 * @param {string} what it is, to begin a sentence with
 * @returns {Promise<T | null>} null, and a word about it, when that fails
 */
export async function load(importing, what) {
  try {
    return await importing();
  } catch {
    alertWith(`${what} could not be loaded. What you typed is still here. Try again in a moment.`);
    return null;
  }
}
