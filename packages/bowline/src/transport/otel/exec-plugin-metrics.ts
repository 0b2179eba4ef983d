/**
 * The hooks of exec plugins as OpenTelemetry metrics, in client-go's names.
 */
import { type MeterProvider, metrics } from "@opentelemetry/api";
import type { ExecMetrics } from "../../auth/exec/exec-metrics.ts";

/** How metrics are made. */
export interface MetricsOptions {
  /** Default: the one that the program has registered with OpenTelemetry; without one nothing is recorded. */
  readonly meterProvider?: MeterProvider | undefined;
}

/**
 * Hooks for `exec.metrics`: `rest_client_exec_plugin_call_total` by `code` and `call_status`,
 * `rest_client_exec_plugin_policy_call_total` by `allowed`, `rest_client_exec_plugin_ttl_seconds` (the rest of the time of the
 * certificate that ends first), `rest_client_exec_plugin_certificate_rotation_age` in seconds. Make them once for a process: clients
 * with other hooks share no credential.
 *
 * @see https://github.com/kubernetes/component-base/blob/v0.37.2/metrics/prometheus/restclient/metrics.go
 * @example
 * ```ts
 * import { Client } from "bowline";
 * import { execPluginMetrics } from "bowline/otel";
 *
 * const client = await Client.connect({ exec: { metrics: execPluginMetrics() } });
 * ```
 */
export function execPluginMetrics(options: MetricsOptions = {}): ExecMetrics {
  const meter = (options.meterProvider ?? metrics).getMeter("bowline");
  const calls = meter.createCounter("rest_client_exec_plugin_call_total");
  const policyCalls = meter.createCounter("rest_client_exec_plugin_policy_call_total");
  const age = meter.createHistogram("rest_client_exec_plugin_certificate_rotation_age", { unit: "s" });
  const ttl = meter.createObservableGauge("rest_client_exec_plugin_ttl_seconds", { unit: "s" });
  let endsAt: Date | undefined;
  ttl.addCallback((result) => {
    if (endsAt !== undefined) result.observe((endsAt.getTime() - Date.now()) / 1000);
  });
  return {
    call: ({ code, callStatus }) => calls.add(1, { code, call_status: callStatus }),
    policyCall: ({ allowed }) => policyCalls.add(1, { allowed }),
    certificateExpiry: (notAfter) => {
      endsAt = notAfter;
    },
    certificateRotation: (ageMs) => age.record(ageMs / 1000),
  };
}
