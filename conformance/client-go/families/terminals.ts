/**
 * Plugins of a program whose standard input is a terminal.
 */
import type { CredentialCase } from "../case.ts";
import { credential, v1, v1beta1 } from "../kubeconfig-text.ts";
import { execCase } from "./exec-case.ts";

export const terminalCases: readonly CredentialCase[] = [
  ...["Never", "IfAvailable", "Always"].map((interactiveMode) =>
    execCase(`terminal: ${interactiveMode}`, { interactiveMode }, { terminal: true }),
  ),
  execCase(
    "terminal: v1beta1 without a mode",
    { apiVersion: v1beta1, interactiveMode: undefined },
    { terminal: true, plugins: { "bin/p": { outputs: [credential({ token: "t" }, v1beta1)] } } },
  ),
  execCase("terminal: with cluster info", { interactiveMode: "Always", provideClusterInfo: true }, { terminal: true }),
  execCase(
    "terminal: two runs",
    { interactiveMode: "IfAvailable", apiVersion: v1 },
    {
      terminal: true,
      plugins: { "bin/p": { outputs: [credential({ token: "t1", expirationTimestamp: "2000-01-01T00:00:00Z" })] } },
      server: { asksForCertificate: false },
      steps: [{ requests: 2 }],
    },
  ),
];
