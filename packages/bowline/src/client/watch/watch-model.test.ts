import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer } from "@bowline/testing";
import { clientOf } from "../client.ts";
import { connectParts } from "../connect.ts";
import { type Clock, systemClock } from "./clock.ts";

/** Pauses between tries pass quickly; the long times of a healthy stream stay. */
const hastyClock: Clock = {
  ...systemClock,
  after: (afterMs, run) => systemClock.after(afterMs < 40_000 ? afterMs / 200 : afterMs, run),
};

/** The same numbers each time, so that a failure comes again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

test("a watch over a failing server ends with the state that the server has, each object's changes in order", async () => {
  await using server = await startTestServer();
  // What the server answers is for the watch to deal with, not for the transport.
  const retry = { maxRetries: 0, maxUnaskedRetries: 0 };
  const parts = await connectParts({ kubeconfig: server.kubeconfig, retry });
  await using client = clientOf({ ...parts, clock: hastyClock });
  for (let seed = 1; seed <= 4; seed++) {
    const random = randomOf(seed);
    const namespace = `model-${seed}`;
    server.objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const mirror = new Map<string, string>();
    const versions = new Map<string, number>();
    const controller = new AbortController();
    let onEvent = (): void => {};
    /** Resolves once the mirror holds the object in this state. */
    const mirrored = (name: string, n: string): Promise<void> =>
      new Promise((resolve) => {
        onEvent = () => {
          if (mirror.get(name) === n) resolve();
        };
        onEvent();
      });
    const watching = (async () => {
      const maps = client.resource("v1", "ConfigMap", { namespace });
      for await (const { type, object } of maps.watch({
        signal: controller.signal,
        omitManagedFields: seed % 2 === 0,
      })) {
        const { name, uid, resourceVersion } = object.metadata;
        const last = versions.get(uid) ?? 0;
        // What has gone while the present state was read is told with its last known state.
        const isNewer = Number(resourceVersion) > last || (type === "DELETED" && Number(resourceVersion) === last);
        assert.ok(isNewer, `${name} went back from ${last} to ${resourceVersion}`);
        versions.set(uid, Number(resourceVersion));
        if (type === "DELETED") mirror.delete(name);
        else mirror.set(name, object.data?.["n"] ?? "");
        onEvent();
      }
    })();
    for (let step = 0; step < 120; step++) {
      const name = `m${random(6)}`;
      const known = server.objects.get("v1", "ConfigMap", namespace, name);
      const data = { n: String(step) };
      const action = random(10);
      if (known === undefined)
        server.objects.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data } as never);
      else if (action < 3) server.objects.delete("v1", "ConfigMap", namespace, name);
      else server.objects.patch("v1", "ConfigMap", namespace, name, { data });
      if (random(12) === 0) server.dropConnections();
      if (random(20) === 0) server.faults.add({ type: "cut", afterEvents: random(4), verb: "watch" });
      if (random(20) === 0) server.faults.add({ type: "status", httpStatus: 503, verb: "watch" });
      // Now and then the watch catches up, so that the next fault meets a stream and not a pause.
      if (random(4) === 0 && server.objects.get("v1", "ConfigMap", namespace, name) !== undefined) {
        await Promise.race([mirrored(name, String(step)), watching]);
      }
    }
    server.faults.clear();
    server.objects.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "z-end", namespace },
      data: { n: "end" },
    } as never);
    await Promise.race([mirrored("z-end", "end"), watching]);
    controller.abort();
    await watching.catch(() => {});
    const expected = server.objects.list("v1", "ConfigMap", namespace);
    const state = expected.map(({ metadata, ...rest }) => [metadata.name, (rest["data"] as { n: string }).n] as const);
    assert.deepEqual([...mirror].sort(), [...state].sort());
  }
  // Else the faults have met nothing, and the test has shown nothing.
  assert.ok(server.requests.filter(({ verb }) => verb === "watch").length > 15);
});
