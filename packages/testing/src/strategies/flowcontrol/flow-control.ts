/**
 * FlowSchemas and PriorityLevelConfigurations.
 */
import { validateDns1123Label, validateDns1123Subdomain } from "bowline/core";
import {
  ensureFields,
  type Fields,
  fieldsAt,
  fillAbsent,
  fillEmpty,
  isTrueAt,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";

const MAX_PRECEDENCE = 10_000;
const MAX_QUEUES = 10_000_000;
const MAX_ENTROPY_BITS = 60;
const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
/** Kinds of subjects, and the member that holds each. */
const SUBJECTS: Readonly<Record<string, string>> = { Group: "group", ServiceAccount: "serviceAccount", User: "user" };

export const flowSchemaRules: KindRules = {
  generation: ["spec"],
  statusKeepsMetadata: true,
  validateStatusUpdate: validateConditions,
  default(object): void {
    fillEmpty(ensureFields(object, "spec"), "matchingPrecedence", 1000);
  },
  validate: (errors, object) => validateFlowSchema(errors, object.metadata.name, fieldsAt(object, "spec") ?? {}),
  validateUpdate: (errors, object) => validateFlowSchema(errors, object.metadata.name, fieldsAt(object, "spec") ?? {}),
};

function validateConditions(errors: FieldErrors, object: Fields): void {
  const types = itemsAt(object, "status", "conditions").map((condition) => textAt(condition, "type"));
  for (const [index, type] of types.entries()) {
    const field = `status.conditions[${index}].type`;
    if (types.indexOf(type) < index) errors.duplicate(field, type);
    if (type === "") errors.required(field);
  }
}

function validateFlowSchema(errors: FieldErrors, name: string, spec: Fields): void {
  const precedence = numberAt(spec, "matchingPrecedence") ?? 0;
  const field = "spec.matchingPrecedence";
  if (precedence <= 0) errors.invalid(field, precedence, "must be a positive value");
  if (precedence > MAX_PRECEDENCE) errors.invalid(field, precedence, `must not be greater than ${MAX_PRECEDENCE}`);
  if (precedence === 1 && name !== "exempt")
    errors.invalid(field, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
  const method = fieldsAt(spec, "distinguisherMethod");
  const methods = ["ByNamespace", "ByUser"];
  if (method !== undefined && !methods.includes(textAt(method, "type")))
    errors.notSupported("spec.distinguisherMethod.type", { Type: textAt(method, "type") }, methods);
  const level = textAt(spec, "priorityLevelConfiguration", "name");
  if (level === "") errors.required("spec.priorityLevelConfiguration.name", "must reference a priority level");
  else errors.invalidEach("spec.priorityLevelConfiguration.name", level, validateDns1123Subdomain(level));
  for (const [index, rule] of itemsAt(spec, "rules").entries()) validateRule(errors, `spec.rules[${index}]`, rule);
}

function validateRule(errors: FieldErrors, path: string, rule: Fields): void {
  const subjects = itemsAt(rule, "subjects");
  if (subjects.length === 0) errors.required(child(path, "subjects"), "subjects must contain at least one value");
  for (const [index, subject] of subjects.entries())
    validateSubject(errors, `${child(path, "subjects")}[${index}]`, subject);
  const resourceRules = itemsAt(rule, "resourceRules");
  const otherRules = itemsAt(rule, "nonResourceRules");
  if (resourceRules.length === 0 && otherRules.length === 0)
    errors.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
  for (const [index, item] of resourceRules.entries())
    validateResourceRule(errors, `${child(path, "resourceRules")}[${index}]`, item);
  for (const [index, item] of otherRules.entries())
    validateNonResourceRule(errors, `${child(path, "nonResourceRules")}[${index}]`, item);
}

function validateSubject(errors: FieldErrors, path: string, subject: Fields): void {
  const kind = textAt(subject, "kind");
  const expected = SUBJECTS[kind];
  if (expected === undefined) {
    errors.notSupported(child(path, "kind"), kind, Object.keys(SUBJECTS));
    return;
  }
  const fields = fieldsAt(subject, expected);
  const here = child(path, expected);
  if (fields === undefined) errors.required(here, `${expected} is required when subject kind is '${kind}'`);
  else {
    const name = textAt(fields, "name");
    if (name === "") errors.required(child(here, "name"));
    else if (kind === "ServiceAccount" && name !== "*")
      errors.invalidEach(child(here, "name"), name, validateDns1123Subdomain(name));
    if (kind === "ServiceAccount") validateSubjectNamespace(errors, child(here, "namespace"), fields);
  }
  for (const [otherKind, member] of [
    ["ServiceAccount", "serviceAccount"],
    ["User", "user"],
    ["Group", "group"],
  ] as const) {
    if (member !== expected && fieldsAt(subject, member) !== undefined)
      errors.forbidden(child(path, member), `${member} is forbidden when subject kind is not '${otherKind}'`);
  }
}

function validateSubjectNamespace(errors: FieldErrors, field: string, account: Fields): void {
  const namespace = textAt(account, "namespace");
  if (namespace === "") errors.required(field, "must specify namespace for service account");
  else errors.invalidEach(field, namespace, validateDns1123Label(namespace));
}

function validateVerbs(errors: FieldErrors, field: string, verbs: readonly string[]): void {
  if (verbs.length === 0) errors.required(field, "verbs must contain at least one value");
  else if (verbs.includes("*")) {
    if (verbs.length > 1) errors.invalid(field, verbs, "if '*' is present, must not specify other verbs");
  } else if (!verbs.every((verb) => VERBS.includes(verb))) errors.notSupported(field, verbs, VERBS);
}

function validateResourceRule(errors: FieldErrors, path: string, rule: Fields): void {
  validateVerbs(errors, child(path, "verbs"), textsAt(rule, "verbs"));
  for (const [member, one, many] of [
    ["apiGroups", "api group", "api groups"],
    ["resources", "resource", "resources"],
  ] as const) {
    const values = textsAt(rule, member);
    if (values.length === 0) errors.required(child(path, member), `resource rules must supply at least one ${one}`);
    else if (values.length > 1 && values.includes("*"))
      errors.invalid(child(path, member), values, `if '*' is present, must not specify other ${many}`);
  }
  const namespaces = textsAt(rule, "namespaces");
  const field = child(path, "namespaces");
  if (namespaces.length === 0 && !isTrueAt(rule, "clusterScope"))
    errors.required(field, "resource rules that are not cluster scoped must supply at least one namespace");
  else if (namespaces.includes("*")) {
    if (namespaces.length > 1)
      errors.invalid(field, namespaces, "if '*' is present, must not specify other namespaces");
  } else {
    for (const [index, namespace] of namespaces.entries()) {
      for (const problem of validateDns1123Label(namespace)) {
        const detail = `each member of this list must be '*' or a DNS-1123 label; ${problem}`;
        errors.invalid(`${field}[${index}]`, namespace, detail);
      }
    }
  }
}

function validateNonResourceRule(errors: FieldErrors, path: string, rule: Fields): void {
  validateVerbs(errors, child(path, "verbs"), textsAt(rule, "verbs"));
  const urls = textsAt(rule, "nonResourceURLs");
  const field = child(path, "nonResourceURLs");
  if (urls.length === 0) errors.required(field, "nonResourceURLs must contain at least one value");
  else if (urls.includes("*")) {
    if (urls.length > 1) errors.invalid(field, urls, "if '*' is present, must not specify other non-resource URLs");
  } else {
    for (const [index, url] of urls.entries()) {
      const problem = urlProblem(url);
      if (problem !== undefined) errors.invalid(`${field}[${index}]`, url, problem);
    }
  }
}

function urlProblem(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (url === "/") return undefined;
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const stars = url.split("*").length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith("/*")) ? "wildcard can only do suffix matching" : undefined;
}

export const priorityLevelRules: KindRules = {
  generation: ["spec"],
  statusKeepsMetadata: true,
  validateStatusUpdate: validateConditions,
  default(object): void {
    const spec = ensureFields(object, "spec");
    const exempt = fieldsAt(spec, "exempt");
    fillAbsent(exempt, "nominalConcurrencyShares", 0);
    fillAbsent(exempt, "lendablePercent", 0);
    const limited = fieldsAt(spec, "limited");
    fillAbsent(limited, "nominalConcurrencyShares", 30);
    fillAbsent(limited, "lendablePercent", 0);
    const queuing = fieldsAt(limited, "limitResponse", "queuing");
    fillEmpty(queuing, "handSize", 8);
    fillEmpty(queuing, "queues", 64);
    fillEmpty(queuing, "queueLengthLimit", 50);
  },
  validate: (errors, object) => validateLevel(errors, object.metadata.name, fieldsAt(object, "spec") ?? {}),
  validateUpdate: (errors, object) => validateLevel(errors, object.metadata.name, fieldsAt(object, "spec") ?? {}),
};

function validateLevel(errors: FieldErrors, name: string, spec: Fields): void {
  const type = textAt(spec, "type");
  const limited = fieldsAt(spec, "limited");
  const exempt = fieldsAt(spec, "exempt");
  if ((name === "exempt") !== (type === "Exempt"))
    errors.invalid("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'");
  if (limited !== undefined && type !== "Limited") {
    errors.declared.forbidden("spec.limited", "");
    if (textAt(limited, "limitResponse", "type") === "") errors.declared.required("spec.limited.limitResponse.type");
  }
  if (exempt !== undefined && type !== "Exempt") errors.declared.forbidden("spec.exempt", "");
  if (type === "") errors.declared.required("spec.type");
  else if (type !== "Exempt" && type !== "Limited") errors.notSupported("spec.type", type, ["Exempt", "Limited"]);
  if (type === "Exempt" && exempt !== undefined) {
    validateShares(errors, "spec.exempt", exempt);
    validateLendable(errors, "spec.exempt", exempt);
  }
  if (type !== "Limited") return;
  if (limited === undefined) errors.declared.required("spec.limited");
  else validateLimited(errors, "spec.limited", limited);
}

function validateShares(errors: FieldErrors, path: string, level: Fields): void {
  const shares = numberAt(level, "nominalConcurrencyShares") ?? 0;
  if (shares < 0) errors.invalid(child(path, "nominalConcurrencyShares"), shares, "must be a non-negative integer");
}

function validateLendable(errors: FieldErrors, path: string, level: Fields): void {
  const lendable = numberAt(level, "lendablePercent") ?? 0;
  if (lendable < 0 || lendable > 100)
    errors.invalid(child(path, "lendablePercent"), lendable, "must be between 0 and 100, inclusive");
}

function validateLimited(errors: FieldErrors, path: string, limited: Fields): void {
  validateShares(errors, path, limited);
  validateLimitResponse(errors, child(path, "limitResponse"), fieldsAt(limited, "limitResponse") ?? {});
  validateLendable(errors, path, limited);
  const borrowing = numberAt(limited, "borrowingLimitPercent") ?? 0;
  if (borrowing < 0) {
    const detail = "if specified, must be a non-negative integer";
    errors.invalid(child(path, "borrowingLimitPercent"), borrowing, detail);
  }
}

function validateLimitResponse(errors: FieldErrors, path: string, response: Fields): void {
  const type = textAt(response, "type");
  const queuing = fieldsAt(response, "queuing");
  const field = child(path, "queuing");
  if (type !== "Queue" && queuing !== undefined) errors.declared.forbidden(field, "");
  if (type === "") errors.declared.required(child(path, "type"));
  else if (type !== "Queue" && type !== "Reject") errors.notSupported(child(path, "type"), type, ["Queue", "Reject"]);
  if (type !== "Queue") return;
  if (queuing === undefined) errors.declared.required(field);
  else validateQueuing(errors, field, queuing);
}

function validateQueuing(errors: FieldErrors, path: string, queuing: Fields): void {
  const of = (member: string) => numberAt(queuing, member) ?? 0;
  const [length, queues, hand] = [of("queueLengthLimit"), of("queues"), of("handSize")];
  if (length <= 0) errors.invalid(child(path, "queueLengthLimit"), length, "must be positive");
  if (queues <= 0) errors.invalid(child(path, "queues"), queues, "must be positive");
  else if (queues > MAX_QUEUES) errors.invalid(child(path, "queues"), queues, `must not be greater than ${MAX_QUEUES}`);
  const field = child(path, "handSize");
  if (hand <= 0) errors.invalid(field, hand, "must be positive");
  else if (hand > queues) errors.invalid(field, hand, `should not be greater than queues (${queues})`);
  else if (entropyBits(queues, hand) > MAX_ENTROPY_BITS) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${hand} should not be greater than ${MAX_ENTROPY_BITS}`;
    errors.invalid(field, hand, detail);
  }
}

/** Bits that it takes to deal a hand of cards from a deck. */
function entropyBits(deck: number, hand: number): number {
  return Math.ceil(Math.log2(deck) * hand);
}
