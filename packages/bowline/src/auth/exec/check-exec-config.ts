/**
 * What must hold of an exec section before anything runs.
 */
import type { ExecConfig } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";
import type { ExecOptions } from "./exec-options.ts";
import { checkPluginPolicy } from "./plugin-policy.ts";

/** The versions of the plugin protocol that are spoken. */
export const execApiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] as const;

/**
 * Checks the version and the policy.
 *
 * @throws {@link CredentialError} `PluginVersionUnsupported` or `PluginPolicyInvalid`.
 */
export function checkExecConfig(exec: ExecConfig, options: ExecOptions | undefined, host: Host, origin: string): void {
  if (!(execApiVersions as readonly string[]).includes(exec.apiVersion)) {
    const advice = exec.apiVersion.endsWith("/v1alpha1")
      ? "it was removed from Kubernetes; write v1 or v1beta1 in its place, or let the tool that wrote the kubeconfig do it again (aws eks update-kubeconfig, gcloud container clusters get-credentials)"
      : `use ${execApiVersions.join(" or ")}`;
    throw new CredentialError(
      "PluginVersionUnsupported",
      `the exec plugin of ${origin} has the apiVersion ${JSON.stringify(exec.apiVersion)}: ${advice}`,
      { command: exec.command },
    );
  }
  if (options?.policy !== undefined) checkPluginPolicy(options.policy, host);
}
