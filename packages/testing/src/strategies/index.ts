/**
 * How each built-in kind differs from the others: defaults, validation, what a write may change, tables.
 */
export { strategyFor } from "./strategy-for.ts";
