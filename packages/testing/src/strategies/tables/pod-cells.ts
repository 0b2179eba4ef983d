/**
 * The row of a Pod: its readiness, and one word for what it is about, as `kubectl get pods` shows it.
 */
import { at, type Fields, fieldsAt, isTrueAt, itemsAt, numberAt, textAt } from "../json-access.ts";
import { ageOf } from "./human-duration.ts";

export function podCells(pod: Fields, now: Date): unknown[] {
  const summary = summarize(pod);
  const restarts =
    summary.lastRestart === "" || summary.restarts === 0
      ? `${summary.restarts}`
      : `${summary.restarts} (${ageOf(summary.lastRestart, now)} ago)`;
  return [
    textAt(pod, "metadata", "name"),
    `${summary.ready}/${summary.total}`,
    summary.reason,
    restarts,
    ageOf(at(pod, "metadata", "creationTimestamp"), now),
    textAt(itemsAt(pod, "status", "podIPs")[0], "ip") || "<none>",
    textAt(pod, "spec", "nodeName") || "<none>",
    textAt(pod, "status", "nominatedNodeName") || "<none>",
    readinessGates(pod),
  ];
}

/** What a row says beside its cells: whether the Pod has come to its end. */
export function podRowConditions(pod: Fields): Fields[] | undefined {
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded")
    return [{ type: "Completed", status: "True", reason: phase, message: "The pod has completed successfully." }];
  if (phase === "Failed") return [{ type: "Completed", status: "True", reason: phase, message: "The pod failed." }];
  return undefined;
}

interface Summary {
  reason: string;
  ready: number;
  total: number;
  restarts: number;
  lastRestart: string;
}

function summarize(pod: Fields): Summary {
  const phase = textAt(pod, "status", "phase");
  const conditions = itemsAt(pod, "status", "conditions");
  const isGated = conditions.some((c) => c["type"] === "PodScheduled" && c["reason"] === "SchedulingGated");
  const initContainers = itemsAt(pod, "spec", "initContainers");
  const sidecars = new Set(initContainers.filter((c) => c["restartPolicy"] === "Always").map((c) => textAt(c, "name")));
  const summary: Summary = {
    reason: isGated ? "SchedulingGated" : textAt(pod, "status", "reason") || phase,
    ready: 0,
    total: itemsAt(pod, "spec", "containers").length + sidecars.size,
    restarts: 0,
    lastRestart: "",
  };
  const sidecarRestarts = { restarts: 0, lastRestart: "" };
  const isInitializing = summarizeInitContainers(pod, initContainers.length, sidecars, summary, sidecarRestarts);
  const isInitialized = conditions.some((c) => c["type"] === "Initialized" && c["status"] === "True");
  if (!isInitializing || isInitialized) {
    Object.assign(summary, sidecarRestarts);
    summarizeContainers(pod, conditions, summary);
  }
  if (at(pod, "metadata", "deletionTimestamp") !== undefined) {
    if (textAt(pod, "status", "reason") === "NodeLost") summary.reason = "Unknown";
    else if (phase !== "Succeeded" && phase !== "Failed") summary.reason = "Terminating";
  }
  return summary;
}

/** Goes through init containers up to the first one that is not done; says whether there is one. */
function summarizeInitContainers(
  pod: Fields,
  count: number,
  sidecars: ReadonlySet<string>,
  summary: Summary,
  sidecarRestarts: { restarts: number; lastRestart: string },
): boolean {
  for (const [index, status] of itemsAt(pod, "status", "initContainerStatuses").entries()) {
    const isSidecar = sidecars.has(textAt(status, "name"));
    addRestarts(summary, status);
    if (isSidecar) addRestarts(sidecarRestarts, status);
    const terminated = fieldsAt(status, "state", "terminated");
    if (terminated !== undefined && (numberAt(terminated, "exitCode") ?? 0) === 0) continue;
    if (isSidecar && isTrueAt(status, "started")) {
      if (isTrueAt(status, "ready")) summary.ready++;
      continue;
    }
    const waiting = textAt(status, "state", "waiting", "reason");
    if (terminated !== undefined) summary.reason = `Init:${endReason(terminated)}`;
    else if (waiting !== "" && waiting !== "PodInitializing") summary.reason = `Init:${waiting}`;
    else summary.reason = `Init:${index}/${count}`;
    return true;
  }
  return false;
}

function summarizeContainers(pod: Fields, conditions: readonly Fields[], summary: Summary): void {
  let hasRunning = false;
  let failure = "";
  for (const status of itemsAt(pod, "status", "containerStatuses").reverse()) {
    addRestarts(summary, status);
    const waiting = textAt(status, "state", "waiting", "reason");
    const terminated = fieldsAt(status, "state", "terminated");
    if (waiting !== "") summary.reason = waiting;
    else if (terminated !== undefined) {
      summary.reason = endReason(terminated);
      if ((numberAt(terminated, "exitCode") ?? 0) !== 0) failure = summary.reason;
    } else if (isTrueAt(status, "ready") && fieldsAt(status, "state", "running") !== undefined) {
      hasRunning = true;
      summary.ready++;
    }
  }
  if (summary.reason !== "Completed") return;
  const isReady = conditions.some((c) => c["type"] === "Ready" && c["status"] === "True");
  if (hasRunning && isReady) summary.reason = "Running";
  else if (failure !== "") summary.reason = failure;
  else if (hasRunning) summary.reason = "NotReady";
}

function endReason(terminated: Fields): string {
  const reason = textAt(terminated, "reason");
  if (reason !== "") return reason;
  const signal = numberAt(terminated, "signal") ?? 0;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(terminated, "exitCode") ?? 0}`;
}

function addRestarts(sum: { restarts: number; lastRestart: string }, status: Fields): void {
  sum.restarts += numberAt(status, "restartCount") ?? 0;
  const finished = textAt(status, "lastState", "terminated", "finishedAt");
  if (finished > sum.lastRestart) sum.lastRestart = finished;
}

function readinessGates(pod: Fields): string {
  const gates = itemsAt(pod, "spec", "readinessGates");
  if (gates.length === 0) return "<none>";
  const isTrue = (gate: Fields) =>
    itemsAt(pod, "status", "conditions").find((c) => c["type"] === gate["conditionType"])?.["status"] === "True";
  return `${gates.filter(isTrue).length}/${gates.length}`;
}
