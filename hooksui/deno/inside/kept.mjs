// What a program goes on to use, kept from whatever the script does to the globals. Loaded before anything else.
import process from "node:process";

export const { parse, stringify } = JSON;
export const { stdin, stdout, exit } = Deno;
export const Address = URL;
export const now = performance.now.bind(performance);
export const node = process.version;
export const listen = addEventListener.bind(globalThis);
export const report = reportError.bind(globalThis);

const encoder = new TextEncoder();
export const encode = encoder.encode.bind(encoder);
