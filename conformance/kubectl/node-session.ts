/**
 * Runs the commands that need a node, on a control plane that has one, and says what did not come of them. Also looks that
 * nobody else can call the node, and that in the end nothing that it ran is left.
 */
import assert from "node:assert/strict";
import { request } from "node:https";
import { Client } from "bowline";

import { type ControlPlane, NODE_NAME } from "../control-plane/start-control-plane.ts";
import { NODE_COMMANDS } from "./node-commands.ts";
import { checkPortForward } from "./port-forward.ts";
import type { Kubectl } from "./run-kubectl.ts";

/** What became of the session. */
export interface NodeSession {
  readonly total: number;
  /** A text each. */
  readonly failures: readonly string[];
  /** Of a process in a Pod; undefined where none was seen. */
  readonly pid: number | undefined;
}

/** Runs everything, also after a failure. */
export async function runNodeSession(plane: ControlPlane, kubectl: Kubectl): Promise<NodeSession> {
  const failures: string[] = [];
  for (const { line, stdin, status = 0, output } of NODE_COMMANDS) {
    const got = await kubectl.run({ line, stdin });
    const isAsWanted = typeof output === "string" ? got.output === output : output.test(got.output);
    if (got.status === status && isAsWanted) continue;
    failures.push(`kubectl ${line}
  wanted, exit ${status}: ${typeof output === "string" ? JSON.stringify(output) : output}
  got, exit ${got.status}: ${JSON.stringify(got.output.slice(0, 1000))}`);
  }
  let pid: number | undefined;
  const checks = {
    "kubectl port-forward": async () => {
      pid = await checkPortForward(plane);
    },
    "the kubelet's callers": () => checkKubeletIsClosed(plane),
  };
  for (const [name, check] of Object.entries(checks)) {
    await check().catch((error: unknown) => {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  return { total: NODE_COMMANDS.length + Object.keys(checks).length, failures, pid };
}

/** That the kubelet lets nobody in but kube-apiserver. */
async function checkKubeletIsClosed(plane: ControlPlane): Promise<void> {
  await using client = await Client.connect({ kubeconfig: plane.kubeconfig });
  const node = await client.resource("v1", "Node").get(NODE_NAME);
  const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port;
  await assert.rejects(
    new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/pods", rejectUnauthorized: false }, resolve)
        .once("error", reject)
        .end();
    }),
    "the kubelet answers a caller without a certificate",
  );
}

/** That a process of a Pod is gone. */
export function checkIsGone(pid: number): void {
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" }, `process ${pid} of a Pod is left`);
}
