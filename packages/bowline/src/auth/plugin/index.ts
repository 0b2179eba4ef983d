/**
 * `bowline/auth/plugin`: for those who write exec credential plugins in TypeScript.
 *
 * @example
 * import { runPlugin } from "bowline/auth/plugin";
 *
 * await runPlugin(async ({ spec }) => ({ token: await login(spec.cluster?.server) }));
 */
// The protocol: what a plugin is told, and what it answers.

export type { ClusterConnection } from "./cluster-connection.ts";
// Talking to the cluster that the credential is for.
export { clusterConnection } from "./cluster-connection.ts";
export type { ExecInfo, ExecInfoCluster } from "./exec-info-reader.ts";
export { readExecInfo } from "./exec-info-reader.ts";
export type { PluginErrorCode } from "./plugin-error.ts";
export { PluginError } from "./plugin-error.ts";
export type { PluginAnswer, RunPluginOptions } from "./run-plugin.ts";
export { formatCredential, runPlugin } from "./run-plugin.ts";
