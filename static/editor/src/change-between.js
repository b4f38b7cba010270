/**
 * @typedef {object} Change
 * @property {number} from
 * @property {number} to
 * @property {string} insert
 */

/**
 * The smallest single replacement that turns one text into another. Replacing no more than that keeps the cursor, the
 * folds and the scroll position where people left them.
 * @param {string} before
 * @param {string} after
 * @returns {Change | null} null when the texts are equal
 */
export function changeBetween(before, after) {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
