/** A program that reads, watches a little and never closes its client: it must end by itself. */
import { Client } from "../../index.ts";

const client = await Client.connect({ kubeconfig: process.argv[2] });
const namespaces = client.resource("v1", "Namespace");
await Promise.all([namespaces.list(), namespaces.get("default"), client.version(), client.raw("/version")]);
for await (const event of namespaces.watch()) {
  console.log(event.type, event.object.metadata.name);
  break;
}
