// Another calling convention than that of hooks: the script exports an async function, its value is the answer.
import { answer, job } from "../../hooksui/deno/inside/channel.mjs";
import { messageOf } from "../../hooksui/deno/inside/errors.mjs";
import { stringify } from "../../hooksui/deno/inside/kept.mjs";
import { compile, requireOf } from "../../hooksui/deno/inside/loading.mjs";
import { begin, fail } from "../../hooksui/deno/inside/sandbox.mjs";

begin(async () => {
  try {
    const requires = requireOf(() => "is not here.");
    /** @type {Record<string, (given: unknown) => Promise<unknown>>} */
    const exports = {};
    compile(["exports", "require"], requires)(exports, requires);
    const result = await exports.main(job.given);
    answer({ result: stringify(result) ?? "null", addresses: {} });
  } catch (thrown) {
    fail(thrown, `It threw: ${messageOf(thrown)}`);
  }
}, "Nobody waited for this.");
