/**
 * Which rules a kind has.
 */

import type { ResourceInfo, Strategy } from "../registry/strategy.ts";
import {
  mutatingPolicyBindingRules,
  mutatingPolicyRules,
  mutatingWebhookRules,
  validatingPolicyBindingRules,
  validatingPolicyRules,
  validatingWebhookRules,
} from "./admissionregistration/webhooks.ts";
import { apiServiceRules } from "./apiregistration/api-service.ts";
import { daemonSetRules } from "./apps/daemon-set.ts";
import { deploymentRules, replicaSetRules } from "./apps/deployment.ts";
import { controllerRevisionRules, statefulSetRules } from "./apps/stateful-set.ts";
import { autoscalerRules, oldAutoscalerRules } from "./autoscaling/horizontal-pod-autoscaler.ts";
import { cronJobRules, jobRules } from "./batch/job.ts";
import {
  clusterTrustBundleRules,
  podCertificateRequestRules,
  signingRequestRules,
} from "./certificates/signing-request.ts";
import { configMapRules, secretRules, serviceAccountRules } from "./core/configuration.ts";
import { eventRules, newEventRules } from "./core/event.ts";
import { limitRangeRules, resourceQuotaRules } from "./core/limits-and-quotas.ts";
import { namespaceRules } from "./core/namespace.ts";
import { nodeRules } from "./core/node.ts";
import { podRules } from "./core/pod.ts";
import { podTemplateRules, replicationControllerRules } from "./core/replication-controller.ts";
import { serviceRules } from "./core/service.ts";
import { endpointSliceRules, endpointsRules } from "./discovery/endpoints.ts";
import { flowSchemaRules, priorityLevelRules } from "./flowcontrol/flow-control.ts";
import { type KindRules, strategyOf } from "./kind-rules.ts";
import { ingressClassRules, ingressRules, ipAddressRules, serviceCidrRules } from "./networking/ingress.ts";
import { networkPolicyRules } from "./networking/network-policy.ts";
import { podDisruptionBudgetRules } from "./policy/pod-disruption-budget.ts";
import { clusterRoleBindingRules, clusterRoleRules, roleBindingRules, roleRules } from "./rbac/rbac-kinds.ts";
import { deviceClassRules, deviceTaintRuleRules, resourceSliceRules } from "./resource/device-kinds.ts";
import { resourceClaimRules, resourceClaimTemplateRules } from "./resource/resource-claim.ts";
import { leaseRules, priorityClassRules, runtimeClassRules, storageMigrationRules } from "./scheduling/small-kinds.ts";
import { claimRules, persistentVolumeRules } from "./storage/persistent-volume.ts";
import {
  csiDriverRules,
  csiNodeRules,
  csiStorageCapacityRules,
  storageClassRules,
  volumeAttachmentRules,
  volumeAttributesClassRules,
} from "./storage/storage-kinds.ts";

/** By `group/Kind`. Kinds without rules of their own have those of any object with metadata, spec and status. */
const RULES: Readonly<Record<string, KindRules>> = {
  "/ConfigMap": configMapRules,
  "/Endpoints": endpointsRules,
  "/Event": eventRules,
  "/LimitRange": limitRangeRules,
  "/Namespace": namespaceRules,
  "/Node": nodeRules,
  "/PersistentVolume": persistentVolumeRules,
  "/PersistentVolumeClaim": claimRules,
  "/Pod": podRules,
  "/PodTemplate": podTemplateRules,
  "/ReplicationController": replicationControllerRules,
  "/ResourceQuota": resourceQuotaRules,
  "/Secret": secretRules,
  "/Service": serviceRules,
  "/ServiceAccount": serviceAccountRules,
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": mutatingPolicyRules,
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": mutatingPolicyBindingRules,
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": mutatingWebhookRules,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": validatingPolicyRules,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": validatingPolicyBindingRules,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": validatingWebhookRules,
  "apiregistration.k8s.io/APIService": apiServiceRules,
  "apps/ControllerRevision": controllerRevisionRules,
  "apps/DaemonSet": daemonSetRules,
  "apps/Deployment": deploymentRules,
  "apps/ReplicaSet": replicaSetRules,
  "apps/StatefulSet": statefulSetRules,
  "autoscaling/HorizontalPodAutoscaler": autoscalerRules,
  "batch/CronJob": cronJobRules,
  "batch/Job": jobRules,
  "certificates.k8s.io/CertificateSigningRequest": signingRequestRules,
  "certificates.k8s.io/ClusterTrustBundle": clusterTrustBundleRules,
  "certificates.k8s.io/PodCertificateRequest": podCertificateRequestRules,
  "coordination.k8s.io/Lease": leaseRules,
  "discovery.k8s.io/EndpointSlice": endpointSliceRules,
  "events.k8s.io/Event": newEventRules,
  "flowcontrol.apiserver.k8s.io/FlowSchema": flowSchemaRules,
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": priorityLevelRules,
  "networking.k8s.io/IPAddress": ipAddressRules,
  "networking.k8s.io/Ingress": ingressRules,
  "networking.k8s.io/IngressClass": ingressClassRules,
  "networking.k8s.io/NetworkPolicy": networkPolicyRules,
  "networking.k8s.io/ServiceCIDR": serviceCidrRules,
  "node.k8s.io/RuntimeClass": runtimeClassRules,
  "policy/PodDisruptionBudget": podDisruptionBudgetRules,
  "rbac.authorization.k8s.io/ClusterRole": clusterRoleRules,
  "rbac.authorization.k8s.io/ClusterRoleBinding": clusterRoleBindingRules,
  "rbac.authorization.k8s.io/Role": roleRules,
  "rbac.authorization.k8s.io/RoleBinding": roleBindingRules,
  "resource.k8s.io/DeviceClass": deviceClassRules,
  "resource.k8s.io/DeviceTaintRule": deviceTaintRuleRules,
  "resource.k8s.io/ResourceClaim": resourceClaimRules,
  "resource.k8s.io/ResourceClaimTemplate": resourceClaimTemplateRules,
  "resource.k8s.io/ResourceSlice": resourceSliceRules,
  "scheduling.k8s.io/PriorityClass": priorityClassRules,
  "storage.k8s.io/CSIDriver": csiDriverRules,
  "storage.k8s.io/CSINode": csiNodeRules,
  "storage.k8s.io/CSIStorageCapacity": csiStorageCapacityRules,
  "storage.k8s.io/StorageClass": storageClassRules,
  "storage.k8s.io/VolumeAttachment": volumeAttachmentRules,
  "storage.k8s.io/VolumeAttributesClass": volumeAttributesClassRules,
  "storagemigration.k8s.io/StorageVersionMigration": storageMigrationRules,
};

/** The strategy of a built-in kind; also of one without special rules. */
export function strategyFor(resource: ResourceInfo): Strategy {
  const isOldAutoscaler = resource.group === "autoscaling" && resource.version === "v1";
  return strategyOf(
    resource,
    isOldAutoscaler ? oldAutoscalerRules : (RULES[`${resource.group}/${resource.kind}`] ?? {}),
  );
}
