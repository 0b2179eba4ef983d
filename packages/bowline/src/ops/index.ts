/**
 * What kubectl does on top of the API: `bowline/ops`.
 */

// Files of containers

export { type CopyFromOptions, copyFrom } from "./copy/copy-from.ts";
export type { CopyOptions } from "./copy/copy-options.ts";
export { copyTo } from "./copy/copy-to.ts";
