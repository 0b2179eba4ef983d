/**
 * Waits: for a condition, for a deletion, and no longer than one wants.
 */
import { Client, isConditionTrue, TimedOutError } from "bowline";

await using client = await Client.connect();
const pods = client.resource("v1", "Pod", { namespace: client.defaultNamespace });
await pods.create({
  metadata: { name: "example-wait" },
  spec: { containers: [{ name: "web", image: "nginx:1.28" }] },
});

const pod = await pods.wait("example-wait", (pod) => isConditionTrue(pod, "Ready"), { timeoutMs: 60_000 });
console.log(`ready on ${pod.spec.nodeName}`);

try {
  await pods.wait("example-wait", ({ status }) => status?.phase === "Failed", { timeoutMs: 200 });
} catch (error) {
  if (!(error instanceof TimedOutError)) throw error;
  console.log("it did not fail within 200 ms");
}

await pods.delete("example-wait", { gracePeriodSeconds: 1 });
await pods.wait("example-wait", "deleted");
console.log("gone");
