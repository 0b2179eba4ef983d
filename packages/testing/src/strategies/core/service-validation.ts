/**
 * Checks of Services.
 */
import { validateDns1123Label, validateDns1123Subdomain, validateLabelKey, validatePortNumber } from "bowline/core";
import { at, type Fields, fieldsAt, itemsAt, numberAt, stringMapAt, textAt, textsAt } from "../json-access.ts";
import { validatePortNumberOrName } from "../pod/handler-validation.ts";
import type { FieldErrors } from "../validation/field-errors.ts";
import { cidrProblems, ipFamily, ipProblems } from "../validation/ip-rules.ts";
import { validateLabels } from "../validation/metadata-validation.ts";
import { isExternallyAccessible, needsHealthCheck } from "./service.ts";

export function validateService(errors: FieldErrors, service: Fields): void {
  const spec = fieldsAt(service, "spec") ?? {};
  const type = textAt(spec, "type");
  const ports = itemsAt(spec, "ports");
  const addresses = textsAt(spec, "clusterIPs");
  const isHeadless = addresses.length === 1 && addresses[0] === "None";
  if (ports.length === 0 && !isHeadless && type !== "ExternalName") errors.required("spec.ports");
  if ((type === "LoadBalancer" || type === "NodePort") && isHeadless) {
    errors.invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`);
  }
  if (type === "ExternalName") validateExternalName(errors, spec);
  validatePorts(errors, ports);
  validateLabels(errors, "spec.selector", stringMapAt(spec, "selector"));
  validateAffinity(errors, spec);
  if (type !== "ExternalName") validateAddresses(errors, spec);
  for (const [index, address] of textsAt(spec, "externalIPs").entries()) {
    const field = `spec.externalIPs[${index}]`;
    const problems = ipProblems(address);
    errors.invalidEach(field, address, problems);
    if (problems.length === 0) validateEndpointAddress(errors, field, address);
  }
  errors.oneOf("spec.type", type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], "required");
  validatePortNumbers(errors, type, ports);
  for (const [index, range] of textsAt(spec, "loadBalancerSourceRanges").entries()) {
    if (index === 0 && type !== "LoadBalancer")
      errors.forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'");
    errors.invalidEach(`spec.LoadBalancerSourceRanges[${index}]`, range.trim(), cidrProblems(range.trim()));
  }
  if (at(spec, "allocateLoadBalancerNodePorts") !== undefined && type !== "LoadBalancer") {
    errors.forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
  }
  const balancer = textAt(spec, "loadBalancerClass");
  if (type === "LoadBalancer") {
    if (at(spec, "loadBalancerClass") !== undefined)
      errors.invalidEach("spec.loadBalancerClass", balancer, validateLabelKey(balancer));
  } else if (at(spec, "loadBalancerClass") !== undefined) {
    errors.forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
  }
  validateTrafficPolicies(errors, spec);
}

function validateExternalName(errors: FieldErrors, spec: Fields): void {
  for (const member of ["clusterIPs", "ipFamilies"]) {
    if (textsAt(spec, member).length > 0)
      errors.forbidden(`spec.${member}`, "may not be set for ExternalName services");
  }
  if (at(spec, "ipFamilyPolicy") !== undefined)
    errors.forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services");
  const name = textAt(spec, "externalName").replace(/\.$/, "");
  if (name === "") errors.required("spec.externalName");
  else errors.invalidEach("spec.externalName", name, validateDns1123Subdomain(name));
}

function validatePorts(errors: FieldErrors, ports: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    const name = textAt(port, "name");
    if (name === "" && ports.length > 1) errors.required(`${path}.name`);
    else if (name !== "") {
      errors.invalidEach(`${path}.name`, name, validateDns1123Label(name));
      if (names.has(name)) errors.duplicate(`${path}.name`, name);
      names.add(name);
    }
    const number = numberAt(port, "port") ?? 0;
    errors.invalidEach(`${path}.port`, number, validatePortNumber(number));
    errors.oneOf(`${path}.protocol`, textAt(port, "protocol"), ["SCTP", "TCP", "UDP"], "required");
    validatePortNumberOrName(errors, `${path}.targetPort`, port["targetPort"]);
    const application = textAt(port, "appProtocol");
    if (at(port, "appProtocol") !== undefined)
      errors.invalidEach(`${path}.appProtocol`, application, validateLabelKey(application));
  }
}

function validateAffinity(errors: FieldErrors, spec: Fields): void {
  const affinity = textAt(spec, "sessionAffinity");
  errors.oneOf("spec.sessionAffinity", affinity, ["ClientIP", "None"], "required");
  const config = fieldsAt(spec, "sessionAffinityConfig");
  if (affinity === "ClientIP") {
    const seconds = numberAt(config, "clientIP", "timeoutSeconds");
    if (seconds !== undefined && (seconds <= 0 || seconds > 86400)) {
      errors.invalid(
        "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
        seconds,
        "must be greater than 0 and less than 86400",
      );
    }
  } else if (affinity === "None" && config !== undefined) {
    errors.forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None");
  }
}

/** `clusterIP`, `clusterIPs` and the IP families; also checked alone, before addresses are given out. */
export function validateAddresses(errors: FieldErrors, spec: Fields): void {
  const first = textAt(spec, "clusterIP");
  const addresses = textsAt(spec, "clusterIPs");
  const families = textsAt(spec, "ipFamilies");
  if (first !== "") {
    if (addresses.length === 0) errors.required("spec.clusterIPs");
    else if (addresses[0] !== first) errors.invalid("spec.clusterIPs", addresses, "first value must match `clusterIP`");
  } else if (addresses.length > 0)
    errors.invalid("spec.clusterIPs", addresses, "must be empty when `clusterIP` is not specified");
  const seen = new Set<string>();
  for (const [index, family] of families.entries()) {
    errors.oneOf(`spec.ipFamilies[${index}]`, family, ["IPv4", "IPv6"]);
    if (seen.has(family)) errors.duplicate(`spec.ipFamilies[${index}]`, family);
    seen.add(family);
  }
  if (at(spec, "ipFamilyPolicy") !== undefined) {
    errors.oneOf("spec.ipFamilyPolicy", textAt(spec, "ipFamilyPolicy"), [
      "PreferDualStack",
      "RequireDualStack",
      "SingleStack",
    ]);
  }
  let isInvalid = false;
  for (const [index, address] of addresses.entries()) {
    if (index === 0 && address === "None") {
      if (addresses.length > 1) {
        isInvalid = true;
        errors.invalid("spec.clusterIPs", addresses, "'None' must be the first and only value");
      }
      continue;
    }
    const problems = ipProblems(address);
    isInvalid ||= problems.length > 0;
    errors.invalidEach(`spec.clusterIPs[${index}]`, address, problems);
  }
  if (addresses.length > 2) errors.invalid("spec.clusterIPs", addresses, "may only hold up to 2 values");
  if (isInvalid) return;
  if (addresses.length > 1 && new Set(addresses.map(ipFamily)).size < 2) {
    errors.invalid("spec.clusterIPs", addresses, "may specify no more than one IP for each IP family");
  }
  if (addresses[0] === "None") return;
  for (const [index, address] of addresses.entries()) {
    const family = families[index];
    if ((family === "IPv4" || family === "IPv6") && ipFamily(address) !== family) {
      errors.invalid(
        `spec.clusterIPs[${index}]`,
        address,
        `expected an ${family} value as indicated by \`ipFamilies[${index}]\``,
      );
    }
  }
}

function validatePortNumbers(errors: FieldErrors, type: string, ports: readonly Fields[]): void {
  const nodePorts = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, port] of ports.entries()) {
    if (type === "ClusterIP" && (numberAt(port, "nodePort") ?? 0) !== 0) {
      errors.forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
    }
  }
  for (const [index, port] of ports.entries()) {
    const nodePort = numberAt(port, "nodePort") ?? 0;
    const key = `${textAt(port, "protocol")}/${nodePort}`;
    if (nodePort === 0) continue;
    if (nodePorts.has(key)) errors.duplicate(`spec.ports[${index}].nodePort`, nodePort);
    nodePorts.add(key);
  }
  for (const [index, port] of ports.entries()) {
    const protocol = textAt(port, "protocol");
    const number = numberAt(port, "port") ?? 0;
    const key = `${protocol}/${number}`;
    if (numbers.has(key)) {
      const value = { Name: "", Protocol: protocol, AppProtocol: null, Port: number, TargetPort: 0, NodePort: 0 };
      errors.duplicate(`spec.ports[${index}]`, value);
    }
    numbers.add(key);
  }
}

function validateTrafficPolicies(errors: FieldErrors, spec: Fields): void {
  const external = textAt(spec, "externalTrafficPolicy");
  if (!isExternallyAccessible(spec)) {
    if (external !== "")
      errors.invalid("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services");
  } else errors.oneOf("spec.externalTrafficPolicy", external, ["Cluster", "Local"], "required");
  const health = numberAt(spec, "healthCheckNodePort") ?? 0;
  if (!needsHealthCheck(spec)) {
    if (health !== 0) {
      errors.invalid(
        "spec.healthCheckNodePort",
        health,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      );
    }
  } else if (health === 0) errors.required("spec.healthCheckNodePort");
  else errors.invalidEach("spec.healthCheckNodePort", health, validatePortNumber(health));
  const internal = textAt(spec, "internalTrafficPolicy");
  if (at(spec, "internalTrafficPolicy") === undefined) {
    if (["NodePort", "LoadBalancer", "ClusterIP"].includes(textAt(spec, "type")))
      errors.required("spec.internalTrafficPolicy");
  } else errors.oneOf("spec.internalTrafficPolicy", internal, ["Cluster", "Local"]);
  if (at(spec, "trafficDistribution") !== undefined) {
    const supported = ["PreferClose", "PreferSameZone", "PreferSameNode"];
    errors.oneOf("spec.trafficDistribution", textAt(spec, "trafficDistribution"), supported, "plain");
  }
}

/** An address that traffic can be sent to: not unspecified, loopback, link-local or multicast. */
export function validateEndpointAddress(errors: FieldErrors, field: string, address: string): void {
  if (address === "0.0.0.0" || address === "::") errors.invalid(field, address, `may not be unspecified (${address})`);
  if (/^127\./.test(address) || address === "::1")
    errors.invalid(field, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (/^169\.254\./.test(address) || /^fe80:/i.test(address)) {
    errors.invalid(field, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  }
  if (/^224\.0\.0\./.test(address) || /^ff02:/i.test(address)) {
    errors.invalid(field, address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
  }
}

/** What the update of a Service may not change. */
export function validateServiceUpdate(errors: FieldErrors, service: Fields, old: Fields): void {
  const spec = fieldsAt(service, "spec") ?? {};
  const before = fieldsAt(old, "spec") ?? {};
  validateServiceAddresses(errors, spec, before);
  const isBalanced = textAt(spec, "type") === "LoadBalancer" && textAt(before, "type") === "LoadBalancer";
  if (isBalanced && at(spec, "loadBalancerClass") !== at(before, "loadBalancerClass"))
    errors.invalid("spec.loadBalancerClass", at(spec, "loadBalancerClass") ?? null, "may not change once set");
}

function validateServiceAddresses(errors: FieldErrors, spec: Fields, before: Fields): void {
  if (textAt(spec, "type") === "ExternalName" || textAt(before, "type") === "ExternalName") return;
  for (const member of ["clusterIPs", "ipFamilies"]) {
    const [now, was] = [textsAt(spec, member), textsAt(before, member)];
    const wasHeadless = textsAt(before, "clusterIPs")[0] === "None";
    const isHeadless = textsAt(spec, "clusterIPs")[0] === "None";
    if (wasHeadless && isHeadless) continue;
    if (member === "ipFamilies" && wasHeadless !== isHeadless) continue;
    if (now.length === was.length) {
      for (const [index, value] of was.entries()) {
        if (value !== now[index])
          errors.invalid(`spec.${member}[${member === "ipFamilies" ? 0 : index}]`, now, "may not change once set");
      }
    } else if (was.length > now.length && now.length === 0) {
      errors.invalid(
        `spec.${member}[0]`,
        now,
        `primary ${member === "clusterIPs" ? "clusterIP" : "ipFamily"} can not be unset`,
      );
    } else if (was.length > 0 && now[0] !== was[0]) errors.invalid(`spec.${member}[0]`, now, "may not change once set");
  }
  if (
    needsHealthCheck(spec) &&
    needsHealthCheck(before) &&
    spec["healthCheckNodePort"] !== before["healthCheckNodePort"]
  ) {
    errors.forbidden("spec.healthCheckNodePort", "field is immutable");
  }
}

/** Where a load balancer is reached. */
export function validateBalancerAddresses(errors: FieldErrors, path: string, addresses: readonly Fields[]): void {
  for (const [index, address] of addresses.entries()) {
    const here = `${path}[${index}]`;
    const ip = textAt(address, "ip");
    const mode = at(address, "ipMode");
    if (ip !== "") errors.invalidEach(`${here}.ip`, ip, ipProblems(ip));
    if (mode === undefined) {
      if (ip !== "") errors.required(`${here}.ipMode`, "must be specified when `ip` is set");
    } else if (ip === "") errors.forbidden(`${here}.ipMode`, "may not be specified when `ip` is not set");
    else errors.oneOf(`${here}.ipMode`, String(mode), ["Proxy", "VIP"]);
    const hostname = textAt(address, "hostname");
    if (hostname === "") continue;
    errors.invalidEach(`${here}.hostname`, hostname, validateDns1123Subdomain(hostname));
    if (ipProblems(hostname).length === 0)
      errors.invalid(`${here}.hostname`, hostname, "must be a DNS name, not an IP address");
  }
}
