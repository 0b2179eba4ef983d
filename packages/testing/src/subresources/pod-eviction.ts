/**
 * `eviction`: deletes a Pod where its disruption budget allows it.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
 */
import { formatTime, jsonEqual } from "bowline/core";
import { decodeBody } from "../http/body-decoder.ts";
import { bodyFormat, METADATA_TRANSFORMS } from "../http/negotiation.ts";
import { checkNamespace } from "../http/read-handlers.ts";
import { readDeleteOptions, readWriteOptions } from "../http/request-options.ts";
import type { RequestScope } from "../http/scope.ts";
import { clone } from "../merge/index.ts";
import { recordUpdate } from "../registry/ownership.ts";
import { badRequest, conflict, serverError, success, tooManyRequests } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { selectorMatches } from "../strategies/validation/metadata-validation.ts";

const EVICTION: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly isCustom: boolean;
  readonly alternatives: readonly string[];
} = { group: "policy", version: "v1", kind: "Eviction", isCustom: false, alternatives: ["policy/v1beta1"] };
const REFUSAL = "Cannot evict pod as it would violate the pod's disruption budget.";
const RETRY_SECONDS = 10;
const BUDGET_VERSION = "policy/v1";
const BUDGET_KIND = "PodDisruptionBudget";

interface BudgetStatus {
  readonly observedGeneration?: number;
  readonly disruptionsAllowed?: number;
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
}

export async function evictPod(scope: RequestScope): Promise<void> {
  const { exchange, store, namespace, name } = scope;
  const form = scope.outputForm(METADATA_TRANSFORMS);
  const format = bodyFormat(exchange.header("content-type"));
  const text = await exchange.body();
  const options = readWriteOptions(exchange.query, "CreateOptions");
  const eviction = decodeBody(text, format, EVICTION, {
    validation: options.fieldValidation,
    warn: (warning) => exchange.warn(warning),
  });
  checkNamespace(scope, eviction);
  if (eviction.metadata.name !== name) throw badRequest("name in URL does not match name in Eviction object");
  const sent = eviction["deleteOptions"] as Readonly<Record<string, unknown>> | undefined;
  const isDryRun = options.isDryRun || (Array.isArray(sent?.["dryRun"]) && sent["dryRun"].length > 0);
  const pod = store.get(namespace, name);
  if (!isBeyondBudgets(pod)) takeFromBudget(scope, pod, isDryRun);
  const context = { ...scope.context(isDryRun), subresource: "" };
  checkPreconditions(pod, sent);
  if (!isDryRun) addCondition(scope, pod);
  // What is wrong with the options comes to light at the delete, when the disruption is counted already.
  const { preconditions: _, ...deletion } = readDeleteOptions(new URLSearchParams(), sent ?? {});
  store.delete(name, { namespace, context, options: {}, deletion });
  exchange.object(201, { ...success(), code: 201 }, form);
}

/** @throws StatusError 409 */
function checkPreconditions(pod: ApiObject, options: Readonly<Record<string, unknown>> | undefined): void {
  const { uid, resourceVersion } = (options?.["preconditions"] ?? {}) as { uid?: string; resourceVersion?: string };
  const { metadata } = pod;
  const fail = (why: string) => conflict({ group: "", name: "Pod" }, metadata.name, why);
  if (uid && uid !== metadata.uid) {
    const record = `does not match the UID in record (${metadata.uid ?? ""})`;
    throw fail(`the UID in the precondition (${uid}) ${record}. The object might have been deleted and then recreated`);
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const record = `does not match the ResourceVersion in record (${metadata.resourceVersion ?? ""})`;
    throw fail(
      `the ResourceVersion in the precondition (${resourceVersion}) ${record}. The object might have been modified`,
    );
  }
}

/** A Pod that has ended, has not begun or goes anyway disturbs nothing. */
function isBeyondBudgets(pod: ApiObject): boolean {
  const phase = (pod["status"] as { phase?: string } | undefined)?.phase ?? "";
  return ["Succeeded", "Failed", "Pending"].includes(phase) || pod.metadata["deletionTimestamp"] !== undefined;
}

/** @throws StatusError 429 where no disruption is allowed, 500 where two budgets are in charge */
function takeFromBudget(scope: RequestScope, pod: ApiObject, isDryRun: boolean): void {
  const budgets = scope.server.list(BUDGET_VERSION, BUDGET_KIND, scope.namespace).filter((budget) => {
    const selector = (budget["spec"] as { selector?: Record<string, unknown> } | undefined)?.selector;
    return selector !== undefined && selectorMatches(selector, pod.metadata.labels ?? {});
  });
  if (budgets.length > 1) {
    throw serverError(
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  }
  const [budget] = budgets;
  if (budget === undefined) return;
  const status = (budget["status"] ?? {}) as BudgetStatus;
  const { currentHealthy = 0, desiredHealthy = 0, disruptionsAllowed = 0, conditions = [] } = status;
  if (!isReady(pod)) {
    const policy = (budget["spec"] as { unhealthyPodEvictionPolicy?: string }).unhealthyPodEvictionPolicy;
    if (policy === "AlwaysAllow" || (currentHealthy >= desiredHealthy && desiredHealthy > 0)) return;
  }
  const { name, generation = 0 } = budget.metadata;
  if ((status.observedGeneration ?? 0) < generation) {
    throw refusal(`The disruption budget ${name} is still being processed by the server.`, RETRY_SECONDS);
  }
  if (disruptionsAllowed <= 0) {
    const condition = conditions.find(({ type, status: value }) => type === "DisruptionAllowed" && value === "False");
    const why = condition?.message ?? "";
    if (condition?.reason === "SyncFailed" && why !== "") {
      throw refusal(
        `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${why}`,
      );
    }
    if (currentHealthy <= desiredHealthy) {
      throw refusal(
        `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
      );
    }
    const because = why === "" ? "" : ` (${condition?.reason ?? ""}): ${why}`;
    throw refusal(`The disruption budget ${name} does not allow evicting pods currently${because}`);
  }
  if (!isDryRun) writeDisruption(scope, budget, pod.metadata.name);
}

function refusal(message: string, retryAfterSeconds?: number): Error {
  return tooManyRequests(REFUSAL, retryAfterSeconds, [{ reason: "DisruptionBudget", message }]);
}

function isReady(pod: ApiObject): boolean {
  const { conditions = [] } = (pod["status"] ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** Counts the disruption, so that the next eviction does not take it too before a controller has seen this one. */
function writeDisruption(scope: RequestScope, budget: ApiObject, pod: string): void {
  const now = formatTime(scope.server.clock.now());
  const status = (budget["status"] ?? {}) as BudgetStatus;
  const left = (status.disruptionsAllowed ?? 0) - 1;
  const conditions = (status.conditions ?? []).filter(({ type }) => type !== "DisruptionAllowed");
  const condition = {
    type: "DisruptionAllowed",
    status: "False",
    observedGeneration: status.observedGeneration,
    lastTransitionTime: now,
    reason: "InsufficientPods",
    message: "",
  };
  writeAsServer(scope, BUDGET_VERSION, BUDGET_KIND, budget.metadata.name, (changed) => {
    changed["status"] = {
      ...status,
      disruptionsAllowed: left,
      disruptedPods: { ...status.disruptedPods, [pod]: now },
      conditions: left === 0 ? [...conditions, condition] : (status.conditions ?? []),
    };
  });
}

function addCondition(scope: RequestScope, pod: ApiObject): void {
  const now = formatTime(scope.server.clock.now());
  const status = (pod["status"] ?? {}) as { conditions?: readonly { type: string; lastTransitionTime?: string }[] };
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: now,
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const others = (status.conditions ?? []).filter(({ type }) => type !== "DisruptionTarget");
  const present = (status.conditions ?? []).find(({ type }) => type === "DisruptionTarget");
  if (jsonEqual(present, { ...condition, lastTransitionTime: present?.lastTransitionTime })) return;
  writeAsServer(scope, "v1", "Pod", pod.metadata.name, (changed) => {
    changed["status"] = { ...status, conditions: [...others, condition] };
  });
}

function writeAsServer(
  scope: RequestScope,
  apiVersion: string,
  kind: string,
  name: string,
  change: (object: ApiObject) => void,
): void {
  const { server, namespace } = scope;
  const resource = server.registry.byKind(apiVersion, kind);
  if (resource === undefined) return;
  const store = server.store(resource);
  const user = { username: "system:apiserver", groups: ["system:masters"] };
  store.update({
    namespace,
    name,
    context: server.context(resource, { user, namespace, subresource: "status" }),
    options: {},
    transform: (live) => {
      const changed = clone(live as ApiObject);
      change(changed);
      // Pods are written without managed fields being told of it.
      if (kind !== "Pod") {
        const { strategy } = store;
        const schema = server.schemaOf(resource);
        recordUpdate(live, changed, {
          manager: "kube-apiserver",
          subresource: "status",
          resource,
          strategy,
          schema,
          now: server.clock.now(),
        });
      }
      return changed;
    },
  });
}
