/**
 * What can be counted about exec plugins. client-go's metric of the same meaning is named with each.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.37.2/tools/metrics/metrics.go
 */

/** How a run ended, in client-go's words. */
export type CallStatus = "no_error" | "plugin_execution_error" | "plugin_not_found_error" | "client_internal_error";

/** Hooks; each may be left out, and none may throw. */
export interface ExecMetrics {
  /** `rest_client_exec_plugin_call_total`: once a run. `code` is the exit code, 1 where there was no process. */
  call?(outcome: { readonly code: number; readonly callStatus: CallStatus }): void;
  /** `rest_client_exec_plugin_policy_call_total`: once an attempt, before the run. */
  policyCall?(outcome: { readonly allowed: boolean }): void;
  /** `rest_client_exec_plugin_ttl_seconds`: the earliest expiry of the plugins' certificates; `undefined` where there is none. */
  certificateExpiry?(notAfter: Date | undefined): void;
  /** `rest_client_exec_plugin_certificate_rotation_age`: the age of a certificate that was replaced. */
  certificateRotation?(ageMs: number): void;
}
