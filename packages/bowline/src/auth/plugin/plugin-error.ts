/**
 * What can be wrong with what a plugin was told, or with what it answers.
 */
import { KubeError } from "../../core/kube-error.ts";

/** The codes of a {@link PluginError}. */
export type PluginErrorCode =
  /** KUBERNETES_EXEC_INFO is unset or empty: the program was not started by a Kubernetes client. */
  | "ExecInfoMissing"
  | "ExecInfoInvalid"
  /** The kubeconfig does not say `provideClusterInfo: true`. */
  | "ClusterInfoMissing"
  | "CredentialInvalid";

/** The plugin was started or written wrongly; a retry does not help. */
export class PluginError extends KubeError {
  declare readonly code: PluginErrorCode;

  constructor(code: PluginErrorCode, message: string) {
    super(code, message);
  }
}
