// What maps of a hook's npm modules differ in.

/** Whether both have the same. @param {Record<string, string>} one @param {Record<string, string>} other */
export function sameModules(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/**
 * What two maps of modules differ in, as a sentence; "" where they are alike.
 * @param {Record<string, string>} mine
 * @param {Record<string, string>} theirs
 */
export function differencesOf(mine, theirs) {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].sort();
  const told = names
    .filter((name) => mine[name] !== theirs[name])
    .map((name) => `${name} ${theirs[name] ?? "not there"}, yours ${mine[name] ?? "removed"}`);
  return told.length ? `NPM modules differ too: ${told.join("; ")}.` : "";
}

/**
 * Modules of both sides: what only one side changed since `base` was opened is taken from it, and where both did, mine.
 * @param {Record<string, string>} base
 * @param {Record<string, string>} mine
 * @param {Record<string, string>} theirs
 * @returns {Record<string, string>}
 */
export function mergeModules(base, mine, theirs) {
  /** @type {Record<string, string>} */
  const merged = {};
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const chosen = mine[name] === base[name] ? theirs[name] : mine[name];
    if (chosen !== undefined) {
      merged[name] = chosen;
    }
  }
  return merged;
}
