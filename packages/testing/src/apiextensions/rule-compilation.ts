/**
 * The rules of one schema node (`x-kubernetes-validations`), compiled against the types that the schema gives to `self`.
 */
import { type CelProgram, type CelType, compile, declareType, kubernetesEnvironment } from "../cel/index.ts";
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
}

/** The rules of a node, and the type of its values. */
export interface RuleSet {
  readonly type: CelType;
  readonly rules: readonly CompiledRule[];
}

const compiled = new WeakMap<JsonSchema, RuleSet | "none">();

/** The rules of a node; undefined where it has none. Compiled once for each node. */
export function ruleSetOf(schema: JsonSchema, isRoot: boolean): RuleSet | undefined {
  let known = compiled.get(schema);
  if (known === undefined) {
    known = build(schema, isRoot) ?? "none";
    compiled.set(schema, known);
  }
  return known === "none" ? undefined : known;
}

/** The outcome of compiling each rule of a node. */
export function compileRules(schema: JsonSchema, isRoot: boolean): readonly CompiledRule[] {
  return ruleSetOf(schema, isRoot)?.rules ?? [];
}

function build(schema: JsonSchema, isRoot: boolean): RuleSet | undefined {
  const rules = schema["x-kubernetes-validations"] ?? [];
  if (rules.length === 0) return undefined;
  const environment = kubernetesEnvironment();
  const type = declareType(environment, schema, isRoot);
  if (type === undefined) return undefined;
  environment.registerVariable("self", type.name);
  const optional = environment.clone().registerVariable("oldSelf", `optional<${type.name}>`);
  const plain = environment.clone().registerVariable("oldSelf", type.name);
  return {
    type,
    rules: rules.map((rule) => compileRule(rule, schema, rule.optionalOldSelf === true ? optional : plain)),
  };
}

function compileRule(
  rule: ValidationRule,
  schema: JsonSchema,
  environment: ReturnType<typeof kubernetesEnvironment>,
): CompiledRule {
  const resolved = rule.fieldPath === undefined ? undefined : resolvePath(rule.fieldPath, schema);
  const own = { rule, fieldPath: resolved?.isValid === true ? resolved.path : "" };
  const compilation = compile(environment, rule.rule);
  if (!compilation.isValid) return { ...own, usesOldSelf: false, error: `compilation failed: ${compilation.error}` };
  const { program } = compilation;
  if (program.type !== "bool") return { ...own, usesOldSelf: false, error: "cel expression must evaluate to a bool" };
  const usesOldSelf = program.uses("oldSelf");
  if ((rule.messageExpression ?? "") === "") return { ...own, program, usesOldSelf };
  const message = compile(environment, rule.messageExpression ?? "");
  if (!message.isValid)
    return { ...own, program, usesOldSelf, messageError: `messageExpression compilation failed: ${message.error}` };
  if (message.program.type !== "string")
    return { ...own, program, usesOldSelf, messageError: "messageExpression must evaluate to a string" };
  return { ...own, program, usesOldSelf, messageProgram: message.program };
}
