/**
 * Mutating and validating webhooks: what is stored in their configurations is called on each write that comes by HTTP.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */

import { jsonEqual } from "bowline/core";
import { applyJsonPatch } from "../../merge/index.ts";
import { clone } from "../../merge/json-value.ts";
import type { AdmissionPlugin, AdmissionRequest } from "../../registry/admission.ts";
import { badRequest, forbidden, internalError, type StatusDetails, StatusError } from "../../registry/status-error.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import {
  type Fields,
  fieldsAt,
  fieldsOf,
  isTrueAt,
  itemsAt,
  numberAt,
  textAt,
  textsAt,
} from "../../strategies/json-access.ts";
import { FieldErrors } from "../../strategies/validation/field-errors.ts";
import { matchesResources } from "../policies/match-resources.ts";
import { PolicyCompiler } from "../policies/policy-environment.ts";
import { type MatchCondition, readMatchConditions } from "../policies/policy-expressions.ts";
import { evaluateConditions, variablesOf } from "../policies/validating-policies.ts";
import { addressOf, postReview } from "./webhook-client.ts";
import { callOut, canCall } from "./webhook-session.ts";

const GROUP = "admissionregistration.k8s.io";
const REVIEW = { kind: "AdmissionReview", apiVersion: "admission.k8s.io/v1" };

/**
 * Lets mutating webhooks change the object, one after the other. Those that want it are asked once more where one after them
 * changed it.
 */
export const mutatingWebhookPlugin: AdmissionPlugin = {
  name: "MutatingAdmissionWebhook",
  admit(request): void {
    const asked: Fields[] = [];
    const again = new Set<Fields>();
    for (const hook of hooksFor("MutatingWebhookConfiguration", request)) {
      if (isChangedBy(hook, request)) for (const earlier of asked) again.add(earlier);
      if (textAt(hook, "reinvocationPolicy") === "IfNeeded") asked.push(hook);
    }
    for (const hook of again) isChangedBy(hook, request);
  },
};

function isChangedBy(hook: Fields, request: AdmissionRequest): boolean {
  const before = request.object === undefined ? undefined : clone(request.object);
  const response = review(hook, request);
  if (response !== undefined) mutate(hook, request, response);
  return !jsonEqual(before as never, request.object as never);
}

/** Asks validating webhooks. */
export const validatingWebhookPlugin: AdmissionPlugin = {
  name: "ValidatingAdmissionWebhook",
  validate(request): void {
    for (const hook of hooksFor("ValidatingWebhookConfiguration", request)) review(hook, request);
  },
};

/** The webhooks that want the request, each asked as the object is by then. */
function* hooksFor(kind: string, request: AdmissionRequest): Generator<Fields> {
  const { context, resource } = request;
  if (!canCall(context) || resource.group === GROUP) return;
  for (const configuration of context.list(`${GROUP}/v1`, kind, undefined)) {
    for (const hook of itemsAt(configuration, "webhooks")) {
      const matches =
        itemsAt(hook, "rules").length > 0 && matchesResources({ ...hook, resourceRules: hook["rules"] }, request);
      if (matches && isWanted(hook, request)) yield hook;
    }
  }
}

const conditionsOf = new WeakMap<Fields, { compiler: PolicyCompiler; conditions: readonly MatchCondition[] }>();

/**
 * Whether the webhook's own conditions are met.
 * @throws StatusError 403, where that cannot be said
 */
function isWanted(hook: Fields, request: AdmissionRequest): boolean {
  const sources = itemsAt(hook, "matchConditions");
  if (sources.length === 0) return true;
  let known = conditionsOf.get(hook);
  if (known === undefined) {
    const compiler = new PolicyCompiler(false);
    known = { compiler, conditions: readMatchConditions(new FieldErrors(), "", sources, compiler) };
    conditionsOf.set(hook, known);
  }
  const { isMet, failures } = evaluateConditions(known.conditions, variablesOf(known.compiler, undefined, request));
  if (!isMet || failures.length === 0) return isMet;
  if (textAt(hook, "failurePolicy") === "Ignore") return false;
  const texts = failures.map(({ expression, message }) => `expression '${expression}' resulted in error: ${message}`);
  const why = texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
  throw forbidden({ group: request.resource.group, name: request.resource.plural }, request.name, why);
}

/**
 * The webhook's response to the request; undefined where it failed and that is to be ignored.
 * @throws StatusError
 */
function review(hook: Fields, request: AdmissionRequest): Fields | undefined {
  const { context } = request;
  const name = textAt(hook, "name");
  if (context.dryRun && !["None", "NoneOnDryRun"].includes(textAt(hook, "sideEffects"))) {
    throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  }
  const fail = (why: string): undefined => {
    if (textAt(hook, "failurePolicy") === "Ignore") return undefined;
    throw internalError(`failed calling webhook ${JSON.stringify(name)}: ${why}`);
  };
  const address = addressOf(
    hook,
    (namespace, service) => context.find("v1", "Service", namespace, service) !== undefined,
  );
  if ("problem" in address) return fail(`failed to call webhook: ${address.problem}`);
  const uid = crypto.randomUUID();
  const about = `${name} ${address.url} ${request.oldObject?.metadata.resourceVersion}`;
  const result = callOut(context, about, async () => {
    const called = await postReview(hook, address.url, { ...REVIEW, request: reviewRequest(uid, request) });
    return called.type === "error" ? called : { type: "answer", value: { uid, review: called.value } };
  });
  if (result.type === "error") return fail(`failed to call webhook: ${result.message}`);
  const { uid: asked, review: answer } = result.value as { readonly uid: string; readonly review: unknown };
  const response = fieldsAt(answer, "response");
  if (response === undefined)
    return fail("expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got none");
  const answered = textAt(response, "uid");
  if (answered !== asked)
    return fail(`expected response.uid=${JSON.stringify(asked)}, got ${JSON.stringify(answered)}`);
  for (const warning of textsAt(response, "warnings")) context.warn(warning);
  if (!isTrueAt(response, "allowed")) throw denial(name, fieldsAt(response, "status"));
  return response;
}

function reviewRequest(uid: string, request: AdmissionRequest): Fields {
  const { resource, subresource, context, namespace, operation, object, oldObject } = request;
  const kind = { group: resource.group, version: resource.version, kind: resource.kind };
  const address = { group: resource.group, version: resource.version, resource: resource.plural };
  const name = request.name || object?.metadata.name || "";
  const { username, uid: userUid, groups, extra } = context.user;
  return {
    uid,
    kind,
    resource: address,
    ...(subresource === "" ? {} : { subResource: subresource }),
    requestKind: kind,
    requestResource: address,
    ...(subresource === "" ? {} : { requestSubResource: subresource }),
    ...(name === "" ? {} : { name }),
    ...(namespace === "" ? {} : { namespace }),
    operation,
    userInfo: {
      username,
      ...(userUid === undefined ? {} : { uid: userUid }),
      groups,
      ...(extra === undefined ? {} : { extra }),
    },
    object: object === undefined ? null : clone(object),
    oldObject: oldObject === undefined ? null : clone(oldObject),
    dryRun: context.dryRun,
    options: request.options,
  };
}

/** A rejection as the client sees it: the webhook's status, which never claims success. */
function denial(name: string, status: Fields | undefined): StatusError {
  const code = numberAt(status, "code") ?? 0;
  const [message, reason] = [textAt(status, "message"), textAt(status, "reason")];
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`;
  const why = message || reason;
  const text = why === "" ? `${denied} without explanation` : `${denied}: ${why}`;
  return new StatusError(Math.max(code, 400), reason, text, fieldsOf(status?.["details"]) as StatusDetails | undefined);
}

/** Applies the webhook's patch to the object, in place. */
function mutate(hook: Fields, request: AdmissionRequest, response: Fields): void {
  const { object, resource } = request;
  const encoded = textAt(response, "patch");
  if (encoded === "" || object === undefined) return;
  let patched: ApiObject;
  try {
    const operations = JSON.parse(Buffer.from(encoded, "base64").toString("utf8")) as readonly unknown[];
    patched = applyJsonPatch(clone(object) as never, operations) as unknown as ApiObject;
  } catch (error) {
    throw internalError(
      `failed to apply the patch of webhook ${JSON.stringify(textAt(hook, "name"))} to ${resource.kind}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  for (const member of Object.keys(object)) delete object[member];
  Object.assign(object, patched);
  request.fillDefaults?.();
}
