// credentials-exchange
const NAMESPACE = 'https://claims.acme.example/';

class Claims {
  #values = new Map();

  add(name, value) {
    this.#values.set(NAMESPACE + name, value);
    return this;
  }

  into(token) {
    for (const [name, value] of this.#values) token[name] = value;
    return token;
  }
}

module.exports = async (client, scope, audience, context, cb) => {
  const access_token = {};
  access_token.scope = scope || [];
  try {
    const tier = await Promise.resolve(client.metadata.tier);
    cb(null, new Claims().add('tier', tier).add('api', audience).into(access_token));
  } catch (err) {
    cb(new ServerError(err.message));
  }
};
