/** One namespace or all of them. */
import { Client } from "bowline";

await using client = await Client.connect();
const namespace: string | undefined = process.argv[2];
const pods = namespace === undefined ? client.resource("v1", "Pod") : client.resource("v1", "Pod", { namespace });
for (const pod of (await pods.list({ labelSelector: "app in (a,b)" })).items)
  console.log(pod.metadata.namespace, pod.metadata.name);
for await (const pod of pods.iterate()) console.log(pod.metadata.name);
