/**
 * What the suites of connection layers share.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Credential } from "../../auth/credential.ts";
import type { Cluster } from "../../config/cluster.ts";
import { ConnectionError } from "../connection-error.ts";
import type { ConnectionConfig } from "../connection-target.ts";
import type { Connector, TransportRequest } from "../transport.ts";
import { anonymous, clusterAt, type FixtureServer, textOf } from "./fixture-server.ts";

/** Makes a connection layer. */
export type Connect = (cluster: Cluster, config?: ConnectionConfig) => Connector;

export const isDeno: boolean = "Deno" in globalThis;

export interface Pair {
  readonly server: FixtureServer;
  readonly connector: Connector;
  readonly get: (path: string, credential?: Credential, more?: Partial<TransportRequest>) => Promise<string>;
}

/** A server and what connects to it; both are closed after the test. */
export async function pairOf(
  connect: Connect,
  t: TestContext,
  starting: Promise<FixtureServer>,
  changes: Partial<Cluster> = {},
): Promise<Pair> {
  const server = await starting;
  const connector = connect(clusterAt(server.port, changes), { environment: {} });
  t.after(async () => {
    await connector.close();
    await server[Symbol.asyncDispose]();
  });
  const get = async (path: string, credential = anonymous, more: Partial<TransportRequest> = {}) =>
    textOf(await connector.attempt({ method: "GET", path, headers: {}, ...more }, credential));
  return { server, connector, get };
}

export async function failsWith(
  code: string,
  work: Promise<unknown>,
  more: { message?: RegExp; wasSent?: boolean } = {},
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof ConnectionError, String(error));
    assert.equal(error.code, code, error.message);
    if (more.message !== undefined) assert.match(error.message, more.message);
    if (more.wasSent !== undefined) assert.equal(error.wasSent, more.wasSent);
    return true;
  });
}

export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
