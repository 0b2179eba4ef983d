/**
 * What a user may do: everything for `system:masters`, else what the stored roles and bindings say.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
import { goQuote } from "bowline/core";
import type { AccessAttributes, ApiObject, UserInfo } from "../registry/strategy.ts";

/** One rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}
interface Binding extends ApiObject {
  readonly roleRef?: { readonly kind?: string; readonly name?: string };
  readonly subjects?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}

/** Reads the stored objects of a group's kind. */
export type RbacReader = {
  list(kind: "RoleBinding" | "ClusterRoleBinding", namespace: string | undefined): readonly ApiObject[];
  find(kind: "Role" | "ClusterRole", namespace: string | undefined, name: string): ApiObject | undefined;
};

/** The verdict, and where it came from, as an access review words it. */
export interface Verdict {
  readonly isAllowed: boolean;
  readonly reason: string;
}

/** What a binding gives a user: the rules of its role, or the word that the role is missing. */
interface Grant {
  readonly rules: readonly PolicyRule[];
  readonly reason: string;
  readonly problem?: string | undefined;
}

/** The members of this group may do everything, whatever the roles say. */
const MASTERS = "system:masters";

/** Authorizes by RBAC. */
export class Authorizer {
  readonly #reader: RbacReader;

  constructor(reader: RbacReader) {
    this.#reader = reader;
  }

  isAllowed(user: UserInfo, attributes: AccessAttributes): boolean {
    return this.decide(user, attributes).isAllowed;
  }

  decide(user: UserInfo, attributes: AccessAttributes): Verdict {
    if (user.groups.includes(MASTERS)) return { isAllowed: true, reason: "" };
    const problems = new Set<string>();
    for (const { rules, reason, problem } of this.#granted(user, attributes.namespace ?? "")) {
      if (rules.some((rule) => allows(rule, attributes))) return { isAllowed: true, reason };
      if (problem !== undefined) problems.add(problem);
    }
    return { isAllowed: false, reason: problems.size === 0 ? "" : `rbac: RBAC: ${aggregate(problems)}` };
  }

  /** The rules that hold for a user, in a namespace and in the whole cluster, and what kept others from being known. */
  rules(user: UserInfo, namespace: string): { readonly rules: readonly PolicyRule[]; readonly problem: string } {
    const rules: PolicyRule[] = [];
    const problems = new Set<string>();
    for (const grant of this.#granted(user, namespace)) {
      rules.push(...grant.rules);
      if (grant.problem !== undefined) problems.add(grant.problem);
    }
    return { rules, problem: aggregate(problems) };
  }

  *#granted(user: UserInfo, namespace: string): Generator<Grant> {
    for (const binding of this.#reader.list("ClusterRoleBinding", undefined) as readonly Binding[]) {
      const subject = subjectOf(binding, user, "");
      if (subject === undefined) continue;
      const role = this.#reader.find("ClusterRole", undefined, binding.roleRef?.name ?? "");
      const reason = `RBAC: allowed by ClusterRoleBinding ${goQuote(binding.metadata.name)} of ClusterRole ${goQuote(binding.roleRef?.name ?? "")} to ${subject}`;
      yield { ...contentOf(role, "ClusterRole", binding), reason };
    }
    if (namespace === "") return;
    for (const binding of this.#reader.list("RoleBinding", namespace) as readonly Binding[]) {
      const subject = subjectOf(binding, user, namespace);
      if (subject === undefined) continue;
      const kind = binding.roleRef?.kind === "Role" ? "Role" : "ClusterRole";
      const role = this.#reader.find(kind, kind === "Role" ? namespace : undefined, binding.roleRef?.name ?? "");
      const reason = `RBAC: allowed by RoleBinding ${goQuote(`${binding.metadata.name}/${namespace}`)} of ${kind} ${goQuote(binding.roleRef?.name ?? "")} to ${subject}`;
      yield { ...contentOf(role, kind, binding), reason };
    }
  }
}

function contentOf(role: ApiObject | undefined, kind: "Role" | "ClusterRole", binding: Binding): Omit<Grant, "reason"> {
  if (role !== undefined) return { rules: (role["rules"] as PolicyRule[] | undefined) ?? [] };
  const what = `${kind.toLowerCase()}.rbac.authorization.k8s.io`;
  return { rules: [], problem: `${what} ${goQuote(binding.roleRef?.name ?? "")} not found` };
}

/** As Go words several errors. */
function aggregate(problems: ReadonlySet<string>): string {
  return problems.size > 1 ? `[${[...problems].join(", ")}]` : ([...problems][0] ?? "");
}

function subjectOf(binding: Binding, user: UserInfo, namespace: string): string | undefined {
  for (const subject of binding.subjects ?? []) {
    const name = subject.name ?? "";
    switch (subject.kind) {
      case "User":
        if (name === user.username) return `User ${goQuote(name)}`;
        break;
      case "Group":
        if (user.groups.includes(name)) return `Group ${goQuote(name)}`;
        break;
      case "ServiceAccount": {
        const within = subject.namespace ?? namespace;
        if (user.username === `system:serviceaccount:${within}:${name}`)
          return `ServiceAccount ${goQuote(`${name}/${within}`)}`;
        break;
      }
    }
  }
  return undefined;
}

function allows(rule: PolicyRule, attributes: AccessAttributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.path !== undefined) {
    const path = attributes.path;
    return (rule.nonResourceURLs ?? []).some((pattern) =>
      pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path,
    );
  }
  const { group = "", resource = "", subresource = "", name = "" } = attributes;
  if (!has(rule.apiGroups, group)) return false;
  const isResourceNamed = (rule.resources ?? []).some(
    (allowed) =>
      allowed === "*" ||
      allowed === (subresource === "" ? resource : `${resource}/${subresource}`) ||
      (subresource !== "" && allowed === `*/${subresource}`),
  );
  return isResourceNamed && ((rule.resourceNames?.length ?? 0) === 0 || (rule.resourceNames?.includes(name) ?? false));
}

function has(values: readonly string[] | undefined, value: string): boolean {
  return values !== undefined && (values.includes("*") || values.includes(value));
}
