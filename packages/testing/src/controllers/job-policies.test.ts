import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiObject } from "../registry/strategy.ts";
import { failedIndexes, failureVerdict, successRule } from "./job-policies.ts";

const INDEX = "batch.kubernetes.io/job-completion-index";
const FAILURES = "batch.kubernetes.io/job-index-failure-count";

function job(spec: Record<string, unknown>): ApiObject {
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "n" }, spec } as ApiObject;
}

function failedPod(exitCode: number, annotations: Record<string, string> = {}): ApiObject {
  const containerStatuses = [{ name: "c", state: { terminated: { exitCode } } }];
  const metadata = { name: "p", namespace: "n", annotations };
  return { apiVersion: "v1", kind: "Pod", metadata, status: { phase: "Failed", containerStatuses } } as ApiObject;
}

test("the first rule that a failed Pod matches decides", () => {
  const rules = [
    { action: "Ignore", onExitCodes: { operator: "In", values: [1] } },
    { action: "FailJob", onExitCodes: { operator: "NotIn", values: [2] } },
  ];
  const of = job({ podFailurePolicy: { rules } });
  assert.equal(failureVerdict(of, failedPod(1))?.action, "Ignore");
  assert.equal(failureVerdict(of, failedPod(2)), undefined);
  assert.equal(
    failureVerdict(of, failedPod(3))?.message,
    "Container c for pod n/p failed with exit code 3 matching FailJob rule at index 1",
  );
});

test("an index fails once it has failed more often than it may", () => {
  const pods = [failedPod(1, { [INDEX]: "0", [FAILURES]: "0" }), failedPod(1, { [INDEX]: "1", [FAILURES]: "1" })];
  assert.deepEqual(failedIndexes(job({ backoffLimitPerIndex: 1 }), pods), [1]);
  assert.deepEqual(failedIndexes(job({ backoffLimitPerIndex: 0 }), pods), [0, 1]);
  assert.deepEqual(failedIndexes(job({}), pods), []);
});

test("a success policy is fulfilled by its indexes, or by enough of them", () => {
  const of = job({
    successPolicy: { rules: [{ succeededIndexes: "0,2-3" }, { succeededIndexes: "0-9", succeededCount: 2 }] },
  });
  assert.equal(successRule(of, [0, 2]), 1);
  assert.equal(successRule(of, [0, 2, 3]), 0);
  assert.equal(successRule(of, [1]), undefined);
  assert.equal(successRule(job({}), [0]), undefined);
});
