/**
 * What the client calls itself. A server takes the part before the slash as the field manager where none is given.
 */
export const VERSION = "0.1.0";

/** `bowline/0.1.0 node/v20.18.0 linux/x64`, without what the runtime does not tell. */
export function defaultUserAgent(): string {
  const { process, Bun, Deno } = globalThis as RuntimeGlobals;
  const runtime =
    Deno !== undefined
      ? `deno/${Deno.version.deno}`
      : Bun !== undefined
        ? `bun/${Bun.version}`
        : process !== undefined
          ? `node/${process.versions?.node}`
          : "";
  const platform = process === undefined ? "" : `${process.platform}/${process.arch}`;
  return [`bowline/${VERSION}`, runtime, platform].filter((part) => part !== "").join(" ");
}

interface RuntimeGlobals {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly platform?: string;
    readonly arch?: string;
  };
  readonly Bun?: { readonly version: string };
  readonly Deno?: { readonly version: { readonly deno: string } };
}
