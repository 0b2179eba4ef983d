/**
 * Warnings about Services: fields that are old, or that the type of the Service ignores.
 */
import { goQuote } from "bowline/core";
import { type Fields, fieldsAt, textAt, textsAt } from "../json-access.ts";
import { canonicalIp, ipProblems } from "../validation/ip-rules.ts";

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
  warnings.push(...addressWarning("spec.loadBalancerIP", textAt(spec, "loadBalancerIP")));
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
  return addresses.flatMap((address, index) => addressWarning(`${path}[${index}]`, address));
}

/** IPv6 has many spellings of one address. */
function addressWarning(path: string, address: string): string[] {
  if (!address.includes(":") || ipProblems(address).length > 0) return [];
  const canonical = canonicalIp(address);
  if (canonical === address) return [];
  return [`${path}: IPv6 address ${goQuote(address)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}
