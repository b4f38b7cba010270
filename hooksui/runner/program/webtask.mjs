// `context.webtask`, which the platform of old gave every hook.
import process from "node:process";
import { parse, stringify } from "../../deno/inside/kept.mjs";

/**
 * Its keys are in the order of the published runtime.
 * @param {import("./hook.mjs").HookJob} job
 * @param {unknown} body the payload
 */
export function webtaskOf({ name, payload, secrets, trigger }, body) {
  const opening = secrets["auth0-extension-secret"];
  /** @type {Record<string, string>} */
  const headers = { "content-type": "application/json" };
  if (opening !== undefined) {
    headers.authorization = `Bearer ${opening}`;
  }
  return {
    data: { ...secrets },
    headers,
    id: crypto.randomUUID().replaceAll("-", ""),
    params: {},
    query: {},
    secrets: { ...secrets },
    meta: {
      "auth0-extension": "runtime",
      "auth0-extension-name": trigger,
      ...(name ? { "hook-name": name } : {}),
    },
    storage: storageOf(),
    token: "token-of-a-run",
    body_raw: payload,
    body,
    create_token: unsupported("create_token"),
    create_token_url: unsupported("create_token_url"),
  };
}

/** One JSON document that lives as long as this run. */
function storageOf() {
  /** @type {string | undefined} */
  let kept;
  let seen = false;
  return {
    /** @param {any} options @param {any} [done] */
    get(options, done = options) {
      seen = true;
      process.nextTick(done, null, kept === undefined ? undefined : parse(kept));
    },
    /** @param {any} data @param {any} options @param {any} [done] */
    set(data, options, done = options) {
      if (!seen && !options?.force) {
        throw new Error("Before storage.set call storage.get, or give the option force: what is stored would be lost.");
      }
      kept = stringify(data);
      process.nextTick(done, null);
    },
  };
}

/** @param {string} name */
function unsupported(name) {
  return () => {
    throw new Error(`The '${name}' method is not supported in this environment`);
  };
}
