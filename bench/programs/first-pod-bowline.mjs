import { Client } from "bowline";

const client = await Client.connect({ kubeconfig: process.argv[2] });
for await (const pod of client.resource("v1", "Pod", { namespace: "small" }).iterate()) {
  console.log(pod.metadata.name);
  break;
}
