/**
 * Kinds that are questions: who am I, may I, is this token good. They are answered and not stored.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
import { formatTime, parseFieldSelector, parseLabelSelector, validateLabelKey, validateLabelValue } from "bowline/core";
import { decodeBody } from "../http/body-decoder.ts";
import { bodyFormat, METADATA_TRANSFORMS } from "../http/negotiation.ts";
import { checkNamespace } from "../http/read-handlers.ts";
import { readWriteOptions } from "../http/request-options.ts";
import type { RequestScope } from "../http/scope.ts";
import { ownershipOf } from "../http/write-handlers.ts";
import { recordUpdate } from "../registry/ownership.ts";
import { badRequest, invalid } from "../registry/status-error.ts";
import type { AccessAttributes, ApiObject, UserInfo } from "../registry/strategy.ts";
import { type Fields, fieldsAt, itemsAt, textAt, textsAt } from "../strategies/json-access.ts";
import { FieldErrors } from "../strategies/validation/field-errors.ts";
import type { PolicyRule } from "./authorizer.ts";
import { SERVER_AUDIENCE } from "./service-account-tokens.ts";

interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
}
interface AccessReviewSpec {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
}

type Answer = (scope: RequestScope, review: ApiObject) => void;

const ANSWERS: Readonly<Record<string, Answer>> = {
  SelfSubjectReview: answerSelf,
  TokenReview: answerToken,
  SelfSubjectAccessReview: (scope, review) => answerAccess(scope, review, scope.exchange.user),
  SubjectAccessReview: (scope, review) => answerAccess(scope, review, undefined),
  LocalSubjectAccessReview: (scope, review) => answerAccess(scope, review, undefined),
  SelfSubjectRulesReview: answerRules,
};

/** The handler of a create, where the kind is a review. */
export function reviewHandler(scope: RequestScope): (() => Promise<void>) | undefined {
  const { group, kind } = scope.resource;
  if (group !== "authentication.k8s.io" && group !== "authorization.k8s.io") return undefined;
  const answer = ANSWERS[kind];
  return answer === undefined ? undefined : () => review(scope, answer);
}

async function review(scope: RequestScope, answer: Answer): Promise<void> {
  const form = scope.outputForm(METADATA_TRANSFORMS);
  const format = bodyFormat(scope.exchange.header("content-type"));
  const text = await scope.exchange.body();
  const options = readWriteOptions(scope.exchange.query, "CreateOptions");
  const object = decodeBody(text, format, scope.resource, {
    validation: options.fieldValidation,
    warn: (warning) => scope.exchange.warn(warning),
  });
  checkNamespace(scope, object);
  recordUpdate(undefined, object, ownershipOf(scope, options));
  answer(scope, object);
  scope.exchange.object(201, scope.writer(form).object(scope.server.normalize(object, scope.resource)), form);
}

function answerSelf(scope: RequestScope, review: ApiObject): void {
  review.metadata = { creationTimestamp: formatTime(scope.server.clock.now()) } as unknown as ApiObject["metadata"];
  review["status"] = { userInfo: userInfo(scope.exchange.user) };
}

function answerToken(scope: RequestScope, review: ApiObject): void {
  const spec = (review["spec"] ?? {}) as { readonly token?: string; readonly audiences?: readonly string[] };
  const token = spec.token ?? "";
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const audiences = spec.audiences ?? [SERVER_AUDIENCE];
  const verified = scope.server.serviceAccountTokens.verify(token, audiences);
  // Tokens that are no service account's are for the server alone.
  const other = audiences.includes(SERVER_AUDIENCE) ? scope.server.authenticator.token(token) : undefined;
  const user = verified?.user ?? other;
  review["status"] =
    user === undefined
      ? { user: {}, error: refusal(scope, token, audiences) }
      : {
          authenticated: true,
          user: userInfo(withAuthenticated(user)),
          audiences: verified?.audiences ?? [SERVER_AUDIENCE],
        };
}

/** Every authenticator's word: one of them may know the token, for somebody else. */
function refusal(scope: RequestScope, token: string, audiences: readonly string[]): string {
  const invalid = "invalid bearer token";
  const own = scope.server.serviceAccountTokens.audiencesOf(token);
  if (own === undefined) return invalid;
  const list = (texts: readonly string[]) => `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
  return `[${invalid}, token audiences ${list(own)} is invalid for the target audiences ${list(audiences)}]`;
}

function answerAccess(scope: RequestScope, review: ApiObject, self: UserInfo | undefined): void {
  const spec = (review["spec"] ?? {}) as AccessReviewSpec;
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  const errors = new FieldErrors();
  const pathValue = path === undefined ? null : { Path: path.path ?? "", Verb: path.verb ?? "" };
  if ((resource === undefined) === (path === undefined)) {
    errors.invalid("spec", pathValue, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
  }
  if (self === undefined && !spec.user && (spec.groups?.length ?? 0) === 0) {
    errors.invalid("spec.user", "", "at least one of user or group must be specified");
  }
  if (resource !== undefined) validateSelectors(errors, resource as Fields);
  const isLocal = scope.resource.kind === "LocalSubjectAccessReview";
  const { managedFields: _, namespace, ...metadata } = review.metadata;
  if (Object.keys(metadata).length > 0 || (namespace !== undefined && !isLocal)) {
    errors.invalid("metadata", review.metadata, isLocal ? "must be empty except for namespace" : "must be empty");
  }
  if (isLocal && resource !== undefined && resource.namespace !== scope.namespace) {
    errors.invalid("spec.resourceAttributes.namespace", resource.namespace ?? "", "must match metadata.namespace");
  }
  if (isLocal && path !== undefined) {
    errors.invalid("spec.nonResourceAttributes", pathValue, "disallowed on this kind of request");
  }
  // Go has lost the kind by the time these are refused.
  if (errors.hasErrors) throw invalid({ group: scope.resource.group, name: "" }, "", errors.all());
  const user = self ?? { username: spec.user ?? "", groups: spec.groups ?? [] };
  const attributes: AccessAttributes =
    path === undefined ? { verb: "", ...resource } : { verb: path.verb ?? "", path: path.path ?? "" };
  const { isAllowed, reason } = scope.server.authorizer.decide(user, attributes);
  const problem = resource === undefined ? "" : selectorProblems(resource as Fields);
  review["status"] = {
    allowed: isAllowed,
    ...(reason === "" ? {} : { reason }),
    ...(problem === "" ? {} : { evaluationError: problem }),
  };
}

/** What of the selectors was not understood, and so not looked at. */
function selectorProblems(attributes: Fields): string {
  const problems: string[] = [];
  for (const member of ["fieldSelector", "labelSelector"]) {
    const selector = fieldsAt(attributes, member);
    if (selector === undefined) continue;
    const isUnderstood = member === "fieldSelector" ? isFieldRequirement : isLabelRequirement;
    const requirements = itemsAt(selector, "requirements");
    const understood = requirements.filter(isUnderstood).length;
    const raw = textAt(selector, "rawSelector");
    const isParsed = raw === "" || isSelector(raw, member);
    if (isParsed && understood === requirements.length) continue;
    const extent = understood > 0 ? "partially ignored" : "ignored";
    problems.push(`spec.resourceAttributes.${member} ${extent} due to parse error`);
  }
  return problems.join("; ");
}

function isSelector(raw: string, member: string): boolean {
  try {
    if (member === "fieldSelector") parseFieldSelector(raw);
    else parseLabelSelector(raw);
    return true;
  } catch {
    return false;
  }
}

function isFieldRequirement(requirement: Fields): boolean {
  return ["In", "NotIn"].includes(textAt(requirement, "operator")) && textsAt(requirement, "values").length === 1;
}

function isLabelRequirement(requirement: Fields): boolean {
  return ["In", "NotIn", "Exists", "DoesNotExist"].includes(textAt(requirement, "operator"));
}

/** Selectors narrow what is asked for; no rule of RBAC looks at them. */
function validateSelectors(errors: FieldErrors, attributes: Fields): void {
  for (const member of ["fieldSelector", "labelSelector"]) {
    const selector = fieldsAt(attributes, member);
    if (selector === undefined) continue;
    const path = `spec.resourceAttributes.${member}`;
    const raw = textAt(selector, "rawSelector");
    const requirements = itemsAt(selector, "requirements");
    if (raw !== "" && requirements.length > 0)
      errors.invalid(`${path}.rawSelector`, raw, "may not specified at the same time as requirements");
    if (raw === "" && requirements.length === 0)
      errors.required(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`);
    for (const [index, requirement] of requirements.entries()) {
      validateRequirement(errors, `${path}.requirements[${index}]`, requirement, member === "labelSelector");
    }
  }
}

function validateRequirement(errors: FieldErrors, path: string, requirement: Fields, isLabel: boolean): void {
  const [key, operator] = [textAt(requirement, "key"), textAt(requirement, "operator")];
  const values = textsAt(requirement, "values");
  if (!isLabel && key === "") errors.required(`${path}.key`, "must be specified");
  if (["In", "NotIn"].includes(operator) && values.length === 0)
    errors.required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  if (["Exists", "DoesNotExist"].includes(operator) && values.length > 0)
    errors.forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  if (!isLabel) return;
  errors.invalidEach(`${path}.key`, key, validateLabelKey(key));
  for (const [index, value] of values.entries())
    errors.invalidEach(`${path}.values[${index}]`, value, validateLabelValue(value));
}

function answerRules(scope: RequestScope, review: ApiObject): void {
  const namespace = (review["spec"] as { readonly namespace?: string } | undefined)?.namespace ?? "";
  if (namespace === "") throw badRequest("no namespace on request");
  const { rules, problem } = scope.server.authorizer.rules(scope.exchange.user, namespace);
  review.metadata = {} as ApiObject["metadata"];
  review["spec"] = {};
  review["status"] = {
    resourceRules: rules.filter((rule) => (rule.resources?.length ?? 0) > 0).map(resourceRule),
    nonResourceRules: rules
      .filter((rule) => (rule.nonResourceURLs?.length ?? 0) > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
    ...(problem === "" ? {} : { evaluationError: problem }),
  };
}

function resourceRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): unknown {
  return { verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) };
}

function withAuthenticated(user: UserInfo): UserInfo {
  return user.groups.includes("system:authenticated")
    ? user
    : { ...user, groups: [...user.groups, "system:authenticated"] };
}

function userInfo({ username, uid, groups, extra }: UserInfo): unknown {
  return {
    username,
    ...(uid === undefined || uid === "" ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined ? {} : { extra }),
  };
}
