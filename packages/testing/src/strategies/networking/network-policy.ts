/**
 * NetworkPolicies.
 */
import { validatePortName, validatePortNumber } from "bowline/core";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  isEmpty,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { cidrWarnings } from "../validation/address-warnings.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { cidrContains, cidrProblems, isReadableCidr } from "../validation/ip-rules.ts";
import { validateLabelSelector } from "../validation/metadata-validation.ts";

export const networkPolicyRules: KindRules = {
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    for (const direction of ["ingress", "egress"]) {
      for (const rule of itemsAt(spec, direction)) {
        for (const port of itemsAt(rule, "ports")) fillAbsent(port, "protocol", "TCP");
      }
    }
    if (isEmpty(spec["policyTypes"]))
      spec["policyTypes"] = isEmpty(spec["egress"]) ? ["Ingress"] : ["Ingress", "Egress"];
  },
  warnings: networkWarnings,
  validate: validatePolicy,
  validateUpdate: validatePolicy,
};

function validatePolicy(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  validateLabelSelector(errors, "spec.podSelector", fieldsAt(spec, "podSelector"));
  for (const [direction, peers] of [
    ["ingress", "from"],
    ["egress", "to"],
  ] as const) {
    for (const [index, rule] of itemsAt(spec, direction).entries()) {
      const path = `spec.${direction}[${index}]`;
      for (const [i, port] of itemsAt(rule, "ports").entries()) validatePort(errors, `${path}.ports[${i}]`, port);
      for (const [i, peer] of itemsAt(rule, peers).entries()) validatePeer(errors, `${path}.${peers}[${i}]`, peer);
    }
  }
  const types = textsAt(spec, "policyTypes");
  if (types.length > 2) errors.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
  for (const [index, type] of types.entries()) errors.oneOf(`spec.policyTypes[${index}]`, type, ["Ingress", "Egress"]);
}

function validatePort(errors: FieldErrors, path: string, port: Fields): void {
  const protocol = at(port, "protocol");
  if (protocol !== undefined) errors.oneOf(child(path, "protocol"), String(protocol), ["TCP", "UDP", "SCTP"]);
  const number = at(port, "port");
  const end = numberAt(port, "endPort");
  if (number === undefined) {
    if (end !== undefined)
      errors.invalid(child(path, "endPort"), end, "may not be specified when `port` is not specified");
  } else if (typeof number === "number") {
    errors.invalidEach(child(path, "port"), number, validatePortNumber(number));
    if (end === undefined) return;
    if (end < number) errors.invalid(child(path, "endPort"), end, "must be greater than or equal to `port`");
    errors.invalidEach(child(path, "endPort"), end, validatePortNumber(end));
  } else {
    if (end !== undefined)
      errors.invalid(child(path, "endPort"), end, "may not be specified when `port` is non-numeric");
    errors.invalidEach(child(path, "port"), String(number), validatePortName(String(number)));
  }
}

function validatePeer(errors: FieldErrors, path: string, peer: Fields): void {
  const block = fieldsAt(peer, "ipBlock");
  let count = block === undefined ? 0 : 1;
  for (const member of ["podSelector", "namespaceSelector"]) {
    const selector = fieldsAt(peer, member);
    if (selector === undefined) continue;
    count++;
    validateLabelSelector(errors, child(path, member), selector);
  }
  if (block !== undefined) validateBlock(errors, child(path, "ipBlock"), block);
  if (count === 0) errors.required(path, "must specify a peer");
  else if (count > 1 && block !== undefined) errors.forbidden(path, "may not specify both ipBlock and another peer");
}

function validateBlock(errors: FieldErrors, path: string, block: Fields): void {
  const range = textAt(block, "cidr");
  if (range === "") {
    errors.declared.required(child(path, "cidr"));
    return;
  }
  const problems = cidrProblems(range);
  errors.invalidEach(child(path, "cidr"), range, problems);
  if (!isReadableCidr(range)) return;
  for (const [index, except] of textsAt(block, "except").entries()) {
    const here = `${child(path, "except")}[${index}]`;
    const wrong = cidrProblems(except);
    errors.invalidEach(here, except, wrong);
    const isStrict =
      !isReadableCidr(except) || (cidrContains(range, except) && range.split("/")[1] !== except.split("/")[1]);
    if (!isStrict) errors.invalid(here, except, "must be a strict subset of `cidr`");
  }
}

function networkWarnings(object: Fields): string[] {
  return [
    ["ingress", "from"],
    ["egress", "to"],
  ].flatMap(([direction = "", peers = ""]) =>
    itemsAt(object, "spec", direction).flatMap((rule, index) =>
      itemsAt(rule, peers).flatMap((peer, i) => {
        const block = fieldsAt(peer, "ipBlock");
        const path = `spec.${direction}[${index}].${peers}[${i}].ipBlock`;
        return [
          ...cidrWarnings(`${path}.cidr`, textAt(block, "cidr")),
          ...textsAt(block, "except").flatMap((except, k) => cidrWarnings(`${path}.except[${k}]`, except)),
        ];
      }),
    ),
  );
}
