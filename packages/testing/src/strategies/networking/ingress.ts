/**
 * Ingresses, IngressClasses, ServiceCIDRs and IPAddresses.
 */
import {
  goQuote,
  type ValidateName,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateHttpPath,
  validatePathSegmentName,
  validatePortName,
  validatePortNumber,
  validateWildcardDns1123Subdomain,
} from "bowline/core";
import {
  at,
  type Fields,
  fieldsAt,
  fillAbsent,
  isSemanticallyEqual,
  itemsAt,
  numberAt,
  shownAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { child, type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { canonicalIp, cidrProblems, ipFamily, ipProblems } from "../validation/ip-rules.ts";

export const ingressRules: KindRules = {
  generation: ["spec"],
  validate(errors, object): void {
    validateIngress(errors, object);
    const annotation = object.metadata.annotations?.["kubernetes.io/ingress.class"];
    const name = at(object, "spec", "ingressClassName");
    if (annotation !== undefined && name !== undefined && annotation !== name) {
      errors.invalid(
        "annotations.kubernetes.io/ingress.class",
        annotation,
        "must match `ingressClassName` when both are specified",
      );
    }
  },
  validateUpdate: validateIngress,
  validateStatusUpdate(errors, object): void {
    for (const [index, ingress] of itemsAt(object, "status", "loadBalancer", "ingress").entries()) {
      const path = `status.loadBalancer.ingress[${index}]`;
      const ip = textAt(ingress, "ip");
      if (ip !== "") errors.invalidEach(`${path}.ip`, ip, ipProblems(ip));
      const hostname = textAt(ingress, "hostname");
      if (hostname === "") continue;
      errors.invalidEach(`${path}.hostname`, hostname, validateDns1123Subdomain(hostname));
      if (ipProblems(hostname).length === 0)
        errors.invalid(`${path}.hostname`, hostname, "must be a DNS name, not an IP address");
    }
  },
  warnings: (object, old) =>
    old !== undefined ||
    object.metadata.annotations?.["kubernetes.io/ingress.class"] === undefined ||
    at(object, "spec", "ingressClassName") !== undefined
      ? []
      : ["annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"],
};

function validateIngress(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const rules = itemsAt(spec, "rules");
  const backend = fieldsAt(spec, "defaultBackend");
  if (rules.length === 0 && backend === undefined)
    errors.invalid("spec", null, "either `defaultBackend` or `rules` must be specified");
  if (backend !== undefined) validateBackend(errors, "spec.defaultBackend", backend);
  for (const [index, rule] of rules.entries()) {
    const path = `spec.rules[${index}]`;
    const host = textAt(rule, "host");
    if (host !== "") {
      if (ipProblems(host).length === 0) errors.invalid(`${path}.host`, host, "must be a DNS name, not an IP address");
      errors.invalidEach(`${path}.host`, host, hostProblems(host));
    }
    const http = fieldsAt(rule, "http");
    if (http !== undefined) validatePaths(errors, `${path}.http.paths`, itemsAt(http, "paths"));
  }
  for (const [index, tls] of itemsAt(spec, "tls").entries()) {
    const path = `spec.tls[${index}]`;
    for (const [i, host] of textsAt(tls, "hosts").entries())
      errors.invalidEach(`${path}.hosts[${i}]`, host, hostProblems(host));
    const secret = textAt(tls, "secretName");
    if (secret !== "") errors.invalidEach(`${path}.secretName`, secret, validateDns1123Subdomain(secret));
  }
  const className = at(spec, "ingressClassName");
  if (typeof className === "string")
    errors.invalidEach("spec.ingressClassName", className, validateDns1123Subdomain(className));
}

function hostProblems(host: string): string[] {
  return host.includes("*") ? validateWildcardDns1123Subdomain(host) : validateDns1123Subdomain(host);
}

function validatePaths(errors: FieldErrors, path: string, paths: readonly Fields[]): void {
  if (paths.length === 0) errors.required(path);
  for (const [index, item] of paths.entries()) {
    const here = `${path}[${index}]`;
    const type = at(item, "pathType");
    const target = textAt(item, "path");
    if (type === undefined) {
      errors.required(child(here, "pathType"), "pathType must be specified");
      continue;
    }
    if (type === "Exact" || type === "Prefix") {
      if (!target.startsWith("/")) errors.invalid(child(here, "path"), target, "must be an absolute path");
      for (const part of ["//", "/./", "/../", "%2f", "%2F"]) {
        if (target.includes(part)) errors.invalid(child(here, "path"), target, `must not contain '${part}'`);
      }
      for (const end of ["/..", "/."])
        if (target.endsWith(end)) errors.invalid(child(here, "path"), target, `cannot end with '${end}'`);
    } else if (type === "ImplementationSpecific") {
      if (target !== "" && !target.startsWith("/"))
        errors.invalid(child(here, "path"), target, "must be an absolute path");
    } else errors.notSupported(child(here, "pathType"), type, ["Exact", "ImplementationSpecific", "Prefix"]);
    validateBackend(errors, child(here, "backend"), fieldsAt(item, "backend") ?? {});
  }
}

function validateBackend(errors: FieldErrors, path: string, backend: Fields): void {
  const resource = fieldsAt(backend, "resource");
  const service = fieldsAt(backend, "service");
  if (resource !== undefined && service !== undefined)
    errors.invalid(path, "", "cannot set both resource and service backends");
  else if (resource !== undefined) validateReference(errors, child(path, "resource"), resource);
  else if (service !== undefined) {
    const name = textAt(service, "name");
    if (name === "") errors.required(child(path, "service.name"));
    else errors.invalidEach(child(path, "service.name"), name, validateDns1123Label(name));
    const portName = textAt(service, "port", "name");
    const portNumber = numberAt(service, "port", "number") ?? 0;
    if (portName !== "" && portNumber !== 0) errors.invalid(path, "", "cannot set both port name & port number");
    else if (portName !== "")
      errors.invalidEach(child(path, "service.port.name"), portName, validatePortName(portName));
    else if (portNumber !== 0)
      errors.invalidEach(child(path, "service.port.number"), portNumber, validatePortNumber(portNumber));
    else errors.required(path, "port name or number is required");
  } else errors.invalid(path, "", "resource or service backend is required");
}

function validateReference(errors: FieldErrors, path: string, reference: Fields): void {
  const group = at(reference, "apiGroup");
  if (typeof group === "string") errors.invalidEach(child(path, "apiGroup"), group, validateDns1123Subdomain(group));
  for (const member of ["kind", "name"]) {
    const value = textAt(reference, member);
    if (value === "") errors.required(child(path, member));
    else errors.invalidEach(child(path, member), value, validatePathSegmentName(value, false));
  }
}

export const ingressClassRules: KindRules = {
  generation: ["spec"],
  default(object): void {
    fillAbsent(fieldsAt(object, "spec", "parameters"), "scope", "Cluster");
  },
  validate: validateIngressClass,
  validateUpdate(errors, object, old): void {
    const controller = textAt(object, "spec", "controller");
    if (controller !== textAt(old, "spec", "controller")) errors.invalid("spec.controller", controller, IMMUTABLE);
    validateIngressClass(errors, object);
  },
};

function validateIngressClass(errors: FieldErrors, object: Fields): void {
  const controller = textAt(object, "spec", "controller");
  if (Buffer.byteLength(controller) > 250) errors.tooLong("spec.controller", 250);
  validateDomainPath(errors, "spec.controller", controller);
  const parameters = fieldsAt(object, "spec", "parameters");
  if (parameters === undefined) return;
  const path = "spec.parameters";
  validateReference(errors, path, parameters);
  const scope = textAt(parameters, "scope");
  const namespace = at(parameters, "namespace");
  if (scope !== "Cluster" && scope !== "Namespace")
    errors.notSupported(`${path}.scope`, scope, ["Cluster", "Namespace"], true);
  else if (scope === "Namespace") {
    if (namespace === undefined) errors.required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'");
    else errors.invalidEach(`${path}.namespace`, namespace, validateDns1123Label(String(namespace)));
  } else if (namespace !== undefined) errors.forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'");
}

/** A path below a domain: `example.com/controller`. */
export function validateDomainPath(errors: FieldErrors, field: string, text: string): void {
  if (text === "") {
    errors.required(field);
    return;
  }
  const slash = text.indexOf("/");
  const [host, path] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash <= 0 || path === "") {
    errors.invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")');
    return;
  }
  errors.invalidEach(field, host, validateDns1123Subdomain(host));
  errors.invalidEach(field, path, validateHttpPath(path));
}

export const serviceCidrRules: KindRules = {
  statusKeepsMetadata: true,
  validate: (errors, object) => validateRanges(errors, textsAt(object, "spec", "cidrs")),
  validateUpdate(errors, object, old): void {
    const ranges = textsAt(object, "spec", "cidrs");
    const before = textsAt(old, "spec", "cidrs");
    // A second family may be added, nothing else.
    const isAdding = before.length === 1 && ranges.length === 2;
    if (!isAdding && before.length !== ranges.length) {
      errors.invalid("spec.cidrs", shownAt(object["spec"], "cidrs"), IMMUTABLE);
      return;
    }
    for (const [index, range] of before.entries()) {
      if (ranges[index] !== range) errors.invalid(`spec.cidrs[${index}]`, ranges[index], IMMUTABLE);
    }
    if (isAdding) validateRanges(errors, ranges);
  },
};

function validateRanges(errors: FieldErrors, ranges: readonly string[]): void {
  const field = "spec.cidrs";
  if (ranges.length === 0) errors.required(field, "at least one CIDR required");
  else if (ranges.length > 2) errors.invalid(field, { CIDRs: ranges }, "may only hold up to 2 values");
  else {
    for (const [index, range] of ranges.entries()) errors.invalidEach(`${field}[${index}]`, range, cidrProblems(range));
    const isValid = ranges.every((range) => cidrProblems(range).length === 0);
    const families = new Set(ranges.map((range) => ipFamily(range.split("/")[0] ?? "")));
    if (isValid && ranges.length > families.size) {
      const why = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
      errors.invalid(field, ranges, why);
    }
  }
}

/** The name is the address, in canonical form; a generated one can be none. */
const canonicalIpName: ValidateName = (name) => {
  const problems = ipProblems(name);
  if (problems.length > 0) return problems;
  const address = canonicalIp(name);
  return name === address ? [] : [`must be in canonical form (${goQuote(address)})`];
};

export const ipAddressRules: KindRules = {
  nameRule: canonicalIpName,
  validate: validateParent,
  validateUpdate(errors, object, old): void {
    validateParent(errors, object);
    if (!isSemanticallyEqual(at(object, "spec", "parentRef"), at(old, "spec", "parentRef"))) {
      errors.declared.invalid("spec.parentRef", null, IMMUTABLE);
    }
  },
};

/** What has the address. */
function validateParent(errors: FieldErrors, object: Fields): void {
  const parent = fieldsAt(object, "spec", "parentRef");
  if (parent === undefined) {
    errors.declared.required("spec.parentRef");
    return;
  }
  const group = textAt(parent, "group");
  if (group !== "") errors.invalidEach("spec.parentRef.group", group, validateDns1123Subdomain(group));
  for (const member of ["resource", "name", "namespace"]) {
    const value = textAt(parent, member);
    if (value !== "") errors.invalidEach(`spec.parentRef.${member}`, value, validatePathSegmentName(value, false));
    else if (member !== "namespace") errors.declared.required(`spec.parentRef.${member}`);
  }
}
