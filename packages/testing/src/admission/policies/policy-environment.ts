/**
 * What expressions of admission policies can name: the object, the request, the namespace, parameters, variables and the authorizer.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression
 */
import {
  authorizerType,
  BOOL,
  CelError,
  type CelProgram,
  type CelType,
  type CelValue,
  type Compilation,
  DYN,
  Environment,
  type FunctionLibrary,
  formatType,
  isSameType,
  listOf,
  NULL,
  objectOf,
  type SchemaType,
  STRING,
  schemaType,
  struct,
} from "../../cel/index.ts";
import { APPLY_CONFIGURATION, JSON_PATCH_LIST, mutationLibrary, mutationType } from "./mutation-types.ts";

/** A type from a schema that has one. */
function typed(schema: Parameters<typeof schemaType>[0]): SchemaType {
  const type = schemaType(schema, false);
  if (type === undefined) throw new TypeError("a policy's variables have no type");
  return type;
}

/** Lists of objects of one type. */
function objectList(items: SchemaType): SchemaType {
  return {
    type: listOf(items.type),
    mostElements: 0,
    leastBytes: 2,
    items,
    toValue: (value) => (Array.isArray(value) ? value.map((item) => items.toValue(item)) : []),
  };
}

const text = typed({ type: "string" });
const texts = typed({ type: "array", items: { type: "string" } });
const labels = typed({ type: "object", additionalProperties: { type: "string" } });
const time = typed({ type: "string", format: "date-time" });
const whole = typed({ type: "integer" });
const flag = typed({ type: "boolean" });
const any = typed({ "x-kubernetes-int-or-string": true });
const extra = typed({ type: "object", additionalProperties: { type: "array", items: { type: "string" } } });

const kind = objectOf("kubernetes.GroupVersionKind", [
  ["group", text],
  ["version", text],
  ["kind", text],
]);
const resource = objectOf("kubernetes.GroupVersionResource", [
  ["group", text],
  ["version", text],
  ["resource", text],
]);
const REQUEST = objectOf("kubernetes.AdmissionRequest", [
  ["kind", kind],
  ["resource", resource],
  ["subResource", text],
  ["requestKind", kind],
  ["requestResource", resource],
  ["requestSubResource", text],
  ["name", text],
  ["namespace", text],
  ["operation", text],
  [
    "userInfo",
    objectOf("kubernetes.UserInfo", [
      ["username", text],
      ["uid", text],
      ["groups", texts],
      ["extra", extra],
    ]),
  ],
  ["dryRun", flag],
  ["options", any],
]);

const condition = objectOf("kubernetes.NamespaceCondition", [
  ["status", text],
  ["type", text],
  ["lastTransitionTime", time],
  ["message", text],
  ["reason", text],
]);
const NAMESPACE = objectOf("kubernetes.Namespace", [
  [
    "metadata",
    objectOf("kubernetes.NamespaceMetadata", [
      ["name", text],
      ["generateName", text],
      ["namespace", text],
      ["labels", labels],
      ["annotations", labels],
      ["UID", text],
      ["creationTimestamp", time],
      ["deletionGracePeriodSeconds", whole],
      ["deletionTimestamp", time],
      ["generation", whole],
      ["resourceVersion", text],
      ["finalizers", texts],
    ]),
  ],
  ["spec", objectOf("kubernetes.NamespaceSpec", [["finalizers", texts]])],
  [
    "status",
    objectOf("kubernetes.NamespaceStatus", [
      ["conditions", objectList(condition)],
      ["phase", text],
    ]),
  ],
]);

let base: Environment | undefined;

/** The environment of policies without parameters and variables of their own. */
function policyEnvironment(): Environment {
  if (base === undefined) {
    base = new Environment().withVariables({
      object: DYN,
      oldObject: DYN,
      request: REQUEST.type,
      namespaceObject: NAMESPACE.type,
      authorizer: authorizerType("Authorizer"),
      "authorizer.requestResource": authorizerType("ResourceCheck"),
    });
  }
  return base;
}

/** What an expression may evaluate to, by the type's name. */
export type ResultType = "bool" | "string" | "null_type" | "Object" | "list(JSONPatch)";

const RESULTS: Readonly<Record<ResultType, CelType>> = {
  bool: BOOL,
  string: STRING,
  null_type: NULL,
  Object: APPLY_CONFIGURATION,
  "list(JSONPatch)": JSON_PATCH_LIST,
};

let mutationFunctions: FunctionLibrary | undefined;

/** Compiles the expressions of one policy. Variables become known to those after them. */
export class PolicyCompiler {
  readonly #hasParams: boolean;
  readonly #variables: Map<string, CelType> = new Map();
  #environment: Environment | undefined;

  constructor(hasParams: boolean) {
    this.#hasParams = hasParams;
  }

  /** Makes JSON into the variables of an evaluation. */
  get types(): { readonly request: SchemaType; readonly namespace: SchemaType } {
    return { request: REQUEST, namespace: NAMESPACE };
  }

  /** Compiles an expression that must have one of these types. */
  compile(source: string, types: readonly ResultType[]): Compilation {
    return compileIn(this.#current(), source, types);
  }

  /** As `compile`, for an expression that makes a mutation. */
  compileMutation(source: string, type: ResultType): Compilation {
    mutationFunctions ??= mutationLibrary();
    return compileIn(this.#current().withStructs(mutationFunctions, mutationType), source, [type]);
  }

  /** Compiles a variable and makes it known. */
  declare(name: string, source: string): Compilation {
    const compilation = this.compile(source, []);
    this.#variables.set(name, compilation.isValid ? compilation.program.type : DYN);
    this.#environment = undefined;
    return compilation;
  }

  /** The value of `variables`, evaluated when first named. */
  variables(programs: ReadonlyMap<string, CelProgram>, known: Readonly<Record<string, CelValue>>): CelValue {
    return new LazyVariables(programs, known);
  }

  #current(): Environment {
    this.#environment ??= policyEnvironment().withVariables({
      ...(this.#hasParams ? { params: DYN } : {}),
      ...(this.#variables.size > 0 ? { variables: struct("kubernetes.variables", new Map(this.#variables)) } : {}),
    });
    return this.#environment;
  }
}

function compileIn(environment: Environment, source: string, types: readonly ResultType[]): Compilation {
  const compilation = environment.compile(source);
  if (!compilation.isValid) return { isValid: false, error: `compilation failed: ${compilation.error}` };
  const { type } = compilation.program;
  if (types.length === 0 || types.some((name) => isSameType(RESULTS[name], type))) return compilation;
  const wanted = types.length === 1 ? types[0] : `one of [${types.join(" ")}]`;
  return { isValid: false, error: `must evaluate to ${wanted} but got ${formatType(type)}` };
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
      if (result.type !== "value")
        throw new CelError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${result.message}`);
      super.set(name, result.value);
    }
    return super.get(name);
  }
}
