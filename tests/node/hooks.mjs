// Drives node-auth0 against a served API and prints what it met as one JSON object.
// Arguments: the journey's name, the API's host and port, a client's id and secret.
import { Management, ManagementClient } from "auth0";

const [journey, domain, clientId, clientSecret] = process.argv.slice(2);
const script = "function (user, context, callback) { callback(null, { user }); }";
const triggerId = "credentials-exchange";
const once = { maxRetries: 0 };

const withCredentials = (more = {}) => new ManagementClient({ domain, clientId, clientSecret, ...more });

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    const kind = Object.keys(Management).find((name) => error?.constructor === Management[name]);
    return { kind: kind ?? error.name, status: error.statusCode, body: error.body };
  }
  return null;
}

async function tokenFor(scope) {
  const answer = await fetch(`https://${domain}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      audience: `https://${domain}/api/v2/`,
      scope,
    }),
  });
  return (await answer.json()).access_token;
}

const journeys = {
  async life() {
    const { hooks } = withCredentials();
    const created = await hooks.create({ name: "node life", script, triggerId, dependencies: { auth0: "2.30.0" } });
    const read = await hooks.get(created.id);
    const oneField = await hooks.get(created.id, { fields: "name" });
    const updated = await hooks.update(created.id, { script: "2" });
    const enabled = await hooks.update(created.id, { enabled: true });
    await hooks.delete(created.id);
    const gone = await refusal(() => hooks.get(created.id));
    return { created, read, oneField, updated, enabled, gone };
  },

  async list() {
    const { hooks } = withCredentials();
    const created = [];
    for (const letter of "abcde") {
      created.push((await hooks.create({ name: `node page ${letter}`, script, triggerId: "post-user-registration" })).id);
    }
    const listed = [];
    const sizes = [];
    let page = await hooks.list({ per_page: 2, triggerId: "post-user-registration" });
    for (;;) {
      sizes.push(page.data.length);
      listed.push(...page.data.map((hook) => hook.id));
      if (!page.hasNextPage()) break;
      page = await page.getNextPage();
    }
    return { created, listed, sizes };
  },

  async enable() {
    const { hooks } = withCredentials();
    const create = (name) => hooks.create({ name, script, triggerId: "pre-user-registration", enabled: true });
    const enabledIds = async () =>
      (await hooks.list({ enabled: true, triggerId: "pre-user-registration" })).data.map((hook) => hook.id);
    const first = (await create("node first")).id;
    const second = (await create("node second")).id;
    const afterCreating = await enabledIds();
    await hooks.update(first, { enabled: true });
    return { first, second, afterCreating, afterEnabling: await enabledIds() };
  },

  async secrets() {
    const { hooks } = withCredentials();
    const { id } = await hooks.create({ name: "node secrets", script, triggerId });
    await hooks.secrets.create(id, { SECRET1: "1", "api-key": "2" });
    await hooks.secrets.update(id, { "api-key": "3" });
    const both = await hooks.secrets.get(id);
    await hooks.secrets.delete(id, ["SECRET1"]);
    const one = await hooks.secrets.get(id);
    const missing = await refusal(() => hooks.secrets.update(id, { SECRET1: "1" }));
    const taken = await refusal(() => hooks.secrets.create(id, { "api-key": "1" }));
    return { both, one, missing, taken };
  },

  async refusals() {
    const { hooks } = withCredentials();
    await hooks.create({ name: "node taken", script, triggerId });
    const readOnly = new ManagementClient({ domain, token: await tokenFor("read:hooks") });
    const wrongToken = new ManagementClient({ domain, token: "a.b.c" });
    const wrongSecret = new ManagementClient({ domain, clientId, clientSecret: "wrong" });
    return {
      conflict: await refusal(() => hooks.create({ name: "Node Taken", script, triggerId })),
      invalid: await refusal(() => hooks.create({ name: "a_b", script, triggerId })),
      unauthorized: await refusal(() => wrongToken.hooks.list()),
      forbidden: await refusal(() => readOnly.hooks.delete("x")),
      credentials: await refusal(() => wrongSecret.hooks.list()),
    };
  },

  async limit() {
    const statuses = [];
    let token;
    while (!token) {
      token = await tokenFor("read:hooks");
      if (!token) await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const watched = async (...request) => {
      const answer = await fetch(...request);
      statuses.push(answer.status);
      return answer;
    };
    const { hooks } = new ManagementClient({ domain, token, fetch: watched });
    for (let number = 0; number < 2; number += 1) await hooks.list();
    let refused = null;
    for (let number = 0; number < 10 && !refused; number += 1) refused = await refusal(() => hooks.list({}, once));
    return { statuses, refused };
  },
};

console.log(JSON.stringify(await journeys[journey]()));
