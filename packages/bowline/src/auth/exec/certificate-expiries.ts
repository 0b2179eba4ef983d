/**
 * The earliest expiry among the client certificates of all plugins, for metrics.
 */
import type { ExecMetrics } from "./exec-metrics.ts";

const expiries = new Map<object, Date>();

/** Notes the expiry of an owner's certificate and reports the earliest of all. */
export function reportCertificate(owner: object, notAfter: Date | undefined, metrics: ExecMetrics | undefined): void {
  if (notAfter === undefined) expiries.delete(owner);
  else expiries.set(owner, notAfter);
  metrics?.certificateExpiry?.(earliest());
}

/** The owner has no certificate any more. */
export function forgetCertificate(owner: object, metrics: ExecMetrics | undefined): void {
  if (expiries.delete(owner)) metrics?.certificateExpiry?.(earliest());
}

function earliest(): Date | undefined {
  let first: Date | undefined;
  for (const date of expiries.values()) if (first === undefined || date < first) first = date;
  return first;
}
