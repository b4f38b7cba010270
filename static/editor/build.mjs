/**
 * Bundles the scripts of pages and the editor's modules, next to the licences of everything in them.
 *
 *   node build.mjs [--out DIR] [--programs DIR]
 *
 * A page loads the script that is called like it; the editor's brings `code-editor.js`. What is used rarely or may come
 * late is a file of its own. All of these import shared.js, so that what several use is one chunk, not a chunk for each
 * set of users: a slow processor spends more time on a further file than on its content. Programs are for the server,
 * which runs them in Deno. The result depends only on the sources and package-lock.json: a fresh build equals the
 * committed one byte for byte.
 */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: path.join(here, "..", "dist") },
    programs: { type: "string", default: path.join(here, "..", "..", "hooksui", "deno", "programs") },
  },
});

// What scripts of pages import of the editor: by these names, since they are built apart.
const EDITOR = ["code-editor", "merge", "compare", "vim", "emacs", "language", "payload"];
/** @satisfies {import("esbuild").BuildOptions} */
const common = /** @type {const} */ ({
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  outdir: "unused",
  write: false,
  logLevel: "warning",
});
const pages = await build({
  ...common,
  entryPoints: ["create", "editor", "list", "page", "rename", "transfer"].map((name) => `../js/${name}.js`),
  splitting: true,
  plugins: [{ name: "code-editor", setup: leaveToEditor }],
  chunkNames: "[name]-[hash]",
});
const editor = await build({
  ...common,
  entryPoints: EDITOR.map((name) => `src/${name}.js`),
  splitting: true,
  plugins: [{ name: "emacs", setup: keepBindings }],
  chunkNames: "[name]-[hash]",
});
const worker = await build({
  ...common,
  entryPoints: [{ in: "src/language-service/worker.js", out: "language-service" }],
  alias: { "hook-runtime": path.join(here, "..", "..", "hooksui", "catalogue", "language", "runtime.d.ts") },
  loader: { ".ts": "text" },
  plugins: [{ name: "libraries", setup: libraries }],
  // Not .js: what Django takes for imports in such files, TypeScript has as data.
  outExtension: { ".js": ".mjs" },
});

const programs = await build({
  ...common,
  entryPoints: [{ in: "src/programs/reader.js", out: "reader" }],
  outExtension: { ".js": ".mjs" },
});

await write(options.out, [pages, editor, worker]);
await write(options.programs, [programs]);

/**
 * Fill `folder` anew with what was built, and the licences of what is in it.
 * @param {string} folder
 * @param {import("esbuild").BuildResult<{ metafile: true, write: false }>[]} results
 */
async function write(folder, results) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const inputs = new Set();
  for (const { metafile, outputFiles } of results) {
    for (const input of Object.keys(metafile.inputs)) inputs.add(input);
    for (const { path: file, contents } of outputFiles) {
      const name = path.basename(file);
      await writeFile(path.join(folder, name), contents);
      console.log(`${name}: ${contents.length} bytes, brotli ${brotliCompressSync(contents).length}`);
    }
  }
  await writeFile(path.join(folder, "LICENSES.txt"), await licences([...inputs]));
}

/**
 * What a page's script imports of the editor is a file beside it, built by itself.
 * @param {import("esbuild").PluginBuild} build
 */
function leaveToEditor(build) {
  build.onResolve({ filter: /\/editor\/src\// }, ({ path: source }) => {
    const name = path.basename(source, ".js");
    if (!EDITOR.includes(name)) throw new Error(`The build makes no file of its own of ${source}`);
    return { path: `./${name}.js`, external: true };
  });
}

/**
 * The Emacs keys come marked as if the calls that bind them could be left out.
 * @param {import("esbuild").PluginBuild} build
 */
function keepBindings(build) {
  build.onLoad({ filter: /codemirror-emacs\/dist\/index\.js$/ }, async ({ path: file }) => ({
    contents: (await readFile(file, "utf8")).replaceAll("/*@__PURE__*/", ""),
  }));
}

/**
 * The module `typescript-libraries`: TypeScript's declarations of the language's own library, and those they refer to.
 * @param {import("esbuild").PluginBuild} build
 */
function libraries(build) {
  build.onResolve({ filter: /^typescript-libraries$/ }, ({ path: name }) => ({ path: name, namespace: "libraries" }));
  build.onLoad({ filter: /.*/, namespace: "libraries" }, async () => {
    /** @type {Record<string, string>} */
    const texts = {};
    const add = async (/** @type {string} */ library) => {
      const name = `lib.${library}.d.ts`;
      if (name in texts) return;
      texts[name] = await readFile(path.join(here, "node_modules", "typescript", "lib", name), "utf8");
      for (const [, reference] of texts[name].matchAll(/reference lib="([^"]+)"/g)) await add(reference);
    };
    await add("es2023");
    return { contents: JSON.stringify(texts), loader: "json" };
  });
}

/**
 * @param {string[]} inputs bundled files, relative to this folder
 * @returns {Promise<string>} name, version and licence text of every package they belong to
 */
async function licences(inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  const entries = await Promise.all([...folders].sort().map(licence));
  return ["The scripts beside this file contain the following packages.\n", ...entries].join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * @param {string} input
 * @returns {string | null} null for a file of our own
 */
function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? null;
}

/**
 * @param {string} folder
 * @returns {Promise<string>}
 */
async function licence(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(here, folder, "package.json"), "utf8"));
  const file = (await readdir(path.join(here, folder))).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} ${version} comes without a licence text`);
  const text = await readFile(path.join(here, folder, file), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
