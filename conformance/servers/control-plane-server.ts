/**
 * The real control plane as a server under test.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startControlPlane } from "../control-plane/start-control-plane.ts";
import type { SuiteServer } from "../suite/case.ts";
import { connections } from "./connections.ts";

const run = promisify(execFile);

/** Builds what is missing and starts one, with or without controllers and a node. */
export async function startControlPlaneServer(
  withControllers: boolean,
  log?: (line: string) => void,
): Promise<SuiteServer> {
  const plane = await startControlPlane({ controllers: withControllers, node: withControllers, log });
  const facts = {
    name: "control plane",
    url: plane.server,
    certificateAuthority: plane.certificateAuthority,
    kubeconfig: plane.kubeconfig,
    adminToken: plane.adminToken,
    plainToken: plane.plainToken,
  };
  return {
    ...facts,
    ...connections(facts),
    hasControllers: withControllers,
    hasNodes: withControllers,
    hasProcesses: withControllers,
    isOwn: true,
    compact: () => plane.compact(),
    kubectl: async (args) => {
      const { stdout } = await run(plane.program, ["kubectl", "--kubeconfig", plane.kubeconfigFile, ...args]);
      return stdout;
    },
    [Symbol.asyncDispose]: () => plane.close(),
  };
}
