// Dates and times as people read them where they are, from the stamps (ISO 8601) that the server gives.

/** A day and a time. @param {string} stamp */
export function dateAndTime(stamp) {
  return new Date(stamp).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

/** A time of today. @param {string} stamp */
export function clock(stamp) {
  return new Date(stamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** A recent day and a time, short. @param {string} stamp */
export function shortDateAndTime(stamp) {
  const parts = /** @type {const} */ ({
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return new Date(stamp).toLocaleString([], parts);
}

/** Show each `<time>` in `root` so. @param {ParentNode} root */
export function showTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    time.textContent = dateAndTime(time.dateTime);
  }
}
