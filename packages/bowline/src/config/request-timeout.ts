/**
 * kubectl's `--request-timeout`: a number of seconds, or a Go duration.
 */
import { ConfigError } from "./config-error.ts";

const unitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Milliseconds; 0 means no timeout.
 *
 * @throws {@link ConfigError} `InvalidTimeout`.
 */
export function parseRequestTimeoutMs(text: string): number {
  if (/^\+?\d+$/.test(text)) return checkedMs(text, Number(text) * 1000);
  const match = /^([-+]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (match?.[2] === undefined) {
    if (/^-0+$/.test(text) || /^\+0$/.test(text)) return 0;
    throw ConfigError.of(
      "InvalidTimeout",
      `${JSON.stringify(text)} is not a timeout: give a number of seconds, or a number with a unit such as 1s, 2m, 3h`,
    );
  }
  let total = 0;
  for (const [, amount, unit] of match[2].matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (unitsMs[unit ?? ""] ?? 0);
  }
  return checkedMs(text, match[1] === "-" ? -total : total);
}

/** kubectl counts nanoseconds in 64 bits. */
const maxMs = 2 ** 63 / 1e6;

function checkedMs(text: string, ms: number): number {
  if (Math.abs(ms) < maxMs) return ms;
  throw ConfigError.of("InvalidTimeout", `${JSON.stringify(text)} is too long for a timeout; 0 means none`);
}
