// Loaded before the Deploy CLI, which compiles 8 MB of JSON schema at each import, for about eight seconds. What that
// says of types other than hooks is left out, as no import here has them.
const { createRequire } = require("node:module");

const { properties } = createRequire(process.argv[1])("./tools/auth0/schema").default;
for (const type of Object.keys(properties)) {
  if (type !== "hooks") {
    properties[type] = {};
  }
}
