/**
 * What a credential at hand costs each request, from the call to the connection layer.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCredentialSource } from "bowline/auth";
import { KubeConfig } from "bowline/config";
import { createTransport } from "../../packages/bowline/src/transport/connect-transport.ts";
import type { TransportResponse } from "../../packages/bowline/src/transport/transport.ts";
import { CaseFolder } from "./case-folder.ts";
import { exec, kubeconfig } from "./kubeconfig-text.ts";

const rounds = 5000;

/** Microseconds from the call to the connection layer, the least of several means. */
async function costOf(user: Readonly<Record<string, unknown>>, folder: CaseFolder): Promise<number> {
  const config = await KubeConfig.parse(kubeconfig(user, { server: "https://127.0.0.1:1" }), {
    directory: folder.path,
  });
  const resolved = config.resolve();
  let reachedAt = 0;
  const response: TransportResponse = {
    status: 200,
    headers: {},
    bytes: async () => new Uint8Array(),
    async *stream() {},
    discard: () => undefined,
  };
  const transport = createTransport({
    cluster: resolved.cluster,
    credentials: createCredentialSource(resolved, { exec: { onStderr: () => undefined } }),
    connector: () => ({
      attempt: async () => {
        reachedAt = performance.now();
        return response;
      },
      close: async () => undefined,
    }),
  });
  const send = async (): Promise<number> => {
    const began = performance.now();
    const sent = transport.send({ method: "GET", path: "/api", headers: {} });
    const costMs = reachedAt - began;
    await sent;
    return costMs;
  };
  await transport.send({ method: "GET", path: "/api", headers: {} });
  const means: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    let totalMs = 0;
    for (let round = 0; round < rounds; round++) totalMs += await send();
    means.push((totalMs / rounds) * 1000);
  }
  await transport.close();
  return Math.min(...means);
}

test("a plugin's credential at hand adds less than 20 microseconds to a request", async () => {
  const ports = { HTTPS: 1, HTTP: 1, PROXY: 1, TLSPROXY: 1, SOCKS: 1 };
  using folder = new CaseFolder({ name: "cost", plugins: { p: {} }, files: { tok: "t" } }, ports);
  const without = await costOf({}, folder);
  for (const user of [
    exec({ command: "./p" }),
    { tokenFile: "tok" },
    { token: "t", as: "me", "as-groups": ["a", "b"] },
  ]) {
    const extra = (await costOf(user, folder)) - without;
    assert.ok(extra < 20, `${extra.toFixed(1)} µs for ${Object.keys(user)[0]}`);
  }
});
