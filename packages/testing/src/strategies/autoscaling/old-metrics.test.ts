import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fromOldBehavior,
  fromOldMetrics,
  fromOldStatuses,
  toOldBehavior,
  toOldMetrics,
  toOldStatuses,
} from "./old-metrics.ts";

const selector = { matchLabels: { a: "b" } };

test("metrics go into the old form and come back", () => {
  const metrics = [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
    { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Gi" } } },
    {
      type: "ContainerResource",
      containerResource: { name: "cpu", target: { type: "Utilization", averageUtilization: 5 }, container: "web" },
    },
    { type: "Pods", pods: { metric: { name: "q", selector }, target: { type: "AverageValue", averageValue: "3" } } },
    {
      type: "Object",
      object: {
        describedObject: { kind: "Service", name: "s", apiVersion: "v1" },
        target: { type: "Value", value: "7" },
        metric: { name: "m" },
      },
    },
    { type: "External", external: { metric: { name: "e", selector }, target: { type: "Value", value: "9" } } },
  ];
  assert.deepEqual(fromOldMetrics(toOldMetrics(metrics)), metrics);
  assert.deepEqual(toOldMetrics(metrics)[3], {
    type: "Pods",
    pods: { metricName: "q", targetAverageValue: "3", selector },
  });
});

test("a status has a value in the old form even where there was none", () => {
  const status = { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 50 } } };
  const old = toOldStatuses([status]);
  assert.deepEqual(old, [
    { type: "Resource", resource: { name: "cpu", currentAverageUtilization: 50, currentAverageValue: "0" } },
  ]);
  assert.deepEqual(fromOldStatuses(old), [
    { type: "Resource", resource: { name: "cpu", current: { averageValue: "0", averageUtilization: 50 } } },
  ]);
});

test("behaviour is kept under the names of the inner type", () => {
  const behavior = {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: "Max",
      policies: [{ type: "Pods", value: 4, periodSeconds: 15 }],
    },
  };
  const old = toOldBehavior(behavior);
  assert.equal(
    JSON.stringify(old),
    '{"ScaleUp":{"StabilizationWindowSeconds":0,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":null}',
  );
  assert.deepEqual(fromOldBehavior(old), behavior);
});
