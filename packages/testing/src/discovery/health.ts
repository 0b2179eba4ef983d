/**
 * `/healthz`, `/livez` and `/readyz`: always well, with the checks that a kube-apiserver names.
 */
import type { Exchange } from "../http/exchange.ts";
import { HEALTH_CHECKS } from "./root-paths.ts";

/** Whether a path is one of health. */
export function isHealthPath(path: string): boolean {
  return /^\/(healthz|livez|readyz)(\/|$)/.test(path);
}

/** Answers `ok`, or with `?verbose` each check. */
export function answerHealth(exchange: Exchange, path: string): void {
  const [, endpoint = "", check] = /^\/(healthz|livez|readyz)(?:\/(.*))?$/.exec(path) ?? [];
  const checks = HEALTH_CHECKS[endpoint as keyof typeof HEALTH_CHECKS];
  if (check !== undefined) {
    if (checks.includes(check)) {
      exchange.text(200, "ok", { "x-content-type-options": "nosniff" });
      return;
    }
    exchange.text(404, "404 page not found\n");
    return;
  }
  if (!exchange.query.has("verbose")) {
    exchange.text(200, "ok");
    return;
  }
  const excluded = exchange.query.getAll("exclude").flatMap((names) => names.split(","));
  const lines = checks.map((name) => (excluded.includes(name) ? `[+]${name} excluded: ok` : `[+]${name} ok`));
  const unknown = excluded.filter((name) => !checks.includes(name)).map((name) => JSON.stringify(name));
  if (unknown.length > 0)
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.join(", ")}`);
  exchange.text(200, `${lines.join("\n")}\n${endpoint} check passed\n`);
}
