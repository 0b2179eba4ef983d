/** Logs. */
import { Client } from "bowline";

await using client = await Client.connect();
const pods = client.resource("v1", "Pod", { namespace: "web" });
const pod = await pods.get("shop-0");
for (const c of pod.spec.containers) console.log(await pods.log("shop-0", { container: c.name, tailLines: 5 }).text());
for await (const line of pods.log("shop-0", { follow: true, signal: AbortSignal.timeout(5_000) })) console.log(line);
