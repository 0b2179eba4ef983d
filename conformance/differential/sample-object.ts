/**
 * One object of each built-in kind with most of its fields set, and a status where the kind has one; read from `objects/`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { CORE_SCHEMA, load, loadAll } from "js-yaml";

/** Any object, as JSON. */
export type Fields = Record<string, unknown>;

/** An object of a kind, and where its kind is served. */
export interface SampleObject {
  readonly label: string;
  readonly object: Fields & { readonly apiVersion: string; readonly kind: string; readonly metadata: Fields };
  /** Sent to the subresource `status`. */
  readonly status?: unknown;
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** `/api/v1/namespaces/NS/pods` */
  collection(namespace: string): string;
}

const OBJECTS = new URL("objects/", import.meta.url);
const STATUSES = "statuses.yaml";
const CLUSTER_KINDS = new Set(
  (
    "Namespace Node PersistentVolume ClusterRole ClusterRoleBinding PriorityClass RuntimeClass FlowSchema PriorityLevelConfiguration APIService " +
    "ClusterTrustBundle CertificateSigningRequest CustomResourceDefinition IngressClass IPAddress ServiceCIDR StorageClass " +
    "VolumeAttributesClass CSIDriver CSINode VolumeAttachment DeviceClass ResourceSlice DeviceTaintRule StorageVersionMigration " +
    "ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding " +
    "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"
  ).split(" "),
);

/** All samples, by file and in the order of the files. */
export function readSampleObjects(): readonly SampleObject[] {
  const options = { schema: CORE_SCHEMA };
  const statuses = load(readFileSync(new URL(STATUSES, OBJECTS), "utf8"), options) as Fields;
  const names = readdirSync(OBJECTS).filter((name) => name.endsWith(".yaml") && name !== STATUSES);
  return names.sort().flatMap((name) =>
    (loadAll(readFileSync(new URL(name, OBJECTS), "utf8"), options) as SampleObject["object"][]).map((object) => {
      const label = `${object.apiVersion}/${object.kind}`;
      const plural = pluralOf(object.kind);
      const isNamespaced = !CLUSTER_KINDS.has(object.kind);
      const root = object.apiVersion.includes("/") ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
      return {
        label,
        object,
        plural,
        isNamespaced,
        ...(statuses[label] === undefined ? {} : { status: statuses[label] }),
        collection: (namespace) => (isNamespaced ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`),
      };
    }),
  );
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === "endpoints") return lower;
  if (lower.endsWith("y")) return `${lower.slice(0, -1)}ies`;
  return /(s|ss)$/.test(lower) ? `${lower}es` : `${lower}s`;
}
