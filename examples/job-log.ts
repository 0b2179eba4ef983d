/**
 * Runs a Job to its end and prints what it has written.
 */
import { Client, isConditionTrue } from "bowline";

await using client = await Client.connect();
const namespace = client.defaultNamespace;
const jobs = client.resource("batch/v1", "Job", { namespace });
const pods = client.resource("v1", "Pod", { namespace });

await jobs.create({
  metadata: { name: "example-pi" },
  spec: {
    backoffLimit: 2,
    template: {
      spec: {
        restartPolicy: "Never",
        containers: [{ name: "pi", image: "perl:5.42", command: ["perl", "-Mbignum=bpi", "-wle", "print bpi(20)"] }],
      },
    },
  },
});
try {
  const isOver = (status: Parameters<typeof isConditionTrue>[0]): boolean =>
    isConditionTrue(status, "Complete") || isConditionTrue(status, "Failed");
  const job = await jobs.wait("example-pi", isOver, { timeoutMs: 120_000 });
  console.log(isConditionTrue(job, "Complete") ? "the Job is complete" : "the Job has failed");
  for await (const pod of pods.iterate({ labelSelector: { "batch.kubernetes.io/job-name": "example-pi" } })) {
    for await (const line of pods.log(pod.metadata.name)) console.log(`${pod.metadata.name}: ${line}`);
  }
} finally {
  await jobs.delete("example-pi", { propagationPolicy: "Background" });
}
