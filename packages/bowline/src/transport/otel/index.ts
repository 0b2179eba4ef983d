/**
 * `bowline/otel`: requests as OpenTelemetry spans, exec plugins as its metrics. Needs `@opentelemetry/api`, an optional peer.
 */

export type { MetricsOptions } from "./exec-plugin-metrics.ts";
export { execPluginMetrics } from "./exec-plugin-metrics.ts";
export type { TracingOptions } from "./tracing.ts";
export { tracing } from "./tracing.ts";
