/**
 * MutatingAdmissionPolicies: expressions that change a write, for the resources that a binding chooses.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
import { jsonEqual } from "bowline/core";
import type { CelProgram } from "../../cel/index.ts";
import { clone } from "../../merge/index.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../../registry/admission.ts";
import { StatusError } from "../../registry/status-error.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { fieldsAt, textAt } from "../../strategies/json-access.ts";
import { FieldErrors } from "../../strategies/validation/field-errors.ts";
import { refusal } from "../admission-refusal.ts";
import { matchesResources } from "./match-resources.ts";
import { applyConfiguration, applyPatchList, MutationError } from "./mutation-patches.ts";
import { type CompiledMutations, readMutations } from "./policy-expressions.ts";
import { evaluateConditions, NO_PARAMS, paramsOf, variablesOf } from "./validating-policies.ts";

const GROUP = "admissionregistration.k8s.io";
const VERSION = `${GROUP}/v1`;

/** A policy that is about a request, by one of its bindings and with one of its parameters. */
interface Invocation {
  readonly policy: ApiObject;
  readonly binding: ApiObject;
  readonly param: ApiObject | undefined;
}

const compiled = new WeakMap<ApiObject, CompiledMutations>();

/**
 * Lets policies change the object, one after the other. Those that want it are asked once more where one of them has changed it.
 */
export const mutatingPolicyPlugin: AdmissionPlugin = {
  name: "MutatingAdmissionPolicy",
  admit(request): void {
    const { resource, operation, context } = request;
    if (resource.group === GROUP && /Polic(y|ies)/i.test(resource.plural)) return;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    const bindings = context.list(VERSION, "MutatingAdmissionPolicyBinding", undefined);
    if (bindings.length === 0) return;
    const denials: StatusError[] = [];
    const invocations = invocationsOf(request, bindings, denials);
    const before = snapshot(request);
    for (const invocation of invocations) run(invocation, request, denials);
    throwFirst(denials);
    if (jsonEqual(before as never, snapshot(request) as never)) return;
    for (const invocation of invocations) {
      if (textAt(invocation.policy, "spec", "reinvocationPolicy") === "IfNeeded") run(invocation, request, denials);
    }
    throwFirst(denials);
  },
};

function snapshot({ object }: AdmissionRequest): ApiObject | undefined {
  return object === undefined ? undefined : clone(object);
}

function invocationsOf(
  request: AdmissionRequest,
  bindings: readonly ApiObject[],
  denials: StatusError[],
): readonly Invocation[] {
  const invocations: Invocation[] = [];
  for (const policy of request.context.list(VERSION, "MutatingAdmissionPolicy", undefined)) {
    if (!matchesResources(fieldsAt(policy, "spec", "matchConstraints"), request)) continue;
    for (const binding of bindings) {
      if (textAt(binding, "spec", "policyName") !== policy.metadata.name) continue;
      if (!matchesResources(fieldsAt(binding, "spec", "matchResources"), request)) continue;
      const params = paramsOf(policy, binding, request);
      if (params === "missing") deny(denials, { policy, binding, param: undefined }, request, NO_PARAMS);
      else invocations.push(...params.map((param) => ({ policy, binding, param })));
    }
  }
  return invocations;
}

function run(invocation: Invocation, request: AdmissionRequest, denials: StatusError[]): void {
  const { object } = request;
  if (object === undefined) return;
  const { policy, param } = invocation;
  const { compiler, matchConditions, variables, mutations } = mutationsOf(policy);
  const known = () => variablesOf(compiler, param, request);
  const { isMet, failures } = evaluateConditions(matchConditions, known());
  if (!isMet) return;
  const [failure] = failures;
  if (failure !== undefined) {
    deny(denials, invocation, request, `expression '${failure.expression}' resulted in error: ${failure.message}`);
    return;
  }
  for (const { type, expression, program } of mutations) {
    try {
      const now = known();
      const result = evaluate(program, expression, { ...now, variables: compiler.variables(variables, now) });
      if (type === "JSONPatch") applyPatchList(request, object, result);
      else applyConfiguration(request, object, result);
    } catch (error) {
      if (!(error instanceof MutationError)) throw error;
      deny(denials, invocation, request, error.message, "Invalid");
    }
  }
}

function evaluate(program: CelProgram, expression: string, variables: Readonly<Record<string, unknown>>): unknown {
  const result = program.evaluate(variables);
  if (result.type === "value") return result.value;
  throw new MutationError(`expression '${expression}' resulted in error: ${result.message}`);
}

function mutationsOf(policy: ApiObject): CompiledMutations {
  let known = compiled.get(policy);
  if (known === undefined) {
    known = readMutations(new FieldErrors(), policy);
    compiled.set(policy, known);
  }
  return known;
}

/** Notes a refusal, unless the policy is to be ignored where it fails. */
function deny(
  denials: StatusError[],
  { policy, binding }: Invocation,
  request: AdmissionRequest,
  why: string,
  reason = "Forbidden",
): void {
  if (textAt(policy, "spec", "failurePolicy") === "Ignore") return;
  const message = `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${why}`;
  const { status } = refusal(request, why);
  denials.push(new StatusError(403, reason, message, { ...status.details, causes: [{ message }] }));
}

/** All refusals are told, in the words and with the reason of the first. */
function throwFirst(denials: readonly StatusError[]): void {
  const [first] = denials;
  if (first === undefined) return;
  const causes = denials.map(({ message }) => ({ message }));
  throw new StatusError(first.code, first.reason, first.message, { ...first.status.details, causes });
}
