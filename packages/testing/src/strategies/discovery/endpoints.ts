/**
 * Endpoints and EndpointSlices.
 */

import {
  goQuote,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateLabelKey,
  validateLabelValue,
  validatePortNumber,
} from "bowline/core";
import { validateEndpointAddress } from "../core/service-validation.ts";
import {
  at,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { ipWarnings } from "../validation/address-warnings.ts";
import { type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { canonicalIp, ipFamily, ipProblems } from "../validation/ip-rules.ts";
import { validateLabels } from "../validation/metadata-validation.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const MAX_HINTS = 8;

export const endpointsRules: KindRules = {
  allowCreateOnUpdate: true,
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  default(object): void {
    for (const subset of itemsAt(object, "subsets")) {
      for (const port of itemsAt(subset, "ports")) fillEmpty(port, "protocol", "TCP");
    }
  },
  warnings: (object) =>
    itemsAt(object, "subsets").flatMap((subset, index) =>
      ["addresses", "notReadyAddresses"].flatMap((list) =>
        itemsAt(subset, list).flatMap((address, i) =>
          ipWarnings(`subsets[${index}].${list}[${i}].ip`, textAt(address, "ip")),
        ),
      ),
    ),
  validate: validateEndpoints,
  validateUpdate: validateEndpoints,
};

function validateEndpoints(errors: FieldErrors, object: Fields): void {
  for (const [index, subset] of itemsAt(object, "subsets").entries()) {
    const path = `subsets[${index}]`;
    const ready = itemsAt(subset, "addresses");
    const notReady = itemsAt(subset, "notReadyAddresses");
    if (ready.length === 0 && notReady.length === 0)
      errors.required(path, "must specify `addresses` or `notReadyAddresses`");
    for (const [list, addresses] of [
      ["addresses", ready],
      ["notReadyAddresses", notReady],
    ] as const) {
      for (const [i, address] of addresses.entries()) validateAddress(errors, `${path}.${list}[${i}]`, address);
    }
    const ports = itemsAt(subset, "ports");
    for (const [i, port] of ports.entries()) {
      const here = `${path}.ports[${i}]`;
      const name = textAt(port, "name");
      if (name === "" && ports.length > 1) errors.required(`${here}.name`);
      else if (name !== "") errors.invalidEach(`${here}.name`, name, validateDns1123Label(name));
      const number = numberAt(port, "port") ?? 0;
      errors.invalidEach(`${here}.port`, number, validatePortNumber(number));
      errors.oneOf(`${here}.protocol`, textAt(port, "protocol"), PROTOCOLS, "required");
      const application = at(port, "appProtocol");
      if (typeof application === "string")
        errors.invalidEach(`${here}.appProtocol`, application, validateLabelKey(application));
    }
  }
}

function validateAddress(errors: FieldErrors, path: string, address: Fields): void {
  const ip = textAt(address, "ip");
  const problems = ipProblems(ip);
  errors.invalidEach(`${path}.ip`, ip, problems);
  const hostname = textAt(address, "hostname");
  if (hostname !== "") errors.invalidEach(`${path}.hostname`, hostname, validateDns1123Label(hostname));
  const node = at(address, "nodeName");
  if (typeof node === "string") errors.invalidEach(`${path}.nodeName`, node, validateDns1123Subdomain(node));
  if (problems.length === 0) validateEndpointAddress(errors, `${path}.ip`, ip);
  else errors.invalid(`${path}.ip`, ip, "must be a valid IP address");
}

export const endpointSliceRules: KindRules = {
  default(object): void {
    for (const port of itemsAt(object, "ports")) {
      fillAbsent(port, "name", "");
      fillAbsent(port, "protocol", "TCP");
    }
  },
  prepareForCreate(object): void {
    object.metadata.generation = 1;
    dropTopology(object);
  },
  prepareForUpdate(object, old): void {
    const isChanged = ["endpoints", "ports", "addressType"].some(
      (member) => !isSemanticallyEqual(object[member], old[member]),
    );
    const isRelabelled = !isSemanticallyEqual(object.metadata.labels, old.metadata.labels);
    object.metadata.generation = (old.metadata.generation ?? 0) + (isChanged || isRelabelled ? 1 : 0);
  },
  validate: (errors, object) => validateSlice(errors, object),
  warnings: (object) => [
    // The path is the real server's, though there is no spec.
    ...(object["addressType"] === "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : []),
    ...itemsAt(object, "endpoints").flatMap((endpoint, index) =>
      textsAt(endpoint, "addresses").flatMap((address, i) =>
        ipWarnings(`endpoints[${index}].addresses[${i}]`, address),
      ),
    ),
  ],
  validateUpdate(errors, object, old): void {
    validateSlice(errors, object, old);
    if (object["addressType"] !== old["addressType"]) errors.declared.invalid("addressType", null, IMMUTABLE);
  },
};

/** Topology is of `v1beta1`; in `v1` it is only kept, never begun. */
function dropTopology(object: Fields): void {
  for (const endpoint of itemsAt(object, "endpoints")) delete endpoint["deprecatedTopology"];
}

function validateSlice(errors: FieldErrors, object: Fields, old?: Fields): void {
  const type = textAt(object, "addressType");
  validateSlicePorts(errors, itemsAt(object, "ports"));
  // What older servers took is let be.
  if (old === undefined || !isSemanticallyEqual(object["endpoints"], old["endpoints"]))
    validateSliceEndpoints(errors, itemsAt(object, "endpoints"), type);
  if (type === "") errors.declared.required("addressType");
  else if (!["FQDN", "IPv4", "IPv6"].includes(type))
    errors.declared.notSupported("addressType", type, ["FQDN", "IPv4", "IPv6"]);
}

function validateSlicePorts(errors: FieldErrors, ports: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `ports[${index}]`;
    const name = textAt(port, "name");
    if (name !== "") errors.invalidEach(`${path}.name`, name, validateDns1123Label(name));
    if (names.has(name)) errors.duplicate(`${path}.name`, name);
    names.add(name);
    const protocol = at(port, "protocol");
    if (protocol === undefined) errors.required(`${path}.protocol`);
    else errors.oneOf(`${path}.protocol`, String(protocol), PROTOCOLS);
    const application = at(port, "appProtocol");
    if (typeof application === "string")
      errors.invalidEach(`${path}.appProtocol`, application, validateLabelKey(application));
  }
}

function validateSliceEndpoints(errors: FieldErrors, endpoints: readonly Fields[], type: string): void {
  if (endpoints.length > 1000) {
    errors.tooMany("endpoints", endpoints.length, 1000);
    return;
  }
  for (const [index, endpoint] of endpoints.entries()) {
    const path = `endpoints[${index}]`;
    const addresses = textsAt(endpoint, "addresses");
    if (addresses.length === 0) errors.declared.required(`${path}.addresses`);
    for (const [i, address] of addresses.entries()) validateSliceAddress(errors, `${path}.addresses`, i, type, address);
    const node = at(endpoint, "nodeName");
    if (typeof node === "string") errors.invalidEach(`${path}.nodeName`, node, validateDns1123Subdomain(node));
    validateLabels(errors, `${path}.deprecatedTopology`, stringMapAt(endpoint, "deprecatedTopology"));
    const hostname = at(endpoint, "hostname");
    if (typeof hostname === "string") errors.invalidEach(`${path}.hostname`, hostname, validateDns1123Label(hostname));
    const hints = fieldsAt(endpoint, "hints");
    if (hints !== undefined && validateHints(errors, `${path}.hints.forZones`, hints["forZones"], validateLabelValue))
      validateHints(errors, `${path}.hints.forNodes`, hints["forNodes"], validateDns1123Subdomain);
  }
}

/** Says whether they are few enough to look at more. */
function validateHints(errors: FieldErrors, path: string, hints: unknown, rule: (name: string) => string[]): boolean {
  const names = (Array.isArray(hints) ? hints : []).map((hint) => textAt(hint, "name"));
  if (names.length > MAX_HINTS) {
    errors.tooMany(path, names.length, MAX_HINTS);
    return false;
  }
  for (const [index, name] of names.entries()) {
    const here = `${path}[${index}].name`;
    if (names.indexOf(name) < index) errors.duplicate(here, name);
    errors.invalidEach(here, name, rule(name));
  }
  return true;
}

function validateSliceAddress(errors: FieldErrors, path: string, index: number, type: string, address: string): void {
  const here = `${path}[${index}]`;
  if (type === "FQDN") {
    errors.invalidEach(here, address, validateFullyQualifiedName(address));
    return;
  }
  if (type !== "IPv4" && type !== "IPv6") return;
  const problems = ipProblems(address);
  const canonical = problems.length === 0 ? canonicalIp(address) : address;
  // IPv6 came later, and with one spelling only.
  if (type === "IPv6" && canonical !== address) problems.push(`must be in canonical form (${goQuote(canonical)})`);
  errors.invalidEach(here, address, problems);
  if (problems.length > 0) return;
  if (ipFamily(address) !== type) errors.invalid(path, address, `must be an ${type} address`);
  validateEndpointAddress(errors, here, address);
}

function validateFullyQualifiedName(name: string): string[] {
  const bare = name.replace(/\.$/, "");
  const problems = validateDns1123Subdomain(bare);
  if (problems.length > 0) return problems;
  if (bare.split(".").length < 2) return ["should be a domain with at least two segments separated by dots"];
  return bare.split(".").flatMap((label) => validateDns1123Label(label));
}
