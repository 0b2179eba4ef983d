/**
 * The rules of one schema node (`x-kubernetes-validations`), compiled against the types that the schema gives to `self`.
 */
import {
  type CelProgram,
  Environment,
  mostOccurrences,
  optionalOf,
  type SchemaType,
  schemaType,
  sizeAt,
} from "../cel/index.ts";
import { resolvePath } from "./field-path.ts";
import type { JsonSchema, ValidationRule } from "./json-schema.ts";

/** One rule. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Undefined where the rule has an error. */
  readonly program?: CelProgram | undefined;
  readonly messageProgram?: CelProgram | undefined;
  readonly error?: string | undefined;
  readonly messageError?: string | undefined;
  readonly usesOldSelf: boolean;
  /** `fieldPath` in its normal form; `""` for none. */
  readonly fieldPath: string;
  /** What one evaluation can cost. */
  readonly mostCost: number;
  readonly mostMessageCost: number;
}

/** The rules of a node, and the type of its values. */
export interface RuleSet {
  readonly type: SchemaType;
  /** How many such values one request can hold. */
  readonly mostOccurrences: number;
  readonly rules: readonly CompiledRule[];
}

const compiled = new WeakMap<JsonSchema, RuleSet | "none">();
let base: Environment | undefined;

/** The rules of a node; undefined where it has none. Compiled once for each node. */
export function ruleSetOf(schema: JsonSchema, isRoot: boolean): RuleSet | undefined {
  let known = compiled.get(schema);
  if (known === undefined) {
    known = build(schema, isRoot) ?? "none";
    compiled.set(schema, known);
  }
  return known === "none" ? undefined : known;
}

function build(schema: JsonSchema, isRoot: boolean): RuleSet | undefined {
  const rules = schema["x-kubernetes-validations"] ?? [];
  if (rules.length === 0) return undefined;
  const type = schemaType(schema, isRoot);
  if (type === undefined) return undefined;
  base ??= new Environment();
  const plain = base.withVariables({ self: type.type, oldSelf: type.type });
  const optional = base.withVariables({ self: type.type, oldSelf: optionalOf(type.type) });
  return {
    type,
    mostOccurrences: mostOccurrences(type),
    rules: rules.map((rule) => compileRule(rule, schema, type, rule.optionalOldSelf === true ? optional : plain)),
  };
}

function compileRule(
  rule: ValidationRule,
  schema: JsonSchema,
  type: SchemaType,
  environment: Environment,
): CompiledRule {
  const resolved = rule.fieldPath === undefined ? undefined : resolvePath(rule.fieldPath, schema);
  const fieldPath = resolved?.isValid === true ? resolved.path : "";
  const none = { rule, fieldPath, usesOldSelf: false, mostCost: 0, mostMessageCost: 0 };
  const compilation = environment.compile(rule.rule);
  if (!compilation.isValid) return { ...none, error: `compilation failed: ${compilation.error}` };
  const { program } = compilation;
  if (program.type.kind !== "bool") return { ...none, error: "cel expression must evaluate to a bool" };
  const sizes = (path: readonly string[]) => sizeAt(type, path);
  const own = { ...none, program, usesOldSelf: program.uses("oldSelf"), mostCost: program.estimate(sizes).max };
  if ((rule.messageExpression ?? "") === "") return own;
  const message = environment.compile(rule.messageExpression ?? "");
  if (!message.isValid) return { ...own, messageError: `messageExpression compilation failed: ${message.error}` };
  if (message.program.type.kind !== "string")
    return { ...own, messageError: "messageExpression must evaluate to a string" };
  return { ...own, messageProgram: message.program, mostMessageCost: message.program.estimate(sizes).max };
}
