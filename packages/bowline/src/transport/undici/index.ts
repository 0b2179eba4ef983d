/**
 * The connection layer on undici, for programs on Node with many concurrent requests: `bowline/transport/undici`.
 */
export { type UndiciConfig, undici } from "./connector.ts";
