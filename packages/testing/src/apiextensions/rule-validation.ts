/**
 * Evaluates the rules of a custom resource's schema, in the words of kube-apiserver.
 */
import { Optional } from "@marcbachmann/cel-js";
import type { FieldError } from "../registry/field-error.ts";
import { fieldsOf, isSemanticallyEqual } from "../strategies/json-access.ts";
import { child, FieldErrors } from "../strategies/validation/field-errors.ts";
import { additionalOf, itemsOf, type JsonSchema, propertyOf, type ValidationRule } from "./json-schema.ts";
import { correlatedItems } from "./ratcheting.ts";
import { type CompiledRule, type RuleSet, ruleSetOf } from "./rule-compilation.ts";

/** A message is cut to this length. */
const MOST_MESSAGE_BYTES = 5120;

/** Where a rule has failed that failed before, a warning is enough. */
type Warn = (text: string) => void;

/** What rules have against a value. `old` is what it was before an update. */
export function validateRules(value: unknown, old: unknown, schema: JsonSchema, warn: Warn): FieldError[] {
  const errors = new FieldErrors();
  checkNode(errors, value, old, schema, "", true, warn);
  return errors.all();
}

function checkNode(
  errors: FieldErrors,
  value: unknown,
  old: unknown,
  schema: JsonSchema,
  path: string,
  isRoot: boolean,
  warn: Warn,
): void {
  const rules = ruleSetOf(schema, isRoot);
  if (rules !== undefined && value !== null && value !== undefined)
    checkRules(errors, rules, value, old ?? undefined, schema, path, warn);
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    const previous = correlatedItems(schema, old);
    for (const [index, item] of value.entries())
      checkNode(errors, item, previous(item), items, `${path}[${index}]`, false, warn);
    return;
  }
  const fields = fieldsOf(value);
  if (fields === undefined) return;
  const before = schema["x-kubernetes-map-type"] === "atomic" ? undefined : fieldsOf(old);
  for (const name of Object.keys(fields).sort()) {
    const property = propertyOf(schema, name);
    const inner = property ?? additionalOf(schema);
    if (inner === undefined) continue;
    const at = property === undefined ? `${path}[${name}]` : child(path, name);
    checkNode(errors, fields[name], before?.[name], inner, at, false, warn);
  }
}

function checkRules(
  errors: FieldErrors,
  { type, rules }: RuleSet,
  value: unknown,
  old: unknown,
  schema: JsonSchema,
  path: string,
  warn: Warn,
): void {
  const field = path === "" ? "<nil>" : path;
  const self = type.toValue(value);
  const oldSelf = old === undefined ? undefined : type.toValue(old);
  const isUnchanged = old !== undefined && isSemanticallyEqual(value, old);
  for (const compiled of rules) {
    const { rule, program, usesOldSelf } = compiled;
    if (program === undefined) continue;
    const isOptional = rule.optionalOldSelf === true;
    if (usesOldSelf && oldSelf === undefined && !isOptional) continue;
    const variables = {
      self,
      oldSelf: isOptional ? (oldSelf === undefined ? Optional.none() : Optional.of(oldSelf)) : oldSelf,
    };
    const result = program.evaluate(variables);
    if (result.type === "error") {
      const isOverload = result.message.startsWith("no such overload");
      const detail = isOverload
        ? `'${result.message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(rule)}`
        : `${result.message} evaluating rule: ${ruleText(rule)}`;
      errors.invalid(field, schema.type ?? "", detail);
      continue;
    }
    if (result.value === true) continue;
    const failure = failureOf(compiled, variables, field, value, schema);
    if (!usesOldSelf && isUnchanged) warn(`${failure.field}: ${failure.message}`);
    else errors.addAll([failure]);
  }
}

function failureOf(
  compiled: CompiledRule,
  variables: Readonly<Record<string, unknown>>,
  field: string,
  value: unknown,
  schema: JsonSchema,
): FieldError {
  const { rule, fieldPath } = compiled;
  const at = fieldPath === "" ? field : field === "<nil>" ? fieldPath : child(field, fieldPath);
  const detail = messageOf(compiled, variables);
  const errors = new FieldErrors();
  // Objects and lists are not quoted.
  const shown = schema.type === "object" || schema.type === "array" ? undefined : value;
  if (rule.reason === "FieldValueForbidden") errors.forbidden(at, detail);
  else if (rule.reason === "FieldValueRequired") errors.required(at, detail);
  else if (rule.reason === "FieldValueDuplicate") errors.duplicate(at, shown);
  else errors.invalid(at, shown, detail);
  return errors.all()[0] ?? { type: "FieldValueInvalid", field: at, message: detail };
}

function messageOf({ rule, messageProgram }: CompiledRule, variables: Readonly<Record<string, unknown>>): string {
  const result = messageProgram?.evaluate(variables);
  if (result?.type === "value" && typeof result.value === "string") {
    const text = result.value.trim();
    if (text !== "" && !/[\n\r]/.test(text) && Buffer.byteLength(text) <= MOST_MESSAGE_BYTES) return text;
  }
  const { message = "" } = rule;
  return message === "" ? `failed rule: ${ruleText(rule)}` : message.trim();
}

/** What stands for a rule in messages. */
function ruleText(rule: ValidationRule): string {
  return ((rule.message ?? "") === "" ? rule.rule : (rule.message ?? "")).trim();
}
