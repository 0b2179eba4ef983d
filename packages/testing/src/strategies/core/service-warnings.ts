/**
 * Warnings about Services: fields that are old, or that the type of the Service ignores.
 */
import { type Fields, fieldsAt, textAt, textsAt } from "../json-access.ts";
import { cidrWarnings, ipWarnings } from "../validation/address-warnings.ts";

const OLD_HINTS = "service.kubernetes.io/topology-aware-hints";

/** Of a new Service and of a changed one alike. */
export function serviceWarnings(object: Fields): string[] {
  const spec = fieldsAt(object, "spec") ?? {};
  const warnings: string[] = [];
  if (fieldsAt(object, "metadata", "annotations")?.[OLD_HINTS] !== undefined) {
    warnings.push(`annotation ${OLD_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  const type = textAt(spec, "type");
  const isHeadless = type === "ClusterIP" && textAt(spec, "clusterIP") === "None";
  const isExternalName = type === "ExternalName";
  const externalIps = textsAt(spec, "externalIPs");
  if (textAt(spec, "clusterIP") !== "" && textAt(spec, "clusterIP") !== "None") {
    warnings.push(...addressWarnings("spec.clusterIPs", textsAt(spec, "clusterIPs")));
  }
  if (isHeadless) {
    if (textAt(spec, "loadBalancerIP") !== "") warnings.push("spec.loadBalancerIP is ignored for headless services");
    if (externalIps.length > 0) warnings.push("spec.externalIPs is ignored for headless services");
    if (textAt(spec, "sessionAffinity") !== "None") {
      warnings.push("spec.SessionAffinity is ignored for headless services");
    }
  }
  warnings.push(...addressWarnings("spec.externalIPs", externalIps));
  if (externalIps.length > 0 && !isHeadless && !isExternalName) {
    warnings.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  }
  warnings.push(...ipWarnings("spec.loadBalancerIP", textAt(spec, "loadBalancerIP")));
  for (const [index, range] of textsAt(spec, "loadBalancerSourceRanges").entries())
    warnings.push(...cidrWarnings(`spec.loadBalancerSourceRanges[${index}]`, range.trim()));
  if (isExternalName && externalIps.length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (!isExternalName && textAt(spec, "externalName") !== "") {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (textAt(spec, "trafficDistribution") === "PreferClose") {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
}

function addressWarnings(path: string, addresses: readonly string[]): string[] {
  return addresses.flatMap((address, index) => ipWarnings(`${path}[${index}]`, address));
}
