/**
 * Lists the Pods of all namespaces. The client is not closed: an idle client does not keep a program from ending.
 */
import { Client } from "bowline";

const client = await Client.connect();

for await (const pod of client.resource("v1", "Pod").iterate()) {
  console.log(`${pod.metadata.namespace}\t${pod.metadata.name}\t${pod.status?.phase}`);
}
