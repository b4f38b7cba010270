// What the build puts in place of these names, and what programs find in Deno.

declare module "typescript-libraries" {
  /** Declarations by file name. */
  const texts: Record<string, string>;
  export default texts;
}

declare module "hook-runtime" {
  const text: string;
  export default text;
}

// biome-ignore lint/suspicious/noExplicitAny: its own types do not stand beside those of a browser
declare const Deno: any;
