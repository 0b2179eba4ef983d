/**
 * The admission plugins that a kube-apiserver runs by default, in its order.
 */
import type { AdmissionPlugin } from "../registry/admission.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { limitRangerPlugin } from "./limit-ranger.ts";
import {
  claimResizePlugin,
  defaultIngressClassPlugin,
  defaultStorageClassPlugin,
  jobDeletionPlugin,
  nodeTaintPlugin,
  storageProtectionPlugin,
} from "./object-admission.ts";
import { priorityPlugin, runtimeClassPlugin, serviceAccountPlugin, tolerationPlugin } from "./pod-admission.ts";
import { validatingPolicyPlugin } from "./policies/validating-policies.ts";
import { resourceQuotaPlugin } from "./resource-quota.ts";
import { mutatingWebhookPlugin, validatingWebhookPlugin } from "./webhooks/webhook-plugins.ts";

/** What plugins need of the server besides what a request brings. */
export interface AdmissionParts {
  /** Writes a ResourceQuota's status, as the API server itself. */
  readonly updateQuotaStatus?: ((quota: ApiObject) => void) | undefined;
  /**
   * Whether each namespace is given its `default` ServiceAccount by a controller. Where not, Pods that name no account are
   * admitted without one. Default: yes.
   */
  readonly createsAccounts?: (() => boolean) | undefined;
}

/** All plugins but NamespaceLifecycle, which comes before them. */
export function admissionChain(parts: AdmissionParts = {}): readonly AdmissionPlugin[] {
  return [
    limitRangerPlugin,
    serviceAccountPlugin(parts.createsAccounts ?? (() => true)),
    nodeTaintPlugin,
    priorityPlugin,
    tolerationPlugin,
    defaultStorageClassPlugin,
    storageProtectionPlugin,
    claimResizePlugin,
    runtimeClassPlugin,
    defaultIngressClassPlugin,
    jobDeletionPlugin,
    mutatingWebhookPlugin,
    validatingPolicyPlugin,
    validatingWebhookPlugin,
    resourceQuotaPlugin(parts.updateQuotaStatus ?? (() => undefined)),
  ];
}
