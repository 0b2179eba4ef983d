/**
 * The fields by which kube-apiserver selects, besides metadata.name and metadata.namespace. OpenAPI does not name those of
 * built-in kinds, so this list is kept by hand.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/#list-of-supported-fields
 */

type ObjectReferenceField = "apiVersion" | "fieldPath" | "kind" | "name" | "namespace" | "resourceVersion" | "uid";

/** `apiVersion/kind` -> fields. A CRD adds its `selectableFields` by augmentation of the module that exports this. */
export interface SelectableFields {
  "v1/Event": `involvedObject.${ObjectReferenceField}` | "reason" | "reportingComponent" | "source" | "type";
  "v1/Namespace": "status.phase";
  "v1/Node": "spec.unschedulable";
  "v1/Pod":
    | "spec.hostNetwork"
    | "spec.nodeName"
    | "spec.restartPolicy"
    | "spec.schedulerName"
    | "spec.serviceAccountName"
    | "status.nominatedNodeName"
    | "status.phase"
    | "status.podIP"
    | "status.podIPs";
  "v1/ReplicationController": "status.replicas";
  "v1/Secret": "type";
  "v1/Service": "spec.clusterIP" | "spec.type";
  "batch/v1/Job": "status.successful";
  "certificates.k8s.io/v1/CertificateSigningRequest": "spec.signerName";
  "certificates.k8s.io/v1/PodCertificateRequest": "spec.nodeName" | "spec.podName" | "spec.signerName";
  "events.k8s.io/v1/Event": `regarding.${ObjectReferenceField}` | "reason" | "reportingController" | "type";
  "resource.k8s.io/v1/ResourceSlice": "spec.driver" | "spec.nodeName" | "spec.pool.name";
}
