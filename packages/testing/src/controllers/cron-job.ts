/**
 * CronJobs: a Job each time the schedule is due.
 */

import { formatTime } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { nextDue } from "../strategies/batch/cron-schedule.ts";
import { at, type Fields, fieldsAt, isTrueAt, numberAt, textAt } from "../strategies/json-access.ts";
import {
  type Controller,
  type ControllerContext,
  conditionOf,
  controllerReference,
  isDeleting,
  ownedBy,
  writeStatus,
} from "./controller.ts";
import { kindController } from "./kind-controller.ts";
import type { ReconcileQueue } from "./reconcile-queue.ts";

const COMPONENT = "cronjob-controller";

export function cronJobController(context: ControllerContext): Controller {
  return kindController(context, {
    group: "batch",
    kind: "CronJob",
    owned: { group: "batch", kind: "Job" },
    reconcile: (namespace, name, queue) => reconcile(context, queue, namespace, name),
  });
}

function isEnded(job: ApiObject): "Complete" | "Failed" | undefined {
  return (["Complete", "Failed"] as const).find((type) => conditionOf(job, type)?.["status"] === "True");
}

function reconcile(context: ControllerContext, queue: ReconcileQueue, namespace: string, name: string): void {
  const { client } = context;
  const cron = client.get("batch/v1", "CronJob", namespace, name);
  if (cron === undefined || isDeleting(cron)) return;
  const jobs = ownedBy(client, "batch/v1", "Job", cron);
  const status = clone(fieldsAt(cron, "status") ?? {});
  const succeeded = jobs
    .filter((job) => isEnded(job) === "Complete")
    .map((job) => textAt(job, "status", "completionTime"));
  const latest = succeeded.sort().at(-1);
  if (latest !== undefined) status["lastSuccessfulTime"] = latest;
  const now = client.now();
  if (!isTrueAt(cron, "spec", "suspend")) start(context, queue, cron, jobs, status, now);
  const active = ownedBy(client, "batch/v1", "Job", cron).filter((job) => isEnded(job) === undefined);
  if (active.length > 0) status["active"] = active.map(referenceOf);
  else delete status["active"];
  const present = client.get("batch/v1", "CronJob", namespace, name);
  if (present !== undefined) writeStatus(context, present, status);
  trimHistory(context, cron, jobs);
}

function referenceOf(job: ApiObject): Fields {
  const { namespace, name, uid, resourceVersion } = job.metadata;
  return { kind: "Job", namespace, name, uid, apiVersion: "batch/v1", resourceVersion };
}

function start(
  context: ControllerContext,
  queue: ReconcileQueue,
  cron: ApiObject,
  jobs: readonly ApiObject[],
  status: Fields,
  now: Date,
): void {
  const { client, events } = context;
  const { namespace, name } = cron.metadata;
  const schedule = textAt(cron, "spec", "schedule");
  const zone = textAt(cron, "spec", "timeZone") || "UTC";
  const since = new Date(
    Date.parse(textAt(status, "lastScheduleTime") || textAt(cron, "metadata", "creationTimestamp")),
  );
  const due = mostRecentDue(schedule, zone, since, now);
  const next = nextDue(schedule, now, zone);
  if (next !== undefined) queue.addAfter(next.getTime() - now.getTime(), namespace, name);
  if (due === undefined) return;
  const deadline = numberAt(cron, "spec", "startingDeadlineSeconds");
  if (deadline !== undefined && now.getTime() - due.getTime() > deadline * 1000) return;
  const active = jobs.filter((job) => isEnded(job) === undefined);
  const policy = textAt(cron, "spec", "concurrencyPolicy");
  if (policy === "Forbid" && active.length > 0) return;
  if (policy === "Replace")
    for (const job of active)
      client.delete("batch/v1", "Job", namespace, job.metadata.name, { propagationPolicy: "Background" });
  const template = fieldsAt(cron, "spec", "jobTemplate") ?? {};
  const jobName = `${name}-${Math.floor(due.getTime() / 60_000)}`;
  if (client.get("batch/v1", "Job", namespace, jobName) === undefined) {
    const annotations = {
      ...(at(template, "metadata", "annotations") as Fields | undefined),
      "batch.kubernetes.io/cronjob-scheduled-timestamp": formatTime(due),
    };
    const labels = at(template, "metadata", "labels") as Record<string, string> | undefined;
    const metadata = {
      name: jobName,
      namespace: namespace ?? "",
      annotations: annotations as Record<string, string>,
      ...(labels === undefined ? {} : { labels }),
    };
    client.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { ...metadata, ownerReferences: [controllerReference(cron)] },
      spec: clone(template["spec"]),
    });
    events.record(cron, "Normal", "SuccessfulCreate", `Created job ${jobName}`, COMPONENT);
  }
  status["lastScheduleTime"] = formatTime(due);
}

/** The last time at or before `now` at which the schedule was due, after `since`. */
function mostRecentDue(schedule: string, zone: string, since: Date, now: Date): Date | undefined {
  let found: Date | undefined;
  let from = since;
  for (let round = 0; round < 100; round++) {
    const next = nextDue(schedule, from, zone);
    if (next === undefined || next.getTime() > now.getTime()) return found;
    found = next;
    from = next;
  }
  return found;
}

function trimHistory(context: ControllerContext, cron: ApiObject, jobs: readonly ApiObject[]): void {
  for (const [type, limit] of [
    ["Complete", "successfulJobsHistoryLimit"],
    ["Failed", "failedJobsHistoryLimit"],
  ] as const) {
    const most = numberAt(cron, "spec", limit);
    const ended = jobs.filter((job) => isEnded(job) === type && !isDeleting(job));
    if (most === undefined || ended.length <= most) continue;
    ended.sort((a, b) => (textAt(a, "status", "startTime") < textAt(b, "status", "startTime") ? -1 : 1));
    for (const job of ended.slice(0, ended.length - most)) {
      context.client.delete("batch/v1", "Job", job.metadata.namespace, job.metadata.name, {
        propagationPolicy: "Background",
      });
    }
  }
}
