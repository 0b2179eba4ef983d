/**
 * What expressions of admission policies can name: the object, the request, the namespace, parameters, variables and the authorizer.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression
 */
import type { JsonSchema } from "../../apiextensions/json-schema.ts";
import {
  type CelProgram,
  type CelType,
  type Compilation,
  compile,
  declareType,
  kubernetesEnvironment,
  typeName,
} from "../../cel/index.ts";
import type { AccessAttributes } from "../../registry/strategy.ts";

type Environment = ReturnType<typeof kubernetesEnvironment>;

const text: JsonSchema = { type: "string" };
const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({ type: "object", properties });
const listOf = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const mapOf = (additionalProperties: JsonSchema): JsonSchema => ({ type: "object", additionalProperties });
const kind = object({ group: text, version: text, kind: text });
const resource = object({ group: text, version: text, resource: text });

const REQUEST = object({
  kind,
  resource,
  subResource: text,
  requestKind: kind,
  requestResource: resource,
  requestSubResource: text,
  name: text,
  namespace: text,
  operation: text,
  userInfo: object({ username: text, uid: text, groups: listOf(text), extra: mapOf(listOf(text)) }),
  dryRun: { type: "boolean" },
  options: { "x-kubernetes-int-or-string": true },
});

const time: JsonSchema = { type: "string", format: "date-time" };
const NAMESPACE = object({
  metadata: object({
    name: text,
    generateName: text,
    namespace: text,
    labels: mapOf(text),
    annotations: mapOf(text),
    UID: text,
    creationTimestamp: time,
    deletionGracePeriodSeconds: { type: "integer" },
    deletionTimestamp: time,
    generation: { type: "integer" },
    resourceVersion: text,
    finalizers: listOf(text),
  }),
  spec: object({ finalizers: listOf(text) }),
  status: object({ phase: text }),
});

/** An access question that an expression puts together. */
class Question {
  readonly attributes: Partial<AccessAttributes>;
  readonly isAllowed: (attributes: AccessAttributes) => boolean;
  constructor(attributes: Partial<AccessAttributes>, isAllowed: (attributes: AccessAttributes) => boolean) {
    this.attributes = attributes;
    this.isAllowed = isAllowed;
  }
  with(more: Partial<AccessAttributes>): Question {
    return new Question({ ...this.attributes, ...more }, this.isAllowed);
  }
}
class Decision {
  readonly isAllowed: boolean;
  constructor(isAllowed: boolean) {
    this.isAllowed = isAllowed;
  }
}

/** Variables common to all expressions, and how their values are made. */
export interface PolicyEnvironment {
  readonly environment: Environment;
  readonly request: CelType;
  readonly namespace: CelType;
}

let base: PolicyEnvironment | undefined;

/** The environment of policies without parameters and variables of their own. */
function policyEnvironment(): PolicyEnvironment {
  if (base === undefined) {
    const environment = kubernetesEnvironment();
    const request = declareType(environment, REQUEST, false);
    const namespace = declareType(environment, NAMESPACE, false);
    if (request === undefined || namespace === undefined) throw new TypeError("a policy's variables have no type");
    environment
      .registerVariable("object", "dyn")
      .registerVariable("oldObject", "dyn")
      .registerVariable("request", request.name)
      .registerVariable("namespaceObject", namespace.name);
    addAuthorizer(environment);
    base = { environment, request, namespace };
  }
  return base;
}

function addAuthorizer(environment: Environment): void {
  environment
    .registerType("kubernetes.authorization.Authorizer", { ctor: Question })
    .registerType("kubernetes.authorization.Decision", { ctor: Decision })
    .registerVariable("authorizer", "kubernetes.authorization.Authorizer");
  for (const member of ["group", "resource", "subresource", "namespace", "name", "path"] as const) {
    const signature = `kubernetes.authorization.Authorizer.${member}(string): kubernetes.authorization.Authorizer`;
    environment.registerFunction(signature, (question: Question, value: string) => question.with({ [member]: value }));
  }
  environment
    .registerFunction(
      "kubernetes.authorization.Authorizer.check(string): kubernetes.authorization.Decision",
      (question: Question, verb: string) => {
        return new Decision(question.isAllowed({ ...question.attributes, verb }));
      },
    )
    .registerFunction("kubernetes.authorization.Decision.allowed(): bool", (decision: Decision) => decision.isAllowed)
    .registerFunction("kubernetes.authorization.Decision.reason(): string", () => "");
}

/** The value of `authorizer` for a user's request. */
export function authorizerValue(isAllowed: (attributes: AccessAttributes) => boolean): unknown {
  return new Question({}, isAllowed);
}

/** Compiles the expressions of one policy. Variables become known to those after them. */
export class PolicyCompiler {
  readonly #common: PolicyEnvironment = policyEnvironment();
  readonly #hasParams: boolean;
  readonly #variables: Map<string, string> = new Map();
  #environment: Environment | undefined;

  constructor(hasParams: boolean) {
    this.#hasParams = hasParams;
  }

  /** Makes JSON into the variables of an evaluation. */
  get types(): Pick<PolicyEnvironment, "request" | "namespace"> {
    return this.#common;
  }

  /** Compiles an expression that must have one of these types. */
  compile(source: string, types: readonly string[]): Compilation {
    const compilation = compile(this.#current(), source);
    if (!compilation.isValid) return { isValid: false, error: `compilation failed: ${compilation.error}` };
    const { type } = compilation.program;
    if (types.length > 0 && !types.includes(type)) {
      const shown = types.map((name) => (name === "null" ? "null_type" : name));
      const wanted = shown.length === 1 ? shown[0] : `one of [${shown.join(" ")}]`;
      return { isValid: false, error: `must evaluate to ${wanted} but got ${typeName(type)}` };
    }
    return compilation;
  }

  /** Compiles a variable and makes it known. */
  declare(name: string, source: string): Compilation {
    const compilation = this.compile(source, []);
    this.#variables.set(name, compilation.isValid ? compilation.program.type : "dyn");
    this.#environment = undefined;
    return compilation;
  }

  /** The value of `variables`, evaluated when first named. */
  variables(programs: ReadonlyMap<string, CelProgram>, known: Readonly<Record<string, unknown>>): unknown {
    return new LazyVariables(programs, known);
  }

  #current(): Environment {
    if (this.#environment !== undefined) return this.#environment;
    const environment = this.#common.environment.clone();
    if (this.#hasParams) environment.registerVariable("params", "dyn");
    if (this.#variables.size > 0) {
      environment.registerType("Variables", { ctor: LazyVariables, fields: Object.fromEntries(this.#variables) });
      environment.registerVariable("variables", "Variables");
    }
    this.#environment = environment;
    return environment;
  }
}

class LazyVariables extends Map<string, unknown> {
  readonly #programs: ReadonlyMap<string, CelProgram>;
  readonly #known: Readonly<Record<string, unknown>>;

  constructor(programs: ReadonlyMap<string, CelProgram>, known: Readonly<Record<string, unknown>>) {
    super();
    this.#programs = programs;
    this.#known = known;
  }

  override has(name: string): boolean {
    return this.#programs.has(name);
  }

  override get(name: string): unknown {
    if (!super.has(name)) {
      const result = this.#programs.get(name)?.evaluate({ ...this.#known, variables: this });
      if (result === undefined) return undefined;
      if (result.type === "error")
        throw new Error(`composited variable ${JSON.stringify(name)} fails to evaluate: ${result.message}`);
      super.set(name, result.value);
    }
    return super.get(name);
  }
}
