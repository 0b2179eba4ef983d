/**
 * What the scenarios of the topic `auth` share: roles, bindings, impersonation, and the patience of an authorizer.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { type Headers, MERGE, type TopicScenarios } from "./requests.ts";

export const RBAC = "rbac.authorization.k8s.io";
export const CLUSTER = `/apis/${RBAC}/v1`;
export const role = (name: string, rules: unknown, more: object = {}) => ({ metadata: { name, ...more }, rules });
export const ref = (kind: string, name: string) => ({ apiGroup: RBAC, kind, name });
export const user = (name: string) => ({ kind: "User", apiGroup: RBAC, name });
export const group = (name: string) => ({ kind: "Group", apiGroup: RBAC, name });
export const binding = (name: string, roleRef: object, subjects: unknown) => ({
  metadata: { name },
  roleRef,
  subjects,
});
export const as = (name: string, ...groups: string[]): Headers => ({
  "Impersonate-User": name,
  ...(groups.length === 0 ? {} : { "Impersonate-Group": groups }),
});
export const merged = (headers: Headers): Headers => ({ ...MERGE, ...headers });

/** An authorizer hears of a role a moment after it is stored. */
const AUTHORIZER_SECONDS = 0.25;

function settled(steps: CapturedStep[]): CapturedStep[] {
  const writesRole = (item: CapturedStep | undefined) =>
    item !== undefined && item.request.method !== "GET" && item.request.path.startsWith(CLUSTER);
  return steps.map((item, index) =>
    writesRole(steps[index - 1]) && !writesRole(item) ? { ...item, pause: AUTHORIZER_SECONDS } : item,
  );
}

/** Scenarios whose steps wait for the authorizer after each write of a role. */
export function withSettling(scenarios: TopicScenarios): TopicScenarios {
  return Object.fromEntries(Object.entries(scenarios).map(([name, steps]) => [name, (ns) => settled(steps(ns))]));
}
