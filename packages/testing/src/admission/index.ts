/**
 * The admission plugins that a kube-apiserver runs by default, in its order.
 */
import type { AdmissionPlugin } from "../registry/admission.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { certificatePlugins } from "./certificates.ts";
import { limitRangerPlugin } from "./limit-ranger.ts";
import {
  claimResizePlugin,
  defaultIngressClassPlugin,
  defaultStorageClassPlugin,
  nodeTaintPlugin,
  storageProtectionPlugin,
} from "./object-admission.ts";
import { priorityPlugin, runtimeClassPlugin, tolerationPlugin } from "./pod-admission.ts";
import { declaredFeaturesPlugin, podResizePlugin } from "./pod-resize.ts";
import { podSecurityPlugin } from "./pod-security/pod-security.ts";
import { mutatingPolicyPlugin } from "./policies/mutating-policies.ts";
import { validatingPolicyPlugin } from "./policies/validating-policies.ts";
import { resourceQuotaPlugin } from "./resource-quota.ts";
import { serviceAccountPlugin } from "./service-account.ts";
import { topologyLabelsPlugin } from "./topology-labels.ts";
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
    podSecurityPlugin,
    priorityPlugin,
    tolerationPlugin,
    defaultStorageClassPlugin,
    storageProtectionPlugin,
    claimResizePlugin,
    runtimeClassPlugin,
    ...certificatePlugins,
    defaultIngressClassPlugin,
    topologyLabelsPlugin,
    declaredFeaturesPlugin,
    podResizePlugin,
    mutatingPolicyPlugin,
    mutatingWebhookPlugin,
    validatingPolicyPlugin,
    validatingWebhookPlugin,
    resourceQuotaPlugin(parts.updateQuotaStatus ?? (() => undefined)),
  ];
}
