/** Takes one event of a watch, ends the watch from outside in the way that is asked for, and has nothing left to do. */
import { Client } from "bowline";

const [kubeconfig, how] = process.argv.slice(2);
const client = await Client.connect({ kubeconfig });
const controller = new AbortController();
const events = client.resource("v1", "Namespace").watch({ signal: controller.signal })[Symbol.asyncIterator]();
await events.next();
if (how === "abort") controller.abort();
else await client.close();
