/**
 * Fields that a server sends as `null`, which OpenAPI does not say.
 *
 * Go writes an empty field that is not left out as null: a slice, map or pointer without `omitempty`, and a time without
 * `omitzero`. Of required fields only those are here that validation lets be empty. conformance/go-facts says which Go
 * fields are so; a test compares.
 *
 * @see https://pkg.go.dev/encoding/json#Marshal
 */

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "io.k8s.api.apps.v1": [
    "DaemonSetCondition.lastTransitionTime",
    "DeploymentCondition.lastTransitionTime",
    "DeploymentCondition.lastUpdateTime",
    "ReplicaSetCondition.lastTransitionTime",
    "StatefulSetCondition.lastTransitionTime",
  ],
  "io.k8s.api.authentication.v1": [
    "TokenRequestSpec.audiences",
    "TokenRequestSpec.boundObjectRef",
    "TokenRequestSpec.expirationSeconds",
    "TokenRequestStatus.expirationTimestamp",
  ],
  "io.k8s.api.authorization.v1": [
    "SubjectRulesReviewStatus.nonResourceRules",
    "SubjectRulesReviewStatus.resourceRules",
  ],
  "io.k8s.api.autoscaling.v2": [
    "HorizontalPodAutoscalerCondition.lastTransitionTime",
    "HorizontalPodAutoscalerStatus.currentMetrics",
  ],
  "io.k8s.api.batch.v1": ["JobCondition.lastProbeTime", "JobCondition.lastTransitionTime"],
  "io.k8s.api.certificates.v1": [
    "CertificateSigningRequestCondition.lastTransitionTime",
    "CertificateSigningRequestCondition.lastUpdateTime",
  ],
  "io.k8s.api.core.v1": [
    "AzureFilePersistentVolumeSource.secretNamespace",
    "ContainerImage.names",
    "ContainerStateRunning.startedAt",
    "ContainerStateTerminated.finishedAt",
    "ContainerStateTerminated.startedAt",
    "Event.eventTime",
    "Event.firstTimestamp",
    "Event.lastTimestamp",
    "EventSeries.lastObservedTime",
    "GRPCAction.service",
    "LimitRangeSpec.limits",
    "NamespaceCondition.lastTransitionTime",
    "NodeCondition.lastHeartbeatTime",
    "NodeCondition.lastTransitionTime",
    "PersistentVolumeClaimCondition.lastProbeTime",
    "PersistentVolumeClaimCondition.lastTransitionTime",
    "PodCondition.lastProbeTime",
    "PodCondition.lastTransitionTime",
    "PodVolumeHealth.lastTransitionTime",
    "ProjectedVolumeSource.sources",
    "ReplicationControllerCondition.lastTransitionTime",
    "TypedLocalObjectReference.apiGroup",
    "TypedObjectReference.apiGroup",
    "VolumeHealthStatus.lastTransitionTime",
  ],
  "io.k8s.api.discovery.v1": ["EndpointSlice.endpoints", "EndpointSlice.ports"],
  "io.k8s.api.events.v1": ["Event.deprecatedFirstTimestamp", "Event.deprecatedLastTimestamp", "Event.eventTime"],
  "io.k8s.api.flowcontrol.v1": [
    "FlowSchemaCondition.lastTransitionTime",
    "LimitedPriorityLevelConfiguration.nominalConcurrencyShares",
    "PriorityLevelConfigurationCondition.lastTransitionTime",
    "ResourcePolicyRule.namespaces",
  ],
  "io.k8s.api.networking.v1": ["IngressClassParametersReference.scope"],
  "io.k8s.api.rbac.v1": ["ClusterRole.rules", "Role.rules"],
  "io.k8s.api.resource.v1": [
    "AllocatedDeviceStatus.conditions",
    "CapacityRequestPolicy.default",
    "DeviceClaim.requests",
  ],
  "io.k8s.api.storage.v1": [
    "CSINodeDriver.topologyKeys",
    "CSINodeSpec.drivers",
    "StorageHealthCondition.lastTransitionTime",
    "VolumeError.time",
  ],
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1": [
    "CustomResourceDefinitionCondition.lastTransitionTime",
    "CustomResourceDefinitionStatus.conditions",
    "CustomResourceDefinitionStatus.storedVersions",
  ],
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1": ["APIServiceCondition.lastTransitionTime"],
};

/** `schema.field`. */
export const NULLABLE_FIELDS: ReadonlySet<string> = new Set(
  Object.entries(FIELDS).flatMap(([schemas, fields]) => fields.map((field) => `${schemas}.${field}`)),
);

/** Required fields that are nullable all the same: the server takes an object in which they are empty. */
export const EMPTY_REQUIRED_FIELDS: ReadonlySet<string> = new Set([
  "io.k8s.api.authorization.v1.SubjectRulesReviewStatus.nonResourceRules",
  "io.k8s.api.authorization.v1.SubjectRulesReviewStatus.resourceRules",
  "io.k8s.api.core.v1.LimitRangeSpec.limits",
  "io.k8s.api.events.v1.Event.eventTime",
  "io.k8s.api.storage.v1.CSINodeSpec.drivers",
]);
