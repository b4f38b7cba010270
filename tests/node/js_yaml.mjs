// Reads one JSON value per line and answers each with its YAML, as one JSON string per line.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The js-yaml that the Deploy CLI loads, wherever npm put it.
const yaml = createRequire(import.meta.resolve("auth0-deploy-cli/package.json"))("js-yaml");

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(yaml.dump(JSON.parse(line))));
}
