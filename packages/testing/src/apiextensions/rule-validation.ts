/**
 * Evaluates the rules of a custom resource's schema, in the words of kube-apiserver.
 */
import { CelOptional, type Evaluation } from "../cel/index.ts";
import type { FieldError } from "../registry/field-error.ts";
import { fieldsOf, isSemanticallyEqual } from "../strategies/json-access.ts";
import { child, FieldErrors } from "../strategies/validation/field-errors.ts";
import { additionalOf, itemsOf, type JsonSchema, propertyOf, type ValidationRule } from "./json-schema.ts";
import { correlatedItems } from "./ratcheting.ts";
import { type CompiledRule, type RuleSet, ruleSetOf } from "./rule-compilation.ts";

/** A message is cut to this length. */
const MOST_MESSAGE_BYTES = 5120;

/** What all rules of an object may cost together. */
const MOST_COST = 10_000_000;
const NO_MORE = "no further validation rules will be run";

type Warn = (text: string) => void;

/** One validation of an object. */
interface Run {
  readonly errors: FieldErrors;
  /** Where a rule has failed that failed before, this is enough; undefined where nothing is. */
  readonly warn: Warn | undefined;
  /** What may still be spent; negative where nothing more is to run. */
  budget: number;
}

/** What rules have against a value before it is anything of an object: a default. */
export function validateDefaultByRules(value: unknown, schema: JsonSchema, isRoot: boolean): FieldError[] {
  const check = (old: unknown): FieldError[] => {
    const run: Run = { errors: new FieldErrors(), warn: undefined, budget: MOST_COST };
    checkNode(run, value, old, schema, "", isRoot);
    return run.errors.all();
  };
  // Once as an object that stays as it is, and once as a new one.
  const found = check(value);
  return found.length > 0 ? found : check(undefined);
}

/** What rules have against a value. `old` is what it was before an update. */
export function validateRules(value: unknown, old: unknown, schema: JsonSchema, warn: Warn): FieldError[] {
  const run: Run = { errors: new FieldErrors(), warn, budget: MOST_COST };
  checkNode(run, value, old, schema, "", true);
  return run.errors.all();
}

function checkNode(run: Run, value: unknown, old: unknown, schema: JsonSchema, path: string, isRoot: boolean): void {
  const rules = ruleSetOf(schema, isRoot);
  if (rules !== undefined && value !== null && value !== undefined)
    checkRules(run, rules, value, old ?? undefined, schema, path);
  if (run.budget < 0) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    const previous = correlatedItems(schema, old);
    for (const [index, item] of value.entries())
      checkNode(run, item, previous(item), items, `${path}[${index}]`, false);
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
    checkNode(run, fields[name], before?.[name], inner, at, false);
  }
}

function checkRules(
  run: Run,
  { type, rules }: RuleSet,
  value: unknown,
  old: unknown,
  schema: JsonSchema,
  path: string,
): void {
  const field = path === "" ? "<nil>" : path;
  const self = type.toValue(value);
  const oldSelf = old === undefined ? undefined : type.toValue(old);
  const isUnchanged = old !== undefined && isSemanticallyEqual(value, old);
  if (run.budget <= 0) {
    outOfBudget(run, field, schema);
    return;
  }
  for (const compiled of rules) {
    const { rule, program, usesOldSelf } = compiled;
    if (program === undefined) continue;
    const isOptional = rule.optionalOldSelf === true;
    if (usesOldSelf && oldSelf === undefined && !isOptional) continue;
    const variables = {
      self,
      oldSelf: isOptional ? (oldSelf === undefined ? CelOptional.none() : CelOptional.of(oldSelf)) : oldSelf,
    };
    const result = program.evaluate(variables);
    if (result.cost > run.budget) {
      outOfBudget(run, field, schema);
      return;
    }
    run.budget -= result.cost;
    if (result.type === "tooExpensive") {
      const detail = `'${result.message}': ${NO_MORE} due to call cost exceeds limit for rule: ${ruleText(rule)}`;
      run.errors.invalid(field, schema.type ?? "", detail);
      run.budget = -1;
      return;
    }
    if (result.type === "error") {
      run.errors.invalid(field, schema.type ?? "", errorText(result.message, rule));
      continue;
    }
    if (result.value === true) continue;
    const failure = failureOf(run, compiled, variables, field, value, schema);
    if (failure === undefined) return;
    if (!usesOldSelf && isUnchanged && run.warn !== undefined) run.warn(`${failure.field}: ${failure.message}`);
    else run.errors.addAll([failure]);
  }
}

function outOfBudget(run: Run, field: string, schema: JsonSchema): void {
  run.errors.invalid(field, schema.type ?? "", `validation failed due to running out of cost budget, ${NO_MORE}`);
  run.budget = -1;
}

function errorText(message: string, rule: ValidationRule): string {
  return message.startsWith("no such overload")
    ? `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(rule)}`
    : `${message} evaluating rule: ${ruleText(rule)}`;
}

/** What a rule has against a value; undefined where its message was too expensive, which ends the validation. */
function failureOf(
  run: Run,
  compiled: CompiledRule,
  variables: Readonly<Record<string, unknown>>,
  field: string,
  value: unknown,
  schema: JsonSchema,
): FieldError | undefined {
  const { rule, fieldPath } = compiled;
  const at = fieldPath === "" ? field : field === "<nil>" ? fieldPath : child(field, fieldPath);
  const message = compiled.messageProgram?.evaluate(variables);
  if (message !== undefined && (message.type === "tooExpensive" || message.cost > run.budget)) {
    const detail = `messageExpression evaluation failed due to running out of cost budget, ${NO_MORE}`;
    run.errors.invalid(at, schema.type ?? "", detail);
    run.budget = -1;
    return undefined;
  }
  run.budget -= message?.cost ?? 0;
  const detail = messageOf(rule, message);
  const errors = new FieldErrors();
  // Objects and lists are not quoted.
  const shown = schema.type === "object" || schema.type === "array" ? undefined : value;
  if (rule.reason === "FieldValueForbidden") errors.forbidden(at, detail);
  else if (rule.reason === "FieldValueRequired") errors.required(at, detail);
  else if (rule.reason === "FieldValueDuplicate") errors.duplicate(at, shown);
  else errors.invalid(at, shown, detail);
  return errors.all()[0] ?? { type: "FieldValueInvalid", field: at, message: detail };
}

function messageOf(rule: ValidationRule, result: Evaluation | undefined): string {
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
