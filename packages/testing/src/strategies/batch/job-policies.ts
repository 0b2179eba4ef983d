/**
 * Checks of what a Job makes of its Pods' failures and successes.
 */
import { validateDns1123Subdomain, validateLabelKey } from "bowline/core";
import { at, type Fields, fieldsAt, itemsAt, numberAt, textAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";

const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;
const MAX_INDEXES_BYTES = 64 * 1024;
const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"];
const CONDITION_STATUSES = ["False", "True", "Unknown"];

const MAX_MANAGED_BY_BYTES = 63;

/** Who looks after a Job instead of its controller: `example.com/controller`. */
export function validateManagedBy(errors: FieldErrors, field: string, name: string): void {
  const slash = name.indexOf("/");
  if (name === "") errors.required(field);
  else if (slash <= 0 || slash === name.length - 1)
    errors.invalid(field, name, 'must be a domain-prefixed path (such as "acme.io/foo")');
  else errors.invalidEach(field, name.slice(0, slash), validateDns1123Subdomain(name.slice(0, slash)));
  if (Buffer.byteLength(name) > MAX_MANAGED_BY_BYTES) errors.tooLong(field, MAX_MANAGED_BY_BYTES);
}

export function validateFailurePolicy(errors: FieldErrors, path: string, spec: Fields, policy: Fields): void {
  const rules = itemsAt(policy, "rules");
  if (rules.length > MAX_RULES) errors.tooMany(path, rules.length, MAX_RULES);
  for (const [index, rule] of rules.entries()) validateFailureRule(errors, `${path}[${index}]`, spec, rule);
}

function validateFailureRule(errors: FieldErrors, path: string, spec: Fields, rule: Fields): void {
  const action = textAt(rule, "action");
  const actionField = child(path, "action");
  if (action === "") errors.required(actionField, `valid values: ${quotedList(ACTIONS)}`);
  else if (action === "FailIndex") {
    if (at(spec, "backoffLimitPerIndex") === undefined)
      errors.invalid(actionField, action, "requires the backoffLimitPerIndex to be set");
  } else errors.oneOf(actionField, action, ACTIONS);
  const codes = fieldsAt(rule, "onExitCodes");
  if (codes !== undefined) validateExitCodes(errors, child(path, "onExitCodes"), spec, codes);
  const conditions = itemsAt(rule, "onPodConditions");
  if (conditions.length > MAX_RULES) errors.tooMany(child(path, "onPodConditions"), conditions.length, MAX_RULES);
  for (const [index, pattern] of conditions.entries()) {
    const here = `${child(path, "onPodConditions")}[${index}]`;
    const type = textAt(pattern, "type");
    const status = textAt(pattern, "status");
    errors.invalidEach(child(here, "type"), type, validateLabelKey(type));
    if (status === "") errors.required(child(here, "status"), `valid values: ${quotedList(CONDITION_STATUSES)}`);
    else errors.oneOf(child(here, "status"), status, CONDITION_STATUSES);
  }
  if (codes !== undefined && conditions.length > 0)
    errors.invalid(path, undefined, "specifying both OnExitCodes and OnPodConditions is not supported");
  if (codes === undefined && conditions.length === 0)
    errors.invalid(path, undefined, "specifying one of OnExitCodes and OnPodConditions is required");
}

function validateExitCodes(errors: FieldErrors, path: string, spec: Fields, codes: Fields): void {
  const operator = textAt(codes, "operator");
  if (operator === "") errors.required(child(path, "operator"), `valid values: ${quotedList(["In", "NotIn"])}`);
  else errors.oneOf(child(path, "operator"), operator, ["In", "NotIn"]);
  const container = at(codes, "containerName");
  const podSpec = fieldsAt(spec, "template", "spec");
  const names = [...itemsAt(podSpec, "containers"), ...itemsAt(podSpec, "initContainers")];
  if (container !== undefined && !names.some((named) => named["name"] === container)) {
    const detail = "must be one of the container or initContainer names in the pod template";
    errors.invalid(child(path, "containerName"), container, detail);
  }
  const field = child(path, "values");
  const sent = at(codes, "values");
  const values = Array.isArray(sent) ? sent.map(Number) : [];
  if (values.length === 0) errors.invalid(field, sent ?? null, "at least one value is required");
  else if (values.length > MAX_EXIT_CODES) errors.tooMany(field, values.length, MAX_EXIT_CODES);
  for (const [index, value] of values.entries()) {
    if (operator === "In" && value === 0)
      errors.invalid(`${field}[${index}]`, value, "must not be 0 for the In operator");
    if (values.indexOf(value) < index) errors.duplicate(`${field}[${index}]`, value);
  }
  const isOrdered = values.every((value, index) => index === 0 || (values[index - 1] ?? value) <= value);
  if (!isOrdered) errors.invalid(field, values, "must be ordered");
}

/** Checks the policy of a Job that counts its Pods by index. */
export function validateSuccessPolicy(errors: FieldErrors, path: string, completions: number, policy: Fields): void {
  const rules = itemsAt(policy, "rules");
  const field = child(path, "rules");
  if (rules.length === 0)
    errors.required(field, "at least one rules must be specified when the successPolicy is specified");
  if (rules.length > MAX_RULES) errors.tooMany(field, rules.length, MAX_RULES);
  for (const [index, rule] of rules.entries()) validateSuccessRule(errors, `${field}[${index}]`, completions, rule);
}

function validateSuccessRule(errors: FieldErrors, path: string, completions: number, rule: Fields): void {
  const indexes = at(rule, "succeededIndexes");
  const count = numberAt(rule, "succeededCount");
  if (indexes === undefined && count === undefined)
    errors.required(path, "at least one of succeededCount or succeededIndexes must be specified");
  let total = 0;
  if (typeof indexes === "string") {
    const field = child(path, "succeededIndexes");
    if (Buffer.byteLength(indexes) > MAX_INDEXES_BYTES) errors.tooLong(field, MAX_INDEXES_BYTES);
    const parsed = countIndexes(indexes, completions);
    if (typeof parsed === "string") errors.invalid(field, indexes, `error parsing succeededIndexes: ${parsed}`);
    else total = parsed;
  }
  if (count === undefined) return;
  const field = child(path, "succeededCount");
  const least = "must be less than or equal to";
  errors.notNegative(field, count);
  if (count > completions)
    errors.invalid(field, count, `${least} ${completions} (the number of specified completions)`);
  if (indexes !== undefined && count > total) {
    const detail = `${least} ${total} (the number of indexes in the specified succeededIndexes field)`;
    errors.invalid(field, count, detail);
  }
}

/** How many indexes a text such as `0-2,5` names; what is wrong with it where something is. */
export function countIndexes(text: string, completions: number): number | string {
  if (text === "") return 0;
  let total = 0;
  let last: number | undefined;
  for (const part of text.split(",")) {
    const limits = part.split("-");
    if (limits.length > 2)
      return `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`;
    const [low, high] = limits.map(parseIndex);
    if (low === undefined) return `cannot convert string to integer for index: "${limits[0]}"`;
    if (last !== undefined && low <= last) return `non-increasing order, previous: ${last}, current: ${low}`;
    if (low >= completions) return `too large index: "${limits[0]}"`;
    if (limits.length === 1) {
      total += 1;
      last = low;
      continue;
    }
    if (high === undefined) return `cannot convert string to integer for index: "${limits[1]}"`;
    if (high >= completions) return `too large index: "${limits[1]}"`;
    if (low >= high) return `non-increasing order, previous: ${low}, current: ${high}`;
    total += high - low + 1;
    last = high;
  }
  return total;
}

function parseIndex(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

function quotedList(values: readonly string[]): string {
  return `[${values.map((value) => `"${value}"`).join(" ")}]`;
}
