/**
 * Fields that a write through one path cannot set, and so cannot own: `status` through the main resource, `spec` through
 * `/status`.
 */
import { FieldSet } from "./field-set.ts";
import type { FieldFilter } from "./ownership.ts";
import { fieldElement, type Path } from "./path-element.ts";

const metadataToo = new Set([
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "internal.apiserver.k8s.io/StorageVersion",
  "certificates.k8s.io/PodCertificateRequest",
  "flowcontrol.apiserver.k8s.io/FlowSchema",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
  "networking.k8s.io/ServiceCIDR",
  "resource.k8s.io/DeviceTaintRule",
  "resource.k8s.io/ResourceClaim",
  "resource.k8s.io/ResourcePoolStatusRequest",
  "scheduling.k8s.io/CompositePodGroup",
  "scheduling.k8s.io/PodGroup",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/VolumeAttachment",
  "storagemigration.k8s.io/StorageVersionMigration",
]);

const exceptions: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment/status": ["metadata.labels", "spec"],
  "/Pod/status": ["metadata.deletionTimestamp", "metadata.ownerReferences", "spec"],
  "certificates.k8s.io/CertificateSigningRequest/": ["spec", "status"],
  "certificates.k8s.io/CertificateSigningRequest/status": ["spec", "status.conditions"],
  "certificates.k8s.io/CertificateSigningRequest/approval": ["spec", "status.certificate"],
};

export interface ResetFieldsOptions {
  readonly group: string;
  readonly kind: string;
  readonly subresource: string;
  /** Whether the kind has a `status` subresource. */
  readonly hasStatus: boolean;
  /** Whether the kind is a custom resource. */
  readonly isCustom?: boolean | undefined;
}

/** The paths that a write through the main resource or a subresource leaves as they are. */
export function resetFields(options: ResetFieldsOptions): readonly string[] {
  const { group, kind, subresource, hasStatus } = options;
  const own = exceptions[`${group}/${kind}/${subresource}`];
  if (own !== undefined) return own;
  if (subresource === "status")
    return options.isCustom === true || metadataToo.has(`${group}/${kind}`) ? ["metadata", "spec"] : ["spec"];
  return hasStatus ? ["status"] : [];
}

/** A filter for `updateManagedFields` and `applyServerSide`; undefined where nothing is reset. */
export function resetFieldsFilter(options: ResetFieldsOptions): FieldFilter | undefined {
  if (options.kind === "Pod" && unfilteredOfPods.has(options.subresource)) return undefined;
  const paths = resetFields(options);
  if (paths.length === 0) return undefined;
  const excluded = FieldSet.of(...paths.map((path): Path => path.split(".").map(fieldElement)));
  return (set) => set.recursiveDifference(excluded);
}

/** Subresources of Pods whose writes own all they name, although they change but a part of it. */
const unfilteredOfPods: ReadonlySet<string> = new Set(["ephemeralcontainers", "resize"]);
