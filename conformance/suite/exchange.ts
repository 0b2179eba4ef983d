/**
 * How differential cases are written down: requests in short, `~` for the case's namespace.
 *
 * `~/configmaps` stands for `/api/v1/namespaces/NS/configmaps`, `~apps/v1/deployments` for
 * `/apis/apps/v1/namespaces/NS/deployments`. `{ns}` anywhere in a path or body is the namespace's name, so that
 * cluster-scoped names can be unique.
 */
import type { CapturedRequest, CapturedStep, Scenario } from "../replay/capture.ts";
import { type Area, type DifferentialCase, namespaceFor } from "./case.ts";

/** A request and what it needs besides. */
export type Step = Omit<CapturedStep, "response" | "name" | "watch"> & {
  readonly watch?: Omit<NonNullable<CapturedStep["watch"]>, "during"> & { readonly during?: readonly Step[] };
};

/** What a request may have besides method, path and body. */
export type Extra = Pick<CapturedRequest, "headers" | "as"> & Omit<Step, "request">;

function step(method: string, path: string, body: unknown, extra: Extra = {}): Step {
  const { headers, as, ...rest } = extra;
  const request: CapturedRequest = {
    method,
    path,
    ...(headers === undefined ? {} : { headers }),
    ...(as === undefined ? {} : { as }),
    ...(body === undefined ? {} : { body }),
  };
  return { request, ...rest };
}

export const get = (path: string, extra?: Extra): Step => step("GET", path, undefined, extra);
export const post = (path: string, body: unknown, extra?: Extra): Step => step("POST", path, body, extra);
export const put = (path: string, body: unknown, extra?: Extra): Step => step("PUT", path, body, extra);
export const remove = (path: string, body?: unknown, extra?: Extra): Step => step("DELETE", path, body, extra);

/** Stands for what an earlier step was answered: `bodyOf("s1", "metadata.uid")`. Steps are called s1, s2, ... */
export function bodyOf(stepName: string, path: string): string {
  return ["${", stepName, ".body.", path, "}"].join("");
}

/** The patch types by their short names. */
export const PATCH_TYPES = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

export function patch(type: keyof typeof PATCH_TYPES, path: string, body: unknown, extra: Extra = {}): Step {
  return step("PATCH", path, body, { ...extra, headers: { "Content-Type": PATCH_TYPES[type], ...extra.headers } });
}

/** A watch that is listened to until so many events are there, while `during` happens. */
export function watch(
  path: string,
  events: number,
  during: readonly Step[],
  extra: Extra & { initial?: number } = {},
): Step {
  const { initial, ...rest } = extra;
  const seconds = 5;
  return step("GET", path, undefined, {
    ...rest,
    watch: { events, seconds, during, ...(initial === undefined ? {} : { initial }) },
  });
}

/** How a case's ground is prepared. */
export interface DifferentialOptions {
  /** Further requests before the steps. They must succeed, and their answers do not count. */
  readonly setup?: readonly Step[] | undefined;
  readonly controllers?: boolean | undefined;
}

/** A differential case. Its namespace and a ServiceAccount `default` are there before the first step. */
export function differential(
  area: Area,
  name: string,
  steps: readonly Step[],
  options: DifferentialOptions = {},
): DifferentialCase {
  const namespace = namespaceFor(area, name);
  const names = { next: 1 };
  const setup: Step[] = [
    post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }),
    post("~/serviceaccounts", {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default" },
      automountServiceAccountToken: false,
    }),
    ...(options.setup ?? []),
  ];
  const scenario: Scenario = {
    scenario: namespace,
    about: name,
    setup: setup.map(({ request }) => fill(request, namespace)),
    steps: steps.map((one) => named(one, namespace, names)),
    ...(options.controllers === true ? { controllers: true } : {}),
  };
  return { type: "differential", area, name, scenario };
}

function named(given: Step, namespace: string, names: { next: number }): CapturedStep {
  const name = `s${names.next++}`;
  const { watch: watched, ...rest } = fill(given, namespace);
  // What is expected comes from the other server.
  const response = { status: 0, headers: {} };
  if (watched === undefined) return { ...rest, name, response };
  const during = (watched.during ?? []).map((one) => named(one, namespace, names));
  return { ...rest, name, response, watch: { ...watched, during } };
}

/** Fills namespace and paths in. */
function fill<T>(value: T, namespace: string): T {
  const filled = JSON.parse(JSON.stringify(value).replaceAll("{ns}", namespace)) as T;
  expand(filled, namespace);
  return filled;
}

function expand(value: unknown, namespace: string): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    // Only a request has a path; a step may have one in `until`, which does not begin with "~".
    if (key === "path" && typeof item === "string" && item.startsWith("~")) {
      (value as Record<string, unknown>)[key] = item.replace(/^~(?:([^/]+)\/([^/]+))?/, (_, group, version) =>
        group === undefined ? `/api/v1/namespaces/${namespace}` : `/apis/${group}/${version}/namespaces/${namespace}`,
      );
    } else if (key !== "body") expand(item, namespace);
  }
}

/** One case for each row of a table. */
export function family<Row>(rows: readonly Row[], make: (row: Row) => DifferentialCase): DifferentialCase[] {
  return rows.map(make);
}
