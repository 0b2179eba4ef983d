/**
 * The expressions of a ValidatingAdmissionPolicy, compiled; and what is wrong with those that do not compile.
 */
import { validateLabelKey } from "bowline/core";
import { type CelProgram, isIdentifier } from "../../cel/index.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "../../strategies/json-access.ts";
import { FieldErrors } from "../../strategies/validation/field-errors.ts";
import { PolicyCompiler, type ResultType } from "./policy-environment.ts";

const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const MOST_CONDITIONS = 64;
const MOST_ANNOTATIONS = 20;

/** One validation. */
export interface CompiledValidation {
  readonly expression: string;
  readonly program: CelProgram;
  readonly message: string;
  readonly messageProgram: CelProgram | undefined;
  readonly reason: string;
}

/** What must hold for a policy or webhook to be about a request. */
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
  readonly program: CelProgram;
}

/** A policy that can be evaluated. */
export interface CompiledPolicy {
  readonly compiler: PolicyCompiler;
  readonly matchConditions: readonly MatchCondition[];
  readonly variables: ReadonlyMap<string, CelProgram>;
  readonly validations: readonly CompiledValidation[];
}

/** One mutation. */
export interface CompiledMutation {
  readonly type: "ApplyConfiguration" | "JSONPatch";
  readonly expression: string;
  readonly program: CelProgram;
}

/** A mutating policy that can be evaluated. */
export interface CompiledMutations extends Omit<CompiledPolicy, "validations"> {
  readonly mutations: readonly CompiledMutation[];
}

/** Compiles a mutating policy, and notes what is wrong with its expressions and what belongs to them. */
export function readMutations(errors: FieldErrors, policy: Fields): CompiledMutations {
  return new PolicyReader(errors, policy).readMutations();
}

const compiled = new WeakMap<object, CompiledPolicy>();

/** Compiles a stored policy, once. What does not compile was refused when it was stored, and is left out. */
export function compilePolicy(policy: Fields): CompiledPolicy {
  let known = compiled.get(policy);
  if (known === undefined) {
    known = new PolicyReader(new FieldErrors(), policy).read();
    compiled.set(policy, known);
  }
  return known;
}

/** Notes what is wrong with the expressions of a policy and what belongs to them. */
export function validatePolicyExpressions(errors: FieldErrors, policy: Fields): void {
  new PolicyReader(errors, policy).read();
}

/** Compiles match conditions, and notes what is wrong with them. */
export function readMatchConditions(
  errors: FieldErrors,
  path: string,
  conditions: readonly Fields[],
  compiler: PolicyCompiler,
): readonly MatchCondition[] {
  if (conditions.length > MOST_CONDITIONS) errors.tooMany(path, conditions.length, MOST_CONDITIONS);
  const names = conditions.map((condition) => textAt(condition, "name"));
  return conditions.flatMap((condition, index) => {
    const here = `${path}[${index}]`;
    const expression = textAt(condition, "expression").trim();
    if (expression === "") errors.required(`${here}.expression`);
    const program =
      expression === "" ? undefined : compileFor(errors, `${here}.expression`, compiler, expression, ["bool"]);
    const name = names[index] ?? "";
    if (name === "") errors.required(`${here}.name`);
    else {
      errors.invalidEach(`${here}.name`, name, validateLabelKey(name));
      if (names.indexOf(name) < index) errors.duplicate(`${here}.name`, name);
    }
    return program === undefined ? [] : [{ name, expression, program }];
  });
}

function compileFor(
  errors: FieldErrors,
  field: string,
  compiler: PolicyCompiler,
  source: string,
  types: readonly ResultType[],
): CelProgram | undefined {
  const compilation = compiler.compile(source, types);
  if (compilation.isValid) return compilation.program;
  errors.invalid(field, source, compilation.error);
  return undefined;
}

/** Reads the parts of a policy in the order in which kube-apiserver checks them. */
class PolicyReader {
  readonly #errors: FieldErrors;
  readonly #name: string;
  readonly #spec: Fields;
  readonly #compiler: PolicyCompiler;

  constructor(errors: FieldErrors, policy: Fields) {
    this.#errors = errors;
    this.#name = textAt(policy, "metadata", "name");
    this.#spec = fieldsAt(policy, "spec") ?? {};
    this.#compiler = new PolicyCompiler(fieldsAt(this.#spec, "paramKind") !== undefined);
  }

  read(): CompiledPolicy {
    const conditions = itemsAt(this.#spec, "matchConditions");
    const matchConditions = readMatchConditions(this.#errors, "spec.matchConditions", conditions, this.#compiler);
    const variables = this.#variables();
    const validations = this.#validations();
    this.#auditAnnotations();
    return { compiler: this.#compiler, matchConditions, variables, validations };
  }

  readMutations(): CompiledMutations {
    const conditions = itemsAt(this.#spec, "matchConditions");
    const matchConditions = readMatchConditions(this.#errors, "spec.matchConditions", conditions, this.#compiler);
    const variables = this.#variables();
    const mutations = itemsAt(this.#spec, "mutations");
    if (mutations.length === 0) this.#errors.required("spec.mutations", "mutations must contain at least one item");
    const compiledMutations = mutations.flatMap((mutation, index) =>
      this.#mutation(mutation, `spec.mutations[${index}]`),
    );
    return { compiler: this.#compiler, matchConditions, variables, mutations: compiledMutations };
  }

  #mutation(mutation: Fields, path: string): CompiledMutation[] {
    const type = textAt(mutation, "patchType");
    this.#errors.oneOf(`${path}.patchType`, type, ["ApplyConfiguration", "JSONPatch"], "required");
    if (type !== "ApplyConfiguration" && type !== "JSONPatch") return [];
    const isPatch = type === "JSONPatch";
    const [member, other] = isPatch ? ["jsonPatch", "applyConfiguration"] : ["applyConfiguration", "jsonPatch"];
    const patch = fieldsAt(mutation, member);
    const expression = textAt(patch, "expression").trim();
    const field = `${path}.${member}`;
    let program: CelProgram | undefined;
    if (patch === undefined) this.#errors.required(field, `must be specified when patchType is ${type}`);
    else if (expression === "") this.#errors.required(`${field}.expression`);
    else {
      const compilation = this.#compiler.compileMutation(expression, isPatch ? "list(JSONPatch)" : "Object");
      if (compilation.isValid) program = compilation.program;
      else this.#errors.invalid(`${field}.expression`, textAt(patch, "expression"), compilation.error);
    }
    if (fieldsAt(mutation, other) !== undefined)
      this.#errors.invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`);
    return program === undefined ? [] : [{ type, expression, program }];
  }

  #compile(field: string, source: string, types: readonly ResultType[]): CelProgram | undefined {
    return compileFor(this.#errors, field, this.#compiler, source, types);
  }

  #variables(): ReadonlyMap<string, CelProgram> {
    const variables = new Map<string, CelProgram>();
    for (const [index, variable] of itemsAt(this.#spec, "variables").entries()) {
      const path = `spec.variables[${index}]`;
      const [name, source] = [textAt(variable, "name"), textAt(variable, "expression")];
      if (name.trim() === "") this.#errors.required(`${path}.name`, "name is not specified");
      else if (!isIdentifier(name)) this.#errors.invalid(`${path}.name`, name, "must be a valid CEL identifier");
      if (source.trim() === "") {
        this.#errors.required(`${path}.expression`, "expression is not specified");
        continue;
      }
      const compilation = this.#compiler.declare(name, source);
      if (compilation.isValid) variables.set(name, compilation.program);
      else this.#errors.invalid(`${path}.expression`, source, compilation.error);
    }
    return variables;
  }

  #validations(): readonly CompiledValidation[] {
    const validations = itemsAt(this.#spec, "validations");
    if (validations.length === 0 && itemsAt(this.#spec, "auditAnnotations").length === 0) {
      const detail = "validations or auditAnnotations must contain at least one item";
      this.#errors.required("spec.validations", detail);
      this.#errors.required("spec.auditAnnotations", detail);
    }
    return validations.flatMap((validation, index) => this.#validation(validation, `spec.validations[${index}]`));
  }

  #validation(validation: Fields, path: string): CompiledValidation[] {
    const errors = this.#errors;
    const [expression, messageExpression] = [textAt(validation, "expression"), textAt(validation, "messageExpression")];
    const [message, reason] = [textAt(validation, "message"), textAt(validation, "reason")];
    if (expression.trim() === "") errors.required(`${path}.expression`, "expression is not specified");
    const program = expression.trim() === "" ? undefined : this.#compile(`${path}.expression`, expression, ["bool"]);
    const blank = "must be non-empty if specified";
    const isBlank = (text: string) => text !== "" && text.trim() === "";
    if (isBlank(messageExpression)) errors.invalid(`${path}.messageExpression`, messageExpression, blank);
    const messageProgram =
      messageExpression.trim() === ""
        ? undefined
        : this.#compile(`${path}.messageExpression`, messageExpression, ["string"]);
    if (isBlank(message)) errors.invalid(`${path}.message`, message, blank);
    else if (/[\n\r]/.test(message.trim())) errors.invalid(`${path}.message`, message, "must not contain line breaks");
    if (reason !== "" && !REASONS.includes(reason)) errors.notSupported(`${path}.reason`, reason, REASONS);
    return program === undefined ? [] : [{ expression, program, messageProgram, message, reason }];
  }

  #auditAnnotations(): void {
    const annotations = itemsAt(this.#spec, "auditAnnotations");
    if (annotations.length > MOST_ANNOTATIONS) {
      this.#errors.invalid(
        "spec.auditAnnotations",
        annotations,
        `must not have more than ${MOST_ANNOTATIONS} auditAnnotations`,
      );
    }
    const keys = annotations.map((annotation) => textAt(annotation, "key"));
    for (const [index, annotation] of annotations.entries()) {
      const path = `spec.auditAnnotations[${index}]`;
      const key = keys[index] ?? "";
      const qualified = `${this.#name}/${key}`;
      this.#errors.invalidEach(`${path}.key`, qualified, validateLabelKey(qualified));
      const source = textAt(annotation, "valueExpression").trim();
      if (source === "") this.#errors.required(`${path}.valueExpression`, "valueExpression is not specified");
      else this.#compile(`${path}.valueExpression`, source, ["string", "null_type"]);
      if (keys.indexOf(key) < index) this.#errors.duplicate(`${path}.key`, key);
    }
  }
}
