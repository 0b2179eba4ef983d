/**
 * Nobody grants what they do not hold: checks of Roles and bindings at their creation and change.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */

import { goQuote, jsonEqual } from "bowline/core";
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import { forbidden, notFound } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import type { PolicyRule } from "./authorizer.ts";

const GROUP = "rbac.authorization.k8s.io";
const API_VERSION = "rbac.authorization.k8s.io/v1";

/** What an aggregated role could come to hold. */
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** The plugin; `rulesOf` gives the rules that a user holds in a namespace. */
export function escalationCheck(rulesOf: (request: AdmissionRequest) => readonly PolicyRule[]): AdmissionPlugin {
  return {
    name: "RBACEscalationCheck",
    admit: (request) => {
      const { resource, operation, object } = request;
      if (resource.group !== GROUP || object === undefined || operation === "DELETE") return;
      const isRole = resource.kind === "Role" || resource.kind === "ClusterRole";
      const isSame = request.oldObject !== undefined && jsonEqual(contentOf(object), contentOf(request.oldObject));
      if (isSame || mayDo(request, isRole ? "escalate" : "bind")) return;
      const granted = isRole ? (object["rules"] as readonly PolicyRule[] | undefined) : boundRules(request, object);
      const held = rulesOf(request);
      if (isRole && object["aggregationRule"] !== undefined && uncovered(EVERYTHING, held).length > 0) {
        const why = "must have cluster-admin privileges to use the aggregationRule";
        throw forbidden({ group: GROUP, name: resource.plural }, object.metadata.name ?? "", why);
      }
      const missing = uncovered(granted ?? [], held);
      if (missing.length === 0) return;
      const { username, groups } = request.context.user;
      const who = `user ${JSON.stringify(username)} (groups=[${groups.map((group) => JSON.stringify(group)).join(" ")}])`;
      const why = `${who} is attempting to grant RBAC permissions not currently held:\n${missing.join("\n")}`;
      throw forbidden({ group: GROUP, name: resource.plural }, object.metadata.name ?? "", why);
    },
  };
}

function contentOf(object: ApiObject): unknown {
  return [object["rules"], object["roleRef"], object["subjects"], object["aggregationRule"]];
}

function mayDo(request: AdmissionRequest, verb: "escalate" | "bind"): boolean {
  const { resource, namespace, context, object } = request;
  const roleRef = object?.["roleRef"] as { readonly kind?: string; readonly name?: string } | undefined;
  const plural = verb === "escalate" ? resource.plural : roleRef?.kind === "Role" ? "roles" : "clusterroles";
  const name = verb === "escalate" ? (object?.metadata.name ?? "") : (roleRef?.name ?? "");
  return context.isAllowed({ verb, group: GROUP, version: "v1", resource: plural, namespace, name });
}

/** @throws StatusError 404, with the binding's kind and the role's name, where the role is missing */
function boundRules(request: AdmissionRequest, object: ApiObject): readonly PolicyRule[] {
  const { kind = "", name = "" } = (object["roleRef"] ?? {}) as { readonly kind?: string; readonly name?: string };
  const role = request.context.find(API_VERSION, kind, kind === "Role" ? request.namespace : undefined, name);
  if (role === undefined) throw notFound({ group: GROUP, name: request.resource.plural }, name);
  return (role["rules"] as readonly PolicyRule[] | undefined) ?? [];
}

/** The parts of `wanted` that `held` does not cover, worded as the server words rules, sorted. */
function uncovered(wanted: readonly PolicyRule[], held: readonly PolicyRule[]): string[] {
  const told = new Map<string, { readonly where: string; readonly verbs: readonly string[] }>();
  for (const part of wanted.flatMap(parts)) {
    if (held.some((rule) => covers(rule, part))) continue;
    const where =
      part.url === undefined
        ? `APIGroups:[${goQuote(part.group)}], Resources:[${goQuote(part.resource)}]${part.name === undefined ? "" : `, ResourceNames:[${goQuote(part.name)}]`}`
        : `NonResourceURLs:[${goQuote(part.url)}]`;
    // Only what is said of resources is told together.
    const key = part.url === undefined ? where : `${where} ${part.verb}`;
    const { verbs } = told.get(key) ?? { verbs: [] };
    told.set(key, { where, verbs: [...verbs, part.verb] });
  }
  return [...told.values()].map(({ where, verbs }) => `{${where}, Verbs:[${verbs.map(goQuote).join(" ")}]}`).sort();
}

interface Part {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string | undefined;
  readonly url: string | undefined;
}

/** One rule as single permissions. */
function parts(rule: PolicyRule): Part[] {
  const { apiGroups = [], resources = [], verbs = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names: (string | undefined)[] = resourceNames.length === 0 ? [undefined] : [...resourceNames];
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => names.map((name) => ({ verb, group, resource, name, url: undefined }))),
    ),
  );
  const onUrls = nonResourceURLs.flatMap((url) =>
    verbs.map((verb) => ({ verb, group: "", resource: "", name: undefined, url })),
  );
  return [...onResources, ...onUrls];
}

function covers(rule: PolicyRule, part: Part): boolean {
  const has = (values: readonly string[] | undefined, value: string) =>
    values !== undefined && (values.includes("*") || values.includes(value));
  if (!has(rule.verbs, part.verb)) return false;
  if (part.url !== undefined) {
    const { url } = part;
    return (rule.nonResourceURLs ?? []).some(
      (held) => held === url || (held.endsWith("*") && url.startsWith(held.slice(0, -1))),
    );
  }
  const subresource = part.resource.split("/")[1];
  const isResource =
    has(rule.resources, part.resource) ||
    (subresource !== undefined && (rule.resources?.includes(`*/${subresource}`) ?? false));
  const isNamed =
    (rule.resourceNames?.length ?? 0) === 0 ||
    (part.name !== undefined && (rule.resourceNames?.includes(part.name) ?? false));
  return has(rule.apiGroups, part.group) && isResource && isNamed;
}
