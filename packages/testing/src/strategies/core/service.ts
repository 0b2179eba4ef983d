/**
 * Services: defaults, and addresses and node ports that are given out before anything is validated.
 */

import { validateNameIsDns1123Label, validatePathSegmentName } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import { invalid } from "../../registry/status-error.ts";
import type { ApiObject, StrategyContext } from "../../registry/strategy.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { FieldErrors } from "../validation/field-errors.ts";
import { cidrContains, ipFamily } from "../validation/ip-rules.ts";
import {
  validateAddresses,
  validateBalancerAddresses,
  validateService,
  validateServiceUpdate,
} from "./service-validation.ts";
import { serviceWarnings } from "./service-warnings.ts";

/** What services get addresses from; the first one is the API server's own. */
const SERVICE_RANGE = "10.0.0.0/24";
const NODE_PORTS = { first: 30000, last: 32767 };

export const serviceRules: KindRules = {
  nameRule: validateNameIsDns1123Label,
  allowCreateOnUpdate: true,
  default: defaultService,
  prepareForCreate(object, context): void {
    const spec = ensureFields(object, "spec");
    if (textAt(spec, "clusterIP") !== "" && textsAt(spec, "clusterIPs").length === 0)
      spec["clusterIPs"] = [textAt(spec, "clusterIP")];
    allocateAll(object, undefined, context);
  },
  patchFromLive(object, old): void {
    takeAllocated(ensureFields(object, "spec"), fieldsAt(old, "spec") ?? {});
  },
  prepareForUpdate(object, old, context): void {
    const spec = ensureFields(object, "spec");
    const before = fieldsAt(old, "spec") ?? {};
    takeAllocated(spec, before);
    normalizeAddresses(spec, before);
    dropWhatTheTypeLacks(object, spec, before);
    allocateAll(object, old, context);
  },
  validate(errors, object): void {
    validateService(errors, object);
  },
  validateUpdate(errors, object, old): void {
    validateServiceUpdate(errors, object, old);
    validateService(errors, object);
  },
  validateStatusUpdate(errors, object): void {
    const path = "status.loadBalancer.ingress";
    if (
      textAt(object, "spec", "type") !== "LoadBalancer" &&
      itemsAt(object, "status", "loadBalancer", "ingress").length > 0
    )
      errors.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
    else validateBalancerAddresses(errors, path, itemsAt(object, "status", "loadBalancer", "ingress"));
  },
  warnings: serviceWarnings,
  selectableFields: {
    "spec.clusterIP": (object) => textAt(object, "spec", "clusterIP"),
    "spec.type": (object) => textAt(object, "spec", "type"),
  },
  deletion: { returnsObject: true },
};

function defaultService(object: ApiObject): void {
  const spec = ensureFields(object, "spec");
  fillEmpty(spec, "sessionAffinity", "None");
  if (spec["sessionAffinity"] === "None") delete spec["sessionAffinityConfig"];
  else if (
    spec["sessionAffinity"] === "ClientIP" &&
    numberAt(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds") === undefined
  ) {
    spec["sessionAffinityConfig"] = { clientIP: { timeoutSeconds: 10800 } };
  }
  fillEmpty(spec, "type", "ClusterIP");
  for (const port of itemsAt(spec, "ports")) {
    fillEmpty(port, "protocol", "TCP");
    fillEmpty(port, "targetPort", port["port"] ?? 0);
  }
  const type = textAt(spec, "type");
  if (isExternallyAccessible(spec)) fillEmpty(spec, "externalTrafficPolicy", "Cluster");
  if (["ClusterIP", "NodePort", "LoadBalancer"].includes(type)) fillAbsent(spec, "internalTrafficPolicy", "Cluster");
  if (type === "LoadBalancer") {
    fillAbsent(spec, "allocateLoadBalancerNodePorts", true);
    for (const ingress of itemsAt(object, "status", "loadBalancer", "ingress")) {
      if (textAt(ingress, "ip") !== "") fillAbsent(ingress, "ipMode", "VIP");
    }
  }
}

/** Whether traffic from outside the cluster can come in. */
export function isExternallyAccessible(spec: Fields): boolean {
  const type = textAt(spec, "type");
  return (
    type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && textsAt(spec, "externalIPs").length > 0)
  );
}

export function needsHealthCheck(spec: Fields): boolean {
  return textAt(spec, "type") === "LoadBalancer" && textAt(spec, "externalTrafficPolicy") === "Local";
}

function needsClusterIp(spec: Fields): boolean {
  return textAt(spec, "type") !== "ExternalName";
}

function needsNodePort(spec: Fields): boolean {
  return ["NodePort", "LoadBalancer"].includes(textAt(spec, "type"));
}

function nodePortsOf(spec: Fields): number[] {
  return itemsAt(spec, "ports")
    .map((port) => numberAt(port, "nodePort") ?? 0)
    .filter((port) => port !== 0);
}

/** Lets clients leave out what was given out to the Service before. */
function takeAllocated(spec: Fields, before: Fields): void {
  if (needsClusterIp(before) && needsClusterIp(spec)) {
    fillEmpty(spec, "clusterIP", before["clusterIP"]);
    if (textsAt(before, "clusterIPs").length > 0) fillEmpty(spec, "clusterIPs", clone(before["clusterIPs"]));
  }
  if (needsNodePort(before) && needsNodePort(spec)) {
    const kept = new Set(nodePortsOf(before).filter((port) => nodePortsOf(spec).includes(port)));
    for (const port of itemsAt(spec, "ports")) {
      if ((numberAt(port, "nodePort") ?? 0) !== 0) continue;
      const old = itemsAt(before, "ports").findLast((other) => textAt(other, "name") === textAt(port, "name"));
      const value = numberAt(old, "nodePort") ?? 0;
      if (value !== 0 && !kept.has(value)) port["nodePort"] = value;
    }
  }
  if (needsHealthCheck(before) && needsHealthCheck(spec))
    fillEmpty(spec, "healthCheckNodePort", before["healthCheckNodePort"] ?? 0);
}

/** Follows a change of `clusterIP` in `clusterIPs`, for clients that know only the former. */
function normalizeAddresses(spec: Fields, before: Fields): void {
  const [now, old] = [textAt(spec, "clusterIP"), textAt(before, "clusterIP")];
  if (now === old) return;
  if (!isSemanticallyEqual(spec["clusterIPs"], before["clusterIPs"])) return;
  if (old !== "" && now === "") delete spec["clusterIPs"];
  else spec["clusterIPs"] = [now];
}

/** A change of type drops what only the old type had, where the client did not change it as well. */
function dropWhatTheTypeLacks(object: ApiObject, spec: Fields, before: Fields): void {
  const same = (member: string) => isSemanticallyEqual(spec[member], before[member]);
  if (needsClusterIp(before) && !needsClusterIp(spec)) {
    if (same("clusterIP") && same("clusterIPs")) {
      delete spec["clusterIP"];
      delete spec["clusterIPs"];
    }
    if (same("ipFamilies")) delete spec["ipFamilies"];
    if (same("ipFamilyPolicy")) delete spec["ipFamilyPolicy"];
  }
  if (
    needsNodePort(before) &&
    !needsNodePort(spec) &&
    nodePortsOf(spec).every((port) => nodePortsOf(before).includes(port))
  ) {
    for (const port of itemsAt(spec, "ports")) delete port["nodePort"];
  }
  if (needsHealthCheck(before) && !needsHealthCheck(spec) && same("healthCheckNodePort"))
    delete spec["healthCheckNodePort"];
  const [was, is] = [textAt(before, "type"), textAt(spec, "type")];
  if (was === "LoadBalancer" && is !== "LoadBalancer") {
    if (same("allocateLoadBalancerNodePorts")) delete spec["allocateLoadBalancerNodePorts"];
    if (same("loadBalancerClass")) delete spec["loadBalancerClass"];
  }
  if (isExternallyAccessible(before) && !isExternallyAccessible(spec) && same("externalTrafficPolicy"))
    delete spec["externalTrafficPolicy"];
  if (was !== "ExternalName" && is === "ExternalName" && same("internalTrafficPolicy"))
    delete spec["internalTrafficPolicy"];
  if (is !== "LoadBalancer") object["status"] = { ...fieldsAt(object, "status"), loadBalancer: {} };
}

function allocateAll(object: ApiObject, old: ApiObject | undefined, context: StrategyContext): void {
  const spec = ensureFields(object, "spec");
  const before = fieldsAt(old, "spec") ?? {};
  const refuse = (fill: (errors: FieldErrors) => void) => {
    const errors = new FieldErrors();
    fill(errors);
    if (errors.hasErrors) throw invalid({ group: "", name: "Service" }, object.metadata.name ?? "", errors.all());
  };
  if (needsClusterIp(spec)) {
    fillFamilyPolicy(spec, before);
    refuse((errors) => validateAddresses(errors, spec));
    refuse((errors) => fillFamilies(errors, spec));
    refuse((errors) => allocateAddress(errors, spec, before, context, object.metadata.name ?? ""));
  }
  refuse((errors) => allocateNodePorts(errors, spec, before, context));
  if (needsHealthCheck(spec) && (numberAt(spec, "healthCheckNodePort") ?? 0) === 0) {
    spec["healthCheckNodePort"] = Number(context.allocate("nodePort"));
  }
}

function fillFamilyPolicy(spec: Fields, before: Fields): void {
  const isHeadlessWithoutSelector =
    textAt(spec, "clusterIP") === "None" && Object.keys(fieldsAt(spec, "selector") ?? {}).length === 0;
  fillAbsent(
    spec,
    "ipFamilyPolicy",
    before["ipFamilyPolicy"] ?? (isHeadlessWithoutSelector ? "RequireDualStack" : "SingleStack"),
  );
}

function fillFamilies(errors: FieldErrors, spec: Fields): void {
  const families = textsAt(spec, "ipFamilies");
  const policy = textAt(spec, "ipFamilyPolicy");
  const addresses = textsAt(spec, "clusterIPs");
  const path = "spec.ipFamilyPolicy";
  if (policy === "SingleStack") {
    if (addresses.length === 2)
      errors.invalid(
        path,
        policy,
        "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified",
      );
    if (families.length === 2)
      errors.invalid(
        path,
        policy,
        "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
      );
  }
  for (const [index, address] of addresses.entries()) {
    if (address === "None") break;
    if (index < families.length) continue;
    const family = ipFamily(address);
    if (family !== "IPv4")
      errors.invalid(`spec.clusterIPs[${index}]`, addresses, `${family} is not configured on this cluster`);
    else families.push(family);
  }
  if (errors.hasErrors) return;
  const hasSelector = Object.keys(fieldsAt(spec, "selector") ?? {}).length > 0;
  if (textAt(spec, "clusterIP") === "None" && !hasSelector) {
    if (families.length === 0) families.push("IPv4");
    if (families.length < 2 && policy !== "SingleStack") families.push(families[0] === "IPv4" ? "IPv6" : "IPv4");
  } else {
    if (policy === "RequireDualStack")
      errors.invalid(path, policy, "this cluster is not configured for dual-stack services");
    for (const [index, family] of families.entries()) {
      if (family !== "IPv4") errors.invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster");
    }
    if (families.length === 0) families.push("IPv4");
  }
  spec["ipFamilies"] = families;
}

function allocateAddress(
  errors: FieldErrors,
  spec: Fields,
  before: Fields,
  context: StrategyContext,
  name: string,
): void {
  const addresses = textsAt(spec, "clusterIPs");
  const wanted = addresses[0] ?? "";
  if (wanted === "None") return;
  if (wanted === "") {
    const given = context.allocate("clusterIP");
    // The address is an object too, which names its Service.
    const [problem] = name === "" ? [] : validatePathSegmentName(name, false);
    const why = problem === undefined ? "Required value" : `Invalid value: ${JSON.stringify(name)}: ${problem}`;
    if ((name === "" || problem !== undefined) && !context.dryRun) {
      const refusal = `IPAddress.networking.k8s.io ${JSON.stringify(given)} is invalid: spec.parentRef.name: ${why}`;
      errors.invalid("spec.clusterIPs", [""], `failed to allocate IP: ${refusal}`);
      return;
    }
    spec["clusterIP"] = given;
    spec["clusterIPs"] = [given];
    return;
  }
  if (textsAt(before, "clusterIPs").includes(wanted)) return;
  const fail = (why: string) => errors.invalid("spec.clusterIPs", addresses, `failed to allocate IP ${wanted}: ${why}`);
  if (!cidrContains(SERVICE_RANGE, `${wanted}/32`)) fail("the provided network does not match the current range");
  else if (context.allocate("clusterIP", wanted) === "") fail("provided IP is already allocated");
}

function allocateNodePorts(errors: FieldErrors, spec: Fields, before: Fields, context: StrategyContext): void {
  if (!["NodePort", "LoadBalancer"].includes(textAt(spec, "type"))) return;
  const mayAllocate = textAt(spec, "type") === "NodePort" || at(spec, "allocateLoadBalancerNodePorts") !== false;
  const had = new Set(nodePortsOf(before));
  const taken = new Map<unknown, number>();
  for (const [index, port] of itemsAt(spec, "ports").entries()) {
    const wanted = numberAt(port, "nodePort") ?? 0;
    if (wanted === 0) {
      if (!mayAllocate) continue;
      const shared = taken.get(port["port"]);
      const given = shared ?? Number(context.allocate("nodePort"));
      port["nodePort"] = given;
      taken.set(port["port"], given);
      continue;
    }
    const isShared = taken.get(port["port"]) === wanted;
    const isTaken = !isShared && [...taken.values()].includes(wanted);
    taken.set(port["port"], wanted);
    if (had.has(wanted) || isShared) continue;
    const path = `spec.ports[${index}].nodePort`;
    const isOutside = wanted < NODE_PORTS.first || wanted > NODE_PORTS.last;
    // A dry run takes no port, so nobody looks at its range.
    if (isOutside && context.dryRun) continue;
    if (isOutside) {
      const range = `${NODE_PORTS.first}-${NODE_PORTS.last}`;
      errors.invalid(path, wanted, `provided port is not in the valid range. The range of valid ports is ${range}`);
    } else if (isTaken || context.allocate("nodePort", String(wanted)) === "")
      errors.invalid(path, wanted, "provided port is already allocated");
    if (errors.hasErrors) return;
  }
}
