/** Run a Job, wait for it, read its log. */
import { Client, isConditionTrue } from "bowline";

await using client = await Client.connect();
const jobs = client.resource("batch/v1", "Job", { namespace: "default" });
const job = await jobs.create({
  metadata: { name: "pi" },
  spec: {
    backoffLimit: 4,
    template: {
      spec: {
        restartPolicy: "Never",
        containers: [{ name: "pi", image: "perl", command: ["perl", "-Mbignum=bpi", "-wle", "print bpi(2000)"] }],
      },
    },
  },
});
await jobs.wait(job.metadata.name, (j) => isConditionTrue(j, "Complete") || isConditionTrue(j, "Failed"), {
  timeoutMs: 60_000,
});
const pods = client.resource("v1", "Pod", { namespace: "default" });
for (const pod of (await pods.list({ labelSelector: { "batch.kubernetes.io/job-name": "pi" } })).items)
  console.log(await pods.log(pod.metadata.name).text());
await jobs.delete("pi", { propagationPolicy: "Background" });
