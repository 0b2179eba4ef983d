/**
 * Traces and metrics: each request is a span of OpenTelemetry, and the exec plugin's runs are counted. Register an SDK before,
 * else nothing is recorded: https://opentelemetry.io/docs/languages/js/
 */
import { trace } from "@opentelemetry/api";
import { Client } from "bowline";
import { execPluginMetrics, tracing } from "bowline/otel";

await using client = await Client.connect({ interceptors: [tracing()], exec: { metrics: execPluginMetrics() } });
await trace.getTracer("example").startActiveSpan("count namespaces", async (span) => {
  const { items } = await client.resource("v1", "Namespace").list();
  console.log(`${items.length} namespaces`);
  span.end();
});
