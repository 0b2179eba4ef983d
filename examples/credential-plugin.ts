/**
 * An exec credential plugin for a token service, as clouds have them: it proves who the machine is with a key, gets a token for
 * the cluster that is asked for, and hands it to kubectl or any other client. In the kubeconfig:
 *
 *   exec:
 *     apiVersion: client.authentication.k8s.io/v1
 *     command: example-credential-plugin
 *     args: [--role, deployer]
 *     env: [{ name: TOKEN_SERVICE_URL, value: "https://tokens.example.com/v1/token" }]
 *     installHint: npm install --global example-credential-plugin
 *     provideClusterInfo: true
 *     interactiveMode: Never
 */
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ExecInfo, type PluginAnswer, runPlugin } from "bowline/auth/plugin";

await runPlugin(async (info) => {
  const { values } = parseArgs({ options: { role: { type: "string", default: "viewer" } } });
  return requestToken(info, values.role);
});

async function requestToken({ spec }: ExecInfo, role: string): Promise<PluginAnswer> {
  const url = process.env["TOKEN_SERVICE_URL"];
  if (url === undefined) throw new Error("set TOKEN_SERVICE_URL in `env` of the kubeconfig's exec section");
  if (spec.cluster === undefined) throw new Error("set provideClusterInfo: true, a token is for one cluster");
  const body = JSON.stringify({ audience: spec.cluster.server, role, time: new Date().toISOString() });
  // The key proves who asks and never leaves the machine.
  const signature = createHmac("sha256", await readKey())
    .update(body)
    .digest("base64");
  const response = await fetch(url, { method: "POST", headers: { "x-signature": signature }, body });
  // Standard error is shown to the user; standard output belongs to the credential.
  if (!response.ok) throw new Error(`${url} answered ${response.status}; is this machine registered for role ${role}?`);
  const { token, expiresInSeconds } = (await response.json()) as { token: string; expiresInSeconds: number };
  return { token, expirationTimestamp: new Date(Date.now() + expiresInSeconds * 1000) };
}

async function readKey(): Promise<string> {
  const file = process.env["TOKEN_SERVICE_KEY"] ?? join(homedir(), ".config", "example-credential-plugin", "key");
  return (await readFile(file, "utf8")).trim();
}
