/**
 * Schemas of kinds that travel as bodies only, so that no OpenAPI document has them: tables and partial metadata, aggregated
 * discovery, and what API servers send to webhooks.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-conversion
 */
import type { Schema } from "./openapi-document.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const CRD = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
const ADMISSION = "io.k8s.api.admission.v1.";
const DISCOVERY = "io.k8s.api.apidiscovery.v2.";

const string: Schema = { type: "string" };
const boolean: Schema = { type: "boolean" };
const integer: Schema = { type: "integer", format: "int32" };
const strings: Schema = { type: "array", items: string };
const raw: Schema = ref("io.k8s.apimachinery.pkg.runtime.RawExtension");
/** Sent as null where there is none. */
const rawOrNull: Schema = { ...raw, nullable: true };

const groupVersionKind = struct("group version kind", { group: string, kind: string, version: string });
const groupVersionResource = struct("group version resource", { group: string, resource: string, version: string });

/** Name -> schema, in the form of `components.schemas`. */
export const EXTRA_SCHEMAS: Readonly<Record<string, Schema>> = {
  [`${META}GroupVersionKind`]: groupVersionKind,
  [`${META}GroupVersionResource`]: groupVersionResource,
  [`${META}PartialObjectMetadata`]: struct("apiVersion kind metadata", {
    apiVersion: string,
    kind: string,
    metadata: ref(`${META}ObjectMeta`),
  }),
  [`${META}Table`]: kind("meta.k8s.io", "v1", "Table", "columnDefinitions rows", {
    columnDefinitions: listOf(`${META}TableColumnDefinition`),
    metadata: ref(`${META}ListMeta`),
    rows: listOf(`${META}TableRow`),
  }),
  [`${META}TableColumnDefinition`]: struct("description format name priority type", {
    description: string,
    format: string,
    name: string,
    priority: integer,
    type: string,
  }),
  [`${META}TableRow`]: struct("cells", {
    cells: { type: "array", items: {} },
    conditions: listOf(`${META}TableRowCondition`),
    object: raw,
  }),
  [`${META}TableRowCondition`]: struct("status type", {
    message: string,
    reason: string,
    status: string,
    type: string,
  }),

  [`${DISCOVERY}APIGroupDiscovery`]: struct("versions", {
    metadata: ref(`${META}ObjectMeta`),
    versions: listOf(`${DISCOVERY}APIVersionDiscovery`),
  }),
  [`${DISCOVERY}APIGroupDiscoveryList`]: kind("apidiscovery.k8s.io", "v2", "APIGroupDiscoveryList", "items", {
    items: listOf(`${DISCOVERY}APIGroupDiscovery`),
    metadata: ref(`${META}ListMeta`),
  }),
  [`${DISCOVERY}APIResourceDiscovery`]: struct("resource scope verbs", {
    categories: strings,
    resource: string,
    responseKind: ref(`${META}GroupVersionKind`),
    scope: { type: "string", enum: ["Cluster", "Namespaced"] },
    shortNames: strings,
    singularResource: string,
    subresources: listOf(`${DISCOVERY}APISubresourceDiscovery`),
    verbs: strings,
  }),
  [`${DISCOVERY}APISubresourceDiscovery`]: struct("subresource verbs", {
    acceptedTypes: listOf(`${META}GroupVersionKind`),
    responseKind: ref(`${META}GroupVersionKind`),
    subresource: string,
    verbs: strings,
  }),
  [`${DISCOVERY}APIVersionDiscovery`]: struct("version", {
    freshness: { type: "string", enum: ["Current", "Stale"] },
    resources: listOf(`${DISCOVERY}APIResourceDiscovery`),
    version: string,
  }),

  [`${ADMISSION}AdmissionRequest`]: struct("kind operation resource uid userInfo", {
    dryRun: boolean,
    kind: ref(`${META}GroupVersionKind`),
    name: string,
    namespace: string,
    object: rawOrNull,
    oldObject: rawOrNull,
    operation: { type: "string", enum: ["CONNECT", "CREATE", "DELETE", "UPDATE"] },
    options: rawOrNull,
    requestKind: ref(`${META}GroupVersionKind`),
    requestResource: ref(`${META}GroupVersionResource`),
    requestSubResource: string,
    resource: ref(`${META}GroupVersionResource`),
    subResource: string,
    uid: string,
    userInfo: ref("io.k8s.api.authentication.v1.UserInfo"),
  }),
  [`${ADMISSION}AdmissionResponse`]: struct("allowed uid", {
    allowed: boolean,
    auditAnnotations: { type: "object", additionalProperties: string },
    patch: { type: "string", format: "byte" },
    patchType: { type: "string", enum: ["JSONPatch"] },
    status: ref(`${META}Status`),
    uid: string,
    warnings: strings,
  }),
  [`${ADMISSION}AdmissionReview`]: kind("admission.k8s.io", "v1", "AdmissionReview", "", {
    request: ref(`${ADMISSION}AdmissionRequest`),
    response: ref(`${ADMISSION}AdmissionResponse`),
  }),

  [`${CRD}ConversionRequest`]: struct("desiredAPIVersion objects uid", {
    desiredAPIVersion: string,
    objects: { type: "array", items: raw },
    uid: string,
  }),
  [`${CRD}ConversionResponse`]: struct("convertedObjects result uid", {
    convertedObjects: { type: "array", items: raw },
    result: ref(`${META}Status`),
    uid: string,
  }),
  [`${CRD}ConversionReview`]: kind("apiextensions.k8s.io", "v1", "ConversionReview", "", {
    request: ref(`${CRD}ConversionRequest`),
    response: ref(`${CRD}ConversionResponse`),
  }),
};

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}
function listOf(name: string): Schema {
  return { type: "array", items: ref(name) };
}
function struct(required: string, properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", required: required.split(" ").filter((name) => name !== ""), properties };
}
function kind(
  group: string,
  version: string,
  name: string,
  required: string,
  properties: Readonly<Record<string, Schema>>,
): Schema {
  return {
    ...struct(required, { apiVersion: string, kind: string, ...properties }),
    "x-kubernetes-group-version-kind": [{ group, version, kind: name }],
  };
}
