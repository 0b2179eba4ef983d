/**
 * Clients of a server under test.
 */
import { Client, KubeConfig } from "bowline";
import type { SuiteServer } from "../suite/case.ts";

/** The two ways to connect that a {@link SuiteServer} has, from its facts. */
export function connections(
  server: Pick<SuiteServer, "url" | "certificateAuthority" | "kubeconfig">,
): Pick<SuiteServer, "connect" | "connectWithToken"> {
  const { url, certificateAuthority, kubeconfig } = server;
  return {
    connect: (options = {}) => Client.connect({ ...options, kubeconfig }),
    connectWithToken: (token, options = {}) =>
      Client.connect({ ...options, kubeconfig: KubeConfig.from({ server: url, certificateAuthority, token }) }),
  };
}
