/**
 * What OpenAPI does not say of the schemas of Kubernetes itself: types with their own JSON form, and enums that are open.
 */
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const CRD = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

/**
 * TypeScript text for schemas whose JSON form is coded by hand in Kubernetes. A name in it is a type of the same file.
 */
export const WRITTEN_TYPES: Readonly<Record<string, string>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": "string | number",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "number | string",
  "io.k8s.apimachinery.pkg.runtime.RawExtension": "{ [field: string]: unknown }",
  [`${META}FieldsV1`]: "{ [field: string]: unknown }",
  [`${META}Patch`]: "{ [field: string]: unknown }",
  [`${META}Time`]: "string",
  [`${META}MicroTime`]: "string",
  [`${CRD}JSON`]: "unknown",
  [`${CRD}JSONSchemaPropsOrArray`]: "JSONSchemaProps | JSONSchemaProps[]",
  [`${CRD}JSONSchemaPropsOrBool`]: "JSONSchemaProps | boolean",
  [`${CRD}JSONSchemaPropsOrStringArray`]: "JSONSchemaProps | string[]",
};

/** One sentence for each written type whose name does not say what the string is. */
export const WRITTEN_TYPE_DOCS: Readonly<Record<string, string>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity":
    "An amount such as `100m` or `64Mi`. The server takes numbers too, and always sends a string.",
  [`${META}Time`]: "RFC 3339, whole seconds: `2026-01-02T03:04:05Z`.",
  [`${META}MicroTime`]:
    "RFC 3339 with microseconds: `2026-01-02T03:04:05.000006Z`. A Date would lose the last three digits.",
};

/**
 * Fields whose enum may gain values without a new version of the API, as their documentation says: a reader must expect
 * values that are not listed. All other enums are closed.
 */
export const OPEN_ENUMS: ReadonlySet<string> = new Set([
  "io.k8s.api.batch.v1.JobSpec.completionMode",
  "io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement.operator",
  "io.k8s.api.batch.v1.PodFailurePolicyRule.action",
  "io.k8s.api.core.v1.ModifyVolumeStatus.status",
  "io.k8s.api.core.v1.PersistentVolumeClaimStatus.allocatedResourceStatuses",
  "io.k8s.api.policy.v1.PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy",
  "io.k8s.api.resource.v1.DeviceRequestAllocationResult.skipNodeOperations",
  "io.k8s.api.resource.v1.DeviceSubRequest.allocationMode",
  "io.k8s.api.resource.v1.DeviceTaint.effect",
  "io.k8s.api.resource.v1.DeviceToleration.effect",
  "io.k8s.api.resource.v1.ExactDeviceRequest.allocationMode",
  "io.k8s.api.resource.v1.ResourceSliceSpec.skipNodeOperations",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule.reason",
]);

/** Names that say too little, or too much, outside of their Go package. */
export const RENAMED: Readonly<Record<string, string>> = { "io.k8s.apimachinery.pkg.version.Info": "VersionInfo" };
