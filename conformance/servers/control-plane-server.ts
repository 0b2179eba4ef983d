/**
 * The real control plane as a server under test.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startControlPlane } from "../control-plane/start-control-plane.ts";
import { startKubeletStub } from "../nodes/kubelet-stub.ts";
import type { SuiteServer } from "../suite/case.ts";
import { connections } from "./connections.ts";

const run = promisify(execFile);

/** Builds what is missing and starts one, with or without controllers and a node. */
export async function startControlPlaneServer(
  withControllers: boolean,
  log?: (line: string) => void,
): Promise<SuiteServer> {
  const plane = await startControlPlane({ controllers: withControllers, log });
  const facts = {
    name: "control plane",
    url: plane.server,
    certificateAuthority: plane.certificateAuthority,
    kubeconfig: plane.kubeconfig,
    adminToken: plane.adminToken,
    plainToken: plane.plainToken,
  };
  const connect = connections(facts);
  const node = withControllers ? await startKubeletStub(await connect.connect({ fieldManager: "kubelet" })) : undefined;
  return {
    ...facts,
    ...connect,
    hasControllers: withControllers,
    hasNodes: node !== undefined,
    isOwn: true,
    compact: () => plane.compact(),
    kubectl: async (args) => {
      const { stdout } = await run(plane.program, ["kubectl", "--kubeconfig", plane.kubeconfigFile, ...args]);
      return stdout;
    },
    [Symbol.asyncDispose]: async () => {
      await node?.close();
      await plane.close();
    },
  };
}
