/**
 * ValidatingAdmissionPolicies: expressions that a write must satisfy, for the resources that a binding chooses.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
import { authorizerValue, requestResourceValue, toDynamic } from "../../cel/index.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../../registry/admission.ts";
import { StatusError } from "../../registry/status-error.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { type Fields, fieldsAt, textAt, textsAt } from "../../strategies/json-access.ts";
import { selectorMatches } from "../../strategies/validation/metadata-validation.ts";
import { refusal } from "../admission-refusal.ts";
import { matchesResources } from "./match-resources.ts";
import type { PolicyCompiler } from "./policy-environment.ts";
import {
  type CompiledPolicy,
  type CompiledValidation,
  compilePolicy,
  type MatchCondition,
} from "./policy-expressions.ts";

const GROUP = "admissionregistration.k8s.io";
const VERSION = `${GROUP}/v1`;
const CODES: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};
const MOST_MESSAGE_BYTES = 5120;

/** Why a binding cannot be used. */
export const NO_PARAMS =
  "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction";

/** Why a policy does not let a write pass. */
interface Denial {
  readonly message: string;
  /** `""` counts as `Invalid`. */
  readonly reason: string;
}

/** Evaluates the policies on each write. */
export const validatingPolicyPlugin: AdmissionPlugin = {
  name: "ValidatingAdmissionPolicy",
  validate(request): void {
    const { context, resource } = request;
    if (resource.group === GROUP && /Polic(y|ies)/i.test(resource.plural)) return;
    const bindings = context.list(VERSION, "ValidatingAdmissionPolicyBinding", undefined);
    if (bindings.length === 0) return;
    let first: StatusError | undefined;
    for (const policy of context.list(VERSION, "ValidatingAdmissionPolicy", undefined)) {
      if (!matchesResources(fieldsAt(policy, "spec", "matchConstraints"), request)) continue;
      for (const binding of bindings.filter(
        (candidate) => textAt(candidate, "spec", "policyName") === policy.metadata.name,
      )) {
        if (!matchesResources(fieldsAt(binding, "spec", "matchResources"), request)) continue;
        for (const denial of denialsOf(policy, binding, request)) first = act(denial, policy, binding, request, first);
      }
    }
    if (first !== undefined) throw first;
  },
};

function act(
  denial: Denial,
  policy: ApiObject,
  binding: ApiObject,
  request: AdmissionRequest,
  first: StatusError | undefined,
): StatusError | undefined {
  const actions = textsAt(binding, "spec", "validationActions");
  const which = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`;
  if (actions.includes("Warn")) request.context.warn(`Validation failed for ${which}: ${denial.message}`);
  if (!actions.includes("Deny") || first !== undefined) return first;
  const message = `${which} denied request: ${denial.message}`;
  const { status } = refusal(request, message);
  const reason = denial.reason === "" ? "Invalid" : denial.reason;
  const details = { ...status.details, causes: [...(status.details?.causes ?? []), { message }] };
  return new StatusError(CODES[reason] ?? 422, reason, status.message ?? "", details);
}

function denialsOf(policy: ApiObject, binding: ApiObject, request: AdmissionRequest): Denial[] {
  const fails = textAt(policy, "spec", "failurePolicy") !== "Ignore";
  const compiled = compilePolicy(policy);
  const params = paramsOf(policy, binding, request);
  if (params === "missing") {
    return fails ? [{ message: NO_PARAMS, reason: "" }] : [];
  }
  return params.flatMap((param) => evaluate(compiled, param, request, fails));
}

function evaluate(
  compiled: CompiledPolicy,
  param: ApiObject | undefined,
  request: AdmissionRequest,
  fails: boolean,
): Denial[] {
  const known = variablesOf(compiled.compiler, param, request);
  const { isMet, failures } = evaluateConditions(compiled.matchConditions, known);
  if (!isMet) return [];
  const failure = failures[0];
  if (failure !== undefined) {
    const message = `failed to evaluate match condition: ${failure.name}: ${failure.message}`;
    return fails ? [{ message, reason: "" }] : [];
  }
  const variables = { ...known, variables: compiled.compiler.variables(compiled.variables, known) };
  return compiled.validations.flatMap((validation): Denial[] => {
    const result = validation.program.evaluate(variables);
    if (result.type !== "value") {
      const message = `expression '${validation.expression}' resulted in error: ${result.message}`;
      return fails ? [{ message, reason: "" }] : [];
    }
    return result.value === true ? [] : [{ message: messageOf(validation, variables), reason: validation.reason }];
  });
}

function messageOf(validation: CompiledValidation, variables: Readonly<Record<string, unknown>>): string {
  const result = validation.messageProgram?.evaluate(variables);
  if (result?.type === "value" && typeof result.value === "string") {
    const text = result.value.trim();
    if (text !== "" && !/[\n\r]/.test(text) && Buffer.byteLength(text) <= MOST_MESSAGE_BYTES) return text;
  }
  const message = validation.message.trim();
  return message === "" ? `failed expression: ${validation.expression.trim()}` : message;
}

/** The parameters of a binding, each of which the policy is evaluated with; one `undefined` where the policy takes none. */
export function paramsOf(
  policy: ApiObject,
  binding: ApiObject,
  request: AdmissionRequest,
): readonly (ApiObject | undefined)[] | "missing" {
  const kind = fieldsAt(policy, "spec", "paramKind");
  const reference = fieldsAt(binding, "spec", "paramRef");
  if (kind === undefined || reference === undefined) return [undefined];
  const [apiVersion, name] = [textAt(kind, "apiVersion"), textAt(kind, "kind")];
  const namespace = textAt(reference, "namespace") || request.namespace;
  const selector = fieldsAt(reference, "selector");
  const found =
    selector === undefined
      ? [request.context.find(apiVersion, name, namespace, textAt(reference, "name"))].filter(
          (param) => param !== undefined,
        )
      : request.context
          .list(apiVersion, name, namespace)
          .filter((param) => selectorMatches(selector, param.metadata.labels ?? {}));
  if (found.length > 0) return found;
  return textAt(reference, "parameterNotFoundAction") === "Allow" ? [] : "missing";
}

/** Whether no condition is false, and those that could not be evaluated. */
export function evaluateConditions(
  conditions: readonly MatchCondition[],
  known: Readonly<Record<string, unknown>>,
): {
  readonly isMet: boolean;
  readonly failures: readonly { readonly name: string; readonly expression: string; readonly message: string }[];
} {
  const failures: { name: string; expression: string; message: string }[] = [];
  for (const { name, expression, program } of conditions) {
    const result = program.evaluate(known);
    if (result.type !== "value") failures.push({ name, expression, message: result.message });
    else if (result.value !== true) return { isMet: false, failures };
  }
  return { isMet: true, failures };
}

/** The variables of expressions about a request. */
export function variablesOf(
  compiler: PolicyCompiler,
  param: ApiObject | undefined,
  request: AdmissionRequest,
): Readonly<Record<string, unknown>> {
  const { context, resource, subresource, namespace, operation, object, oldObject } = request;
  const { types } = compiler;
  const { user } = context;
  const kind = { group: resource.group, version: resource.version, kind: resource.kind };
  const address = { group: resource.group, version: resource.version, resource: resource.plural };
  const about: Fields = {
    kind,
    resource: address,
    ...(subresource === "" ? {} : { subResource: subresource, requestSubResource: subresource }),
    requestKind: kind,
    requestResource: address,
    ...(request.name === "" && object?.metadata.name === undefined
      ? {}
      : { name: request.name || object?.metadata.name }),
    ...(namespace === "" ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.username,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      groups: user.groups,
      extra: user.extra ?? {},
    },
    dryRun: context.dryRun,
    options: request.options,
  };
  const isAllowed = (attributes: Parameters<typeof context.isAllowed>[0]) => context.isAllowed(attributes);
  const within = namespace === "" ? undefined : context.find("v1", "Namespace", undefined, namespace);
  return {
    object: object === undefined ? null : toDynamic(object),
    oldObject: oldObject === undefined ? null : toDynamic(oldObject),
    request: types.request.toValue(about),
    namespaceObject: within === undefined ? null : types.namespace.toValue(within),
    params: param === undefined ? null : toDynamic(param),
    authorizer: authorizerValue(isAllowed),
    "authorizer.requestResource": requestResourceValue(isAllowed, {
      group: resource.group,
      resource: resource.plural,
      subresource,
      namespace,
      name: request.name || (object?.metadata.name ?? ""),
    }),
  };
}
