/**
 * A cluster that a user has, by its kubeconfig. The suite makes namespaces of its own there and removes them.
 */
import { Client, KubeConfig } from "bowline";
import type { SuiteServer } from "../suite/case.ts";
import { connections } from "./connections.ts";

/** Reads the kubeconfig as any program does: KUBECONFIG, else `~/.kube/config`. */
export async function existingServer(): Promise<SuiteServer> {
  const config = await KubeConfig.load();
  const { cluster } = config.resolve();
  await using client = await Client.connect({ kubeconfig: config });
  const nodes = await client.resource("v1", "Node").list({ chunkSize: 1, timeoutMs: 10_000 });
  const url = String(cluster.server);
  const facts = {
    name: `cluster at ${url}`,
    url,
    certificateAuthority: undefined,
    kubeconfig: "",
    adminToken: undefined,
  };
  return {
    ...facts,
    ...connections(facts),
    connect: (options = {}) => Client.connect({ ...options, kubeconfig: config }),
    plainToken: undefined,
    hasControllers: true,
    hasNodes: nodes.items.length > 0,
    hasProcesses: nodes.items.length > 0,
    isOwn: false,
    [Symbol.asyncDispose]: async () => {},
  };
}
