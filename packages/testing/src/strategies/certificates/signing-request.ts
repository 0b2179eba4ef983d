/**
 * CertificateSigningRequests and what else `certificates.k8s.io` has.
 */

import {
  formatTime,
  goQuote,
  type ValidateName,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateNameIsDns1123Subdomain,
  validatePathSegmentName,
} from "bowline/core";
import { clone } from "../../merge/json-value.ts";
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
import { type KindRules, keep } from "../kind-rules.ts";
import { type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";

const USAGES = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

export const signingRequestRules: KindRules = {
  nameRule: validatePathSegmentName,
  prepareForCreate(object, context): void {
    const spec = ensureFields(object, "spec");
    for (const member of ["username", "uid", "groups", "extra"]) delete spec[member];
    spec["username"] = context.user.username;
    if (context.user.uid !== undefined && context.user.uid !== "") spec["uid"] = context.user.uid;
    spec["groups"] = [...context.user.groups];
    if (context.user.extra !== undefined && Object.keys(context.user.extra).length > 0)
      spec["extra"] = clone(context.user.extra);
    object["status"] = {};
  },
  prepareForUpdate(object, old): void {
    keep(object, old, "spec");
  },
  prepareForStatusUpdate(object, old, context): void {
    const conditions = itemsAt(object, "status", "conditions");
    const kept = itemsAt(old, "status", "conditions");
    // Approvals are written through their own subresource; here the old instances stay.
    for (const type of ["Approved", "Denied"]) {
      const now = conditions.findIndex((c) => c["type"] === type);
      const was = kept.find((c) => c["type"] === type);
      if (now >= 0 && was !== undefined) conditions[now] = clone(was);
    }
    if (conditions.length > 0) ensureFields(object, "status")["conditions"] = conditions;
    stampConditions(object, old, context);
  },
  prepareForSubresource(object, old, context): boolean {
    if (context.subresource !== "approval") return false;
    stampConditions(object, old, context);
    const conditions = ensureFields(object, "status")["conditions"];
    keep(object, old, "spec");
    keep(object, old, "status");
    const status = ensureFields(object, "status");
    if (conditions === undefined) delete status["conditions"];
    else status["conditions"] = conditions;
    return true;
  },
  validate: validateRequest,
  validateUpdate(errors, object, old, context): void {
    validateConditions(errors, object, old, context.subresource);
  },
  validateStatusUpdate(errors, object, old): void {
    validateConditions(errors, object, old, "status");
  },
  selectableFields: { "spec.signerName": (object) => textAt(object, "spec", "signerName") },
};

function stampConditions(object: ApiObject, old: ApiObject, context: StrategyContext): void {
  const now = formatTime(context.now());
  for (const condition of itemsAt(object, "status", "conditions")) {
    fillAbsent(condition, "lastUpdateTime", now);
    fillEmpty(condition, "status", "True");
    const was = itemsAt(old, "status", "conditions").find(
      (c) => c["type"] === condition["type"] && c["status"] === condition["status"],
    );
    fillAbsent(condition, "lastTransitionTime", was?.["lastTransitionTime"] ?? now);
  }
}

function validateRequest(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const problem = requestProblem(textAt(spec, "request"));
  if (problem !== undefined) errors.invalid("spec.request", at(spec, "request") ?? null, problem);
  const usages = textsAt(spec, "usages");
  if (usages.length === 0) errors.required("spec.usages");
  for (const [index, usage] of usages.entries()) {
    if (!USAGES.includes(usage)) errors.notSupported(`spec.usages[${index}]`, usage, USAGES);
  }
  for (const [index, usage] of usages.entries())
    if (usages.indexOf(usage) !== index) errors.duplicate(`spec.usages[${index}]`, usage);
  const signer = textAt(spec, "signerName");
  if (signer === "kubernetes.io/legacy-unknown")
    errors.invalid("spec.signerName", signer, "the legacy signerName is not allowed via this API version");
  else validateSignerName(errors, "spec.signerName", signer);
  const seconds = numberAt(spec, "expirationSeconds");
  if (seconds !== undefined && seconds < 600) {
    errors.invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)");
  }
}

function requestProblem(encoded: string): string | undefined {
  const pem = Buffer.from(encoded, "base64").toString("utf8");
  const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]+?)-----END \1-----/.exec(pem);
  if (block === null || (block[1] !== "CERTIFICATE REQUEST" && block[1] !== "NEW CERTIFICATE REQUEST")) {
    return "PEM block type must be CERTIFICATE REQUEST";
  }
  const der = Buffer.from(block[2] ?? "", "base64");
  return der[0] === 0x30 ? undefined : "asn1: structure error: tags don't match";
}

/** The name of a signer: `example.com/signer`. */
export function validateSignerName(errors: FieldErrors, field: string, name: string): void {
  if (name === "") {
    errors.required(field);
    return;
  }
  const [host = "", path = "", ...rest] = name.split("/");
  if (!name.includes("/") || rest.length > 0) {
    errors.invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
    return;
  }
  if (host.length > 253) errors.tooLong(field, 253);
  const labels = host.split(".");
  validateParts(errors, field, host, labels, validateDns1123Label);
  if (labels.length < 2) errors.invalid(field, host, "should be a domain with at least two segments separated by dots");
  validateParts(errors, field, path, path.split("."), validateDns1123Subdomain);
  if (name.length > 571) errors.tooLong(field, 571);
}

/** The first part that is wrong, and what is wrong with it. */
function validateParts(
  errors: FieldErrors,
  field: string,
  whole: string,
  parts: readonly string[],
  rule: (part: string) => string[],
): void {
  const bad = parts.find((part) => rule(part).length > 0);
  if (bad === undefined) return;
  for (const problem of rule(bad)) errors.invalid(field, whole, `validating label ${goQuote(bad)}: ${problem}`);
}

function validateConditions(errors: FieldErrors, object: Fields, old: Fields, subresource: string): void {
  const conditions = itemsAt(object, "status", "conditions");
  const types = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    const here = `status.conditions[${index}]`;
    const type = textAt(condition, "type");
    const status = textAt(condition, "status");
    if (type === "") errors.required(`${here}.type`);
    // The three that decide stand once they are there.
    const isDecision = ["Approved", "Denied", "Failed"].includes(type);
    if (status === "") errors.required(`${here}.status`);
    else errors.oneOf(`${here}.status`, status, isDecision ? ["True"] : ["True", "False", "Unknown"]);
    if (types.has(type)) errors.duplicate(`${here}.type`, type);
    types.add(type);
  }
  const before = itemsAt(old, "status", "conditions").map((c) => textAt(c, "type"));
  if (types.has("Approved") && types.has("Denied")) {
    const [approved, denied] = ["Approved", "Denied"].map((type) => `conditions[{"type": "${type}"}]`);
    const why = `must specify at most one of: \`${approved}\`, \`${denied}\``;
    errors.declared.invalid("status.conditions", `{${approved}, ${denied}}`, why);
  }
  for (const type of ["Approved", "Denied", "Failed"]) {
    if (before.includes(type) && !types.has(type))
      errors.forbidden("status.conditions", `updates may not remove a condition of type "${type}"`);
    const isOwn = type === "Failed" || subresource === "approval";
    if (!before.includes(type) && types.has(type) && !isOwn)
      errors.forbidden("status.conditions", `updates may not add a condition of type "${type}"`);
  }
  const certificate = textAt(old, "status", "certificate");
  if (certificate !== "" && textAt(object, "status", "certificate") !== certificate) {
    errors.forbidden("status.certificate", "updates may not modify existing certificate content");
  }
  const problem = certificateProblem(textAt(object, "status", "certificate"));
  if (problem !== undefined) errors.invalid("status.certificate", "<certificate data>", problem);
}

function certificateProblem(encoded: string): string | undefined {
  if (encoded === "") return undefined;
  const pem = Buffer.from(encoded, "base64").toString("utf8");
  const types = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g)].map(([, type]) => type);
  const other = types.find((type) => type !== "CERTIFICATE");
  if (other !== undefined) return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(other)}`;
  return types.length === 0 ? "must contain at least one CERTIFICATE PEM block" : undefined;
}

/** The bundles of a signer have its name in front. */
function bundleName(signer: string): ValidateName {
  if (signer === "") {
    const why = 'ClusterTrustBundle without signer name must not have ":" in its name';
    return (name, isPrefix) => (name.includes(":") ? [why] : validateNameIsDns1123Subdomain(name, isPrefix));
  }
  const prefix = `${signer.replaceAll("/", ":")}:`;
  const why = `ClusterTrustBundle for signerName ${signer} must be named with prefix ${prefix}`;
  return (name, isPrefix) =>
    name.startsWith(prefix) ? validateNameIsDns1123Subdomain(name.slice(prefix.length), isPrefix) : [why];
}

function validateBundle(errors: FieldErrors, object: Fields): void {
  const bundle = textAt(object, "spec", "trustBundle");
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(bundle))
    errors.invalid("spec.trustBundle", "<value omitted>", "at least one trust anchor must be provided");
}

export const clusterTrustBundleRules: KindRules = {
  allowUnconditionalUpdate: false,
  nameRuleFor: (object) => bundleName(textAt(object, "spec", "signerName")),
  validate: validateBundle,
  validateUpdate(errors, object, old): void {
    validateBundle(errors, object);
    const signer = textAt(object, "spec", "signerName");
    if (signer !== textAt(old, "spec", "signerName")) errors.invalid("spec.signerName", signer, IMMUTABLE);
  },
  selectableFields: { "spec.signerName": (object) => textAt(object, "spec", "signerName") },
};

export const podCertificateRequestRules: KindRules = {
  allowUnconditionalUpdate: false,
  statusKeepsMetadata: true,
  default: (object) => fillAbsent(ensureFields(object, "spec"), "maxExpirationSeconds", 86400),
  validateUpdate(errors, object, old): void {
    if (!isSemanticallyEqual(object["spec"], old["spec"])) errors.invalid("spec", object["spec"] ?? null, IMMUTABLE);
  },
  selectableFields: {
    "spec.signerName": (object) => textAt(object, "spec", "signerName"),
    "spec.podName": (object) => textAt(object, "spec", "podName"),
    "spec.nodeName": (object) => textAt(object, "spec", "nodeName"),
  },
};
