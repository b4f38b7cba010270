/** The page's side of the worker. */

/**
 * @param {string} url
 * @param {() => void} onFailure called once when the worker cannot be loaded or broke down
 * @returns {{ ask: (method: string, given?: object) => Promise<any>, tell: (method: string, given?: object) => void }}
 *   `ask` resolves with null where there is no answer
 */
export function startWorker(url, onFailure) {
  /** @type {Map<number, (result: any) => void>} */
  const waiting = new Map();
  let last = 0;
  /** @type {Worker | null} */
  let worker = null;

  function fail() {
    worker?.terminate();
    worker = null;
    for (const resolve of waiting.values()) resolve(null);
    waiting.clear();
    onFailure();
  }

  try {
    worker = new Worker(trusted(url), { type: "module" });
    worker.addEventListener("error", fail);
    worker.addEventListener("message", ({ data: { id, result } }) => {
      waiting.get(id)?.(result ?? null);
      waiting.delete(id);
    });
  } catch {
    // Reported like a worker that breaks down later, once the caller has what this returns.
    queueMicrotask(fail);
  }

  /** @param {string} method @param {object} [given] */
  function post(method, given) {
    last += 1;
    worker?.postMessage({ id: last, method, ...given });
    return last;
  }

  return {
    tell: post,
    ask: (method, given) =>
      new Promise((resolve) => {
        if (worker) waiting.set(post(method, given), resolve);
        else resolve(null);
      }),
  };
}

/** The page's policy lets scripts come from this one address only. @param {string} url */
function trusted(url) {
  const { trustedTypes } = /** @type {any} */ (window);
  if (!trustedTypes) return url;
  const policy = trustedTypes.createPolicy("language-service", {
    createScriptURL(/** @type {string} */ asked) {
      if (asked !== url) throw new TypeError(`${asked} is not the language service`);
      return asked;
    },
  });
  return policy.createScriptURL(url);
}
