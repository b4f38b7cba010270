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

// Its own types do not stand beside a browser's.
declare const Deno: any;
