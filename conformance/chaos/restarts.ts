/**
 * Kills kube-apiserver and etcd while objects are written and watched. A watch must give every change that was stored, or
 * throw Expired where it cannot; a list and a new watch then go on.
 */
import { fileURLToPath } from "node:url";
import { Client, isConflict, isExpired, KubeError } from "bowline";
import {
  type ControlPlane,
  type ControlPlaneProcess,
  startControlPlane,
} from "../control-plane/start-control-plane.ts";

const OBJECTS = 5;
const WRITES_BETWEEN = 20;
const NAMESPACE = "default";
/** What is killed, in this order, with writes before, during and after. */
const KILLED: readonly (readonly ControlPlaneProcess[])[] = [["kube-apiserver"], ["etcd"], ["kube-apiserver", "etcd"]];

/** Runs all restarts on a control plane of their own; a word on what was seen. */
export async function runRestartCases(): Promise<string> {
  await using plane = await startControlPlane({ controllers: false });
  await using client = await Client.connect({ kubeconfig: plane.kubeconfig, fieldManager: "chaos" });
  const maps = client.resource("v1", "ConfigMap", { namespace: NAMESPACE });
  const names = Array.from({ length: OBJECTS }, (_, index) => `chaos-${index}`);
  for (const name of names) await maps.create({ metadata: { name, labels: { chaos: "yes" } }, data: { n: "0" } });
  const stop = new AbortController();
  const follower = new Follower(client);
  const following = follower.run(stop.signal);
  const writer = new Writer(client, names);
  try {
    await follower.until(new Map(names.map((name) => [name, 0])));
    for (const killed of KILLED) {
      await writer.write(WRITES_BETWEEN);
      const writing = writer.write(WRITES_BETWEEN);
      await crash(plane, killed);
      await writing;
      await writer.write(WRITES_BETWEEN);
    }
    await follower.until(writer.last);
  } finally {
    stop.abort();
    await following;
  }
  const lost = [...writer.stored].filter(
    ([version, write]) => !follower.seen.has(version) && !follower.mayHaveMissed(write),
  );
  if (lost.length > 0)
    throw new Error(
      `the watch lost ${lost.length} of ${writer.stored.size} writes: ${JSON.stringify(lost.slice(0, 5))}`,
    );
  return `${KILLED.length} crashes: ${writer.stored.size} writes, none lost, ${follower.expired} times Expired`;
}

async function crash(plane: ControlPlane, killed: readonly ControlPlaneProcess[]): Promise<void> {
  for (const name of killed) await plane.kill(name);
  await plane.restart([...killed].reverse());
}

/** A write that the server confirmed. */
interface Write {
  readonly name: string;
  readonly n: number;
}

/** Counts up in objects, again after each failure. */
class Writer {
  /** By resourceVersion. */
  readonly stored: Map<string, Write> = new Map();
  /** The last value in each object. */
  readonly last: Map<string, number> = new Map();
  readonly #client: Client;
  readonly #names: readonly string[];
  #n = 0;

  constructor(client: Client, names: readonly string[]) {
    this.#client = client;
    this.#names = names;
  }

  async write(count: number): Promise<void> {
    for (let written = 0; written < count; written++) {
      this.#n += 1;
      await this.#one(this.#names[this.#n % this.#names.length] ?? "", this.#n);
    }
  }

  async #one(name: string, n: number): Promise<void> {
    const maps = this.#client.resource("v1", "ConfigMap", { namespace: NAMESPACE });
    for (const end = Date.now() + 60_000; ; ) {
      try {
        // The same value again changes nothing, so that an attempt whose answer was lost is not written twice.
        const { metadata } = await maps.patch(name, { data: { n: String(n) } }, { timeoutMs: 5_000 });
        this.stored.set(metadata.resourceVersion, { name, n });
        this.last.set(name, n);
        return;
      } catch (error) {
        if (!(error instanceof KubeError) || isConflict(error) || Date.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** Watches, and lists again where it must. */
class Follower {
  /** Versions of events, and of states that a list gave. */
  readonly seen: Set<string> = new Set();
  expired = 0;
  readonly #client: Client;
  readonly #values: Map<string, number> = new Map();
  /** By name, the ranges of values that Expired owned up to. */
  readonly #gaps: { readonly name: string; readonly after: number; readonly until: number }[] = [];
  #changed: () => void = () => {};

  constructor(client: Client) {
    this.#client = client;
  }

  async run(signal: AbortSignal): Promise<void> {
    const maps = this.#client.resource("v1", "ConfigMap", { namespace: NAMESPACE });
    let isAfterExpired = false;
    while (!signal.aborted) {
      try {
        for await (const { object } of maps.watch({ labelSelector: { chaos: "yes" }, signal })) {
          const { name, resourceVersion } = object.metadata;
          const n = Number(object.data?.["n"]);
          if (isAfterExpired) this.#gaps.push({ name, after: this.#values.get(name) ?? -1, until: n });
          this.seen.add(resourceVersion);
          this.#values.set(name, n);
          this.#changed();
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!isExpired(error)) throw error;
        this.expired += 1;
        isAfterExpired = true;
      }
    }
  }

  /** Whether a write lies where the watch said that it could not go on without a gap. */
  mayHaveMissed({ name, n }: Write): boolean {
    return this.#gaps.some((gap) => gap.name === name && n > gap.after && n <= gap.until);
  }

  /** Resolves when each object's last value has been seen. */
  async until(last: ReadonlyMap<string, number>): Promise<void> {
    const isThere = (): boolean => [...last].every(([name, n]) => (this.#values.get(name) ?? -1) >= n);
    const timeout = setTimeout(() => this.#changed(), 60_000);
    const end = Date.now() + 59_000;
    while (!isThere()) {
      if (Date.now() > end) throw new Error(`the watch never saw the last state: ${JSON.stringify([...this.#values])}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    clearTimeout(timeout);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await runRestartCases());
