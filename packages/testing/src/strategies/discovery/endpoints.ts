/**
 * Endpoints and EndpointSlices.
 */

import {
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
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { ipFamily, ipProblems } from "../validation/ip-rules.ts";

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
  },
  prepareForUpdate(object, old): void {
    const isChanged = ["endpoints", "ports", "addressType"].some(
      (member) => !isSemanticallyEqual(object[member], old[member]),
    );
    const isRelabelled = !isSemanticallyEqual(object.metadata.labels, old.metadata.labels);
    object.metadata.generation = (old.metadata.generation ?? 0) + (isChanged || isRelabelled ? 1 : 0);
  },
  validate: validateSlice,
  validateUpdate(errors, object, old): void {
    validateSlice(errors, object);
    if (object["addressType"] !== old["addressType"]) errors.declared.invalid("addressType", null, IMMUTABLE);
  },
};

function validateSlice(errors: FieldErrors, object: Fields): void {
  const type = textAt(object, "addressType");
  const endpoints = itemsAt(object, "endpoints");
  if (endpoints.length > 1000) errors.tooMany("endpoints", endpoints.length, 1000);
  for (const [index, endpoint] of endpoints.entries()) {
    const path = `endpoints[${index}]`;
    const addresses = textsAt(endpoint, "addresses");
    if (addresses.length === 0) errors.declared.required(`${path}.addresses`);
    for (const [i, address] of addresses.entries())
      validateSliceAddress(errors, `${path}.addresses[${i}]`, type, address);
    const hostname = at(endpoint, "hostname");
    if (typeof hostname === "string") errors.invalidEach(`${path}.hostname`, hostname, validateDns1123Label(hostname));
    const node = at(endpoint, "nodeName");
    if (typeof node === "string") errors.invalidEach(`${path}.nodeName`, node, validateDns1123Subdomain(node));
    validateHints(errors, `${path}.hints.forZones`, itemsAt(endpoint, "hints", "forZones"));
  }
  const names = new Set<string>();
  const ports = itemsAt(object, "ports");
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
  if (type === "") errors.declared.required("addressType");
  else if (!["FQDN", "IPv4", "IPv6"].includes(type))
    errors.declared.notSupported("addressType", type, ["FQDN", "IPv4", "IPv6"]);
}

function validateHints(errors: FieldErrors, path: string, zones: readonly Fields[]): void {
  if (zones.length > MAX_HINTS) errors.tooMany(path, zones.length, MAX_HINTS);
  const names = zones.map((zone) => textAt(zone, "name"));
  for (const [index, name] of names.entries()) {
    const here = `${path}[${index}].name`;
    if (names.indexOf(name) < index) errors.duplicate(here, name);
    errors.invalidEach(here, name, validateLabelValue(name));
  }
}

function validateSliceAddress(errors: FieldErrors, path: string, type: string, address: string): void {
  if (type === "FQDN") {
    errors.invalidEach(path, address, validateDns1123Subdomain(address));
    return;
  }
  if (type !== "IPv4" && type !== "IPv6") return;
  const problems = ipProblems(address);
  errors.invalidEach(path, address, problems);
  if (problems.length > 0) return;
  if (ipFamily(address) !== type) errors.invalid(path, address, `must be an ${type} address`);
  else validateEndpointAddress(errors, path, address);
}
