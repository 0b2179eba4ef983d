/**
 * The test server as a server under test.
 */
import type { startTestServer as start } from "@bowline/testing";
import type { SuiteServer } from "../suite/case.ts";
import { connections } from "./connections.ts";

/** By token: the same users as the control plane's. */
const USERS = {
  "admin-token": { user: "token-admin", uid: "1", groups: ["system:masters"] },
  "plain-token": { user: "plain-user", uid: "2", groups: ["devs"] },
};

/** How the server is started: the package's own function, or that of an altered copy. */
export type StartTestServer = typeof start;

/** Starts one, with or without controllers and nodes. */
export async function startTestServerServer(
  withControllers: boolean,
  startTestServer?: StartTestServer,
): Promise<SuiteServer> {
  const begin = startTestServer ?? (await import("@bowline/testing")).startTestServer;
  const server = await begin({ tokens: USERS, controllers: withControllers });
  const facts = {
    name: "test server",
    url: server.url,
    certificateAuthority: server.certificateAuthority,
    kubeconfig: server.kubeconfig,
    adminToken: "admin-token",
    plainToken: "plain-token",
  };
  return {
    ...facts,
    ...connections(facts),
    hasControllers: withControllers,
    hasNodes: withControllers,
    hasProcesses: false,
    isOwn: true,
    compact: async () => server.compact(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
