/**
 * `bowline/config`: kubeconfig files, loaded, resolved, checked and changed.
 */
// Loading and resolving.

export type { Cluster, ExecConfig, FileOrData, Impersonation, ResolvedContext, User } from "./cluster.ts";
export type { ConfigErrorCode, ConfigProblem } from "./config-error.ts";
// Errors, and the surroundings for tests.
export { ConfigError } from "./config-error.ts";
export type { EditOptions, KubeconfigEditor, StanzaChanges } from "./edit-kubeconfig.ts";
// Changing.
export { editKubeconfig } from "./edit-kubeconfig.ts";
export type { FileFacts, Host } from "./host.ts";
export { nodeHost } from "./host.ts";
export type { InlineConfig, KubeContext, LoadOptions, ParseOptions } from "./kube-config.ts";
export { KubeConfig } from "./kube-config.ts";
export type { ClusterStanza, ContextStanza, ExecStanza, ExtensionStanza, UserStanza } from "./kubeconfig-stanza.ts";
export type { Overrides } from "./overrides.ts";
export type { ResolveOptions } from "./resolve-context.ts";
