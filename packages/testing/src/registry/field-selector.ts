/**
 * Field selectors on a resource: equalities on the few fields that a kind can be selected by.
 */
import { goQuote, type ParsedFieldSelector } from "bowline/core";
import { badRequest } from "./status-error.ts";
import type { ApiObject, ResourceInfo, Strategy } from "./strategy.ts";

const USUAL_WORDS = "field label not supported: ";
/** How kinds refuse a field that convert field labels themselves. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  "/Pod": USUAL_WORDS,
  "/Node": USUAL_WORDS,
  "/ReplicationController": USUAL_WORDS,
  "/Event": USUAL_WORDS,
  "/Namespace": USUAL_WORDS,
  "/Secret": USUAL_WORDS,
  "/Service": USUAL_WORDS,
  "events.k8s.io/Event": USUAL_WORDS,
  "certificates.k8s.io/CertificateSigningRequest": USUAL_WORDS,
  "certificates.k8s.io/ClusterTrustBundle": USUAL_WORDS,
  "certificates.k8s.io/PodCertificateRequest": USUAL_WORDS,
  "batch/Job": "field label %q not supported for Job",
  "resource.k8s.io/ResourceSlice": "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ",
};

/** Whether an object is selected by its fields. */
type FieldMatcher = (object: ApiObject) => boolean;

/**
 * Turns a selector into a check of a resource's objects.
 * @throws StatusError 400 for a field that the kind cannot be selected by
 */
export function fieldMatcher(selector: ParsedFieldSelector, resource: ResourceInfo, strategy: Strategy): FieldMatcher {
  const checks = selector.requirements.map(({ field, operator, value }): FieldMatcher => {
    const read = fieldReader(field, resource, strategy);
    return (object) => (read(object) === value) === (operator === "=");
  });
  return (object) => checks.every((check) => check(object));
}

/** The value of `metadata.name` that a selector requires, by which authorization asks. */
export function requiredName(selector: ParsedFieldSelector): string | undefined {
  return selector.requirements.find(({ field, operator }) => field === "metadata.name" && operator === "=")?.value;
}

function fieldReader(field: string, resource: ResourceInfo, strategy: Strategy): (object: ApiObject) => string {
  if (field === "metadata.name") return (object) => object.metadata.name;
  if (field === "metadata.namespace" && hasNamespaceField(resource, strategy))
    return (object) => object.metadata.namespace ?? "";
  const read = strategy.selectableFields?.[field];
  if (read !== undefined) return read;
  if (strategy.fieldSelectorError !== undefined) throw badRequest(strategy.fieldSelectorError(field));
  const words = resource.isCustom ? "field label not supported: " : OWN_WORDS[`${resource.group}/${resource.kind}`];
  if (words !== undefined)
    throw badRequest(words.includes("%q") ? words.replace("%q", () => goQuote(field)) : words + field);
  throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

/** Built-in kinds without fields of their own share one list, in which the namespace is; so it selects cluster-wide kinds too. */
function hasNamespaceField(resource: ResourceInfo, strategy: Strategy): boolean {
  return resource.isNamespaced || (!resource.isCustom && strategy.selectableFields === undefined);
}
