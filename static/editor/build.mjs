/**
 * Bundles src/code-editor.js into one module, next to the licences of everything in it.
 *
 *   node build.mjs [--out DIR]
 *
 * The result depends only on the sources and package-lock.json: a fresh build equals the committed one byte for byte.
 */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: { out: { type: "string", default: path.join(here, "..", "dist") } },
});

const { metafile, outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/code-editor.js"],
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
const [{ contents }] = outputFiles;

await mkdir(options.out, { recursive: true });
await writeFile(path.join(options.out, "code-editor.js"), contents);
await writeFile(path.join(options.out, "code-editor.LICENSE.txt"), await licences(Object.keys(metafile.inputs)));

const sizes = { raw: contents.length, gzip: gzipSync(contents).length, brotli: brotliCompressSync(contents).length };
console.log(`code-editor.js: ${Object.entries(sizes).map(([name, bytes]) => `${name} ${bytes}`).join(", ")} bytes`);

/**
 * @param {string[]} inputs bundled files, relative to this folder
 * @returns {Promise<string>} name, version and licence text of every package they belong to
 */
async function licences(inputs) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  const entries = await Promise.all([...folders].sort().map(licence));
  return ["code-editor.js contains the following packages.\n", ...entries].join(`\n${"-".repeat(80)}\n\n`);
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
