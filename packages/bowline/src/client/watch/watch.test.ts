import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isExpired, isForbidden, type WatchEvent } from "bowline";
import { FakeClock, fakeClient, status } from "../testdata/fake-transport.ts";
import { BACKOFF_MIN_MS } from "./watch-state.ts";
import { STREAM_GRACE_MS, STREAM_TIMEOUT_SECONDS } from "./watch-stream.ts";

const pod = (name: string, resourceVersion: string): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "web", uid: name, resourceVersion, managedFields: [{ manager: "m" }] },
});
const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const added = (name: string, version: string): string => line("ADDED", pod(name, version));
const bookmark = (version: string, isEnd = false): string =>
  line("BOOKMARK", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { resourceVersion: version, ...(isEnd && { annotations: { "k8s.io/initial-events-end": "true" } }) },
  });
const expired = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: "too old",
  reason: "Expired",
  code: 410,
};

/** A stream that stays open after its chunks. */
async function* open(...chunks: string[]): AsyncGenerator<string> {
  yield* chunks;
  await new Promise<never>(() => {});
}

/** A stream that ends by an error of the connection. */
async function* cut(error: Error, ...chunks: string[]): AsyncGenerator<string> {
  yield* chunks;
  throw error;
}

async function take<T>(count: number, stream: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const one of stream) {
    taken.push(one);
    if (taken.length === count) break;
  }
  return taken;
}

const names = (events: readonly { readonly type: string }[]): string[] =>
  events.map((event) =>
    `${event.type} ${(event as WatchEvent<never>).object ? (event as unknown as { object: { metadata: { name: string } } }).object.metadata.name : ""}`.trim(),
  );

/** Lets promises settle until `until` holds. */
async function settle(until: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (until()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error("did not settle");
}

describe("watch", () => {
  it("begins with the present state in one stream, then changes", async () => {
    const { client, transport } = fakeClient(() => ({
      chunks: open(added("a", "3"), added("b", "5"), bookmark("6", true), line("MODIFIED", pod("a", "7"))),
    }));
    const events = await take(4, client.resource("v1", "Pod", { namespace: "web" }).watch({ bookmarks: true }));
    assert.deepEqual(names(events), ["ADDED a", "ADDED b", "BOOKMARK", "MODIFIED a"]);
    assert.deepEqual(events[2], { type: "BOOKMARK", resourceVersion: "6", isInitialEventsEnd: true });
    assert.deepEqual(transport.lines, [
      `GET /api/v1/namespaces/web/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=${STREAM_TIMEOUT_SECONDS}` +
        "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan",
    ]);
    assert.equal(transport.openStreams, 0);
  });

  it("lists first where the server does not know of initial events, and remembers it", async () => {
    const { client, transport } = fakeClient(({ query }) => {
      if (query.has("sendInitialEvents")) return status(422, "Invalid", "sendInitialEvents is forbidden");
      if (query.has("watch")) return { chunks: open(added("c", "8")) };
      return query.has("continue")
        ? { body: { metadata: { resourceVersion: "7" }, items: [pod("b", "2")] } }
        : { body: { metadata: { resourceVersion: "7", continue: "t" }, items: [pod("a", "1")] } };
    });
    const pods = client.resource("v1", "Pod");
    assert.deepEqual(names(await take(4, pods.watch({ bookmarks: true }))), [
      "ADDED a",
      "ADDED b",
      "BOOKMARK",
      "ADDED c",
    ]);
    assert.deepEqual(names(await take(3, pods.watch())), ["ADDED a", "ADDED b", "ADDED c"]);
    const watches = transport.requests.filter(({ query }) => query.has("watch"));
    assert.deepEqual(
      watches.map(({ query }) => query.get("resourceVersion")),
      [null, "7", "7"],
    );
  });

  it("goes on by a list where the server streams the present state without an end", async () => {
    const clock = new FakeClock();
    const { client, transport } = fakeClient(
      ({ query }) => {
        if (query.has("sendInitialEvents")) {
          return {
            chunks: (async function* () {
              yield added("a", "1") + added("b", "2");
              clock.pass(60_000);
            })(),
          };
        }
        if (query.has("watch")) return { chunks: open(added("d", "8")) };
        return { body: { metadata: { resourceVersion: "7" }, items: [pod("a", "1"), pod("c", "6")] } };
      },
      { clock },
    );
    const events = await take(5, client.resource("v1", "Pod").watch());
    assert.deepEqual(names(events), ["ADDED a", "ADDED b", "ADDED c", "DELETED b", "ADDED d"]);
    assert.equal(transport.requests.at(-1)?.query.get("resourceVersion"), "7");
  });

  it("goes on from the last bookmark after an orderly end", async () => {
    const clock = new FakeClock();
    let passed = false;
    const { client, transport } = fakeClient(
      (_, index) => {
        if (index > 0) return { chunks: open(added("b", "12")) };
        return {
          chunks: (async function* () {
            yield added("a", "3") + bookmark("4", true);
            yield bookmark("11");
            clock.pass(60_000);
            passed = true;
          })(),
        };
      },
      { clock },
    );
    assert.deepEqual(names(await take(2, client.resource("v1", "Pod").watch())), ["ADDED a", "ADDED b"]);
    assert.ok(passed);
    assert.equal(transport.requests[1]?.query.get("resourceVersion"), "11");
    assert.equal(transport.requests[1]?.query.has("sendInitialEvents"), false);
  });

  it("waits and connects again after a lost connection, and tells of it", async () => {
    const { KubeError } = await import("bowline");
    const clock = new FakeClock();
    const lost = new KubeError("ConnectionReset", "reset", { retryable: true });
    const told: unknown[] = [];
    const { client, transport } = fakeClient(
      (_, index) => ({ chunks: index === 0 ? cut(lost, bookmark("4", true), added("a", "5")) : open(added("b", "6")) }),
      { clock },
    );
    const events = take(2, client.resource("v1", "Pod").watch({ onError: (error) => told.push(error) }));
    await settle(() => clock.waits.includes(BACKOFF_MIN_MS));
    clock.pass(30_000);
    assert.deepEqual(names(await events), ["ADDED a", "ADDED b"]);
    assert.deepEqual(told, [lost]);
    assert.equal(transport.requests[1]?.query.get("resourceVersion"), "5");
  });

  it("tells nothing twice and misses nothing where the present state breaks off", async () => {
    const { KubeError } = await import("bowline");
    const clock = new FakeClock();
    const lost = new KubeError("ConnectionReset", "reset", { retryable: true });
    const second = [added("same", "1"), added("changed", "5"), added("new", "4"), bookmark("6", true)];
    const { client } = fakeClient(
      (_, index) => ({
        chunks:
          index === 0 ? cut(lost, added("gone", "1"), added("same", "1"), added("changed", "2")) : open(...second),
      }),
      { clock },
    );
    const events = take(7, client.resource("v1", "Pod").watch({ bookmarks: true }));
    await settle(() => clock.waits.includes(BACKOFF_MIN_MS));
    clock.pass(30_000);
    assert.deepEqual(names(await events), [
      "ADDED gone",
      "ADDED same",
      "ADDED changed",
      "MODIFIED changed",
      "ADDED new",
      "DELETED gone",
      "BOOKMARK",
    ]);
  });

  it("tells of each object as it comes, before the present state is complete", async () => {
    const { client } = fakeClient(() => ({ chunks: open(added("a", "1")) }));
    assert.deepEqual(names(await take(1, client.resource("v1", "Pod").watch())), ["ADDED a"]);
  });

  it("throws Expired where the history is gone, after what came before", async () => {
    const { client } = fakeClient(() => ({ chunks: open(added("a", "5") + line("ERROR", expired)) }));
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const event of client.resource("v1", "Pod").watch({ resourceVersion: "1" })) seen.push(event.type);
    }, isExpired);
    assert.deepEqual(seen, ["ADDED"]);
  });

  it("throws what another try would not mend", async () => {
    const { client } = fakeClient(() => status(403, "Forbidden", "no"));
    await assert.rejects(take(1, client.resource("v1", "Pod").watch()), isForbidden);
  });

  it("throws a typed error where the answer is a web page", async () => {
    const { client } = fakeClient(() => ({ headers: { "content-type": "text/html" }, chunks: open("<html>\n") }));
    await assert.rejects(take(1, client.resource("v1", "Pod").watch()), { code: "NotJson", message: /text\/html/ });
  });

  it("takes a connection for dead that outlives its time", async () => {
    const clock = new FakeClock();
    const told: { code?: string }[] = [];
    const { client, transport } = fakeClient(
      (_, index) => ({ chunks: index === 0 ? open(bookmark("4", true)) : open(added("b", "6")) }),
      { clock },
    );
    const events = take(1, client.resource("v1", "Pod").watch({ onError: (error) => told.push(error as never) }));
    await settle(() => transport.openStreams === 1);
    clock.pass(STREAM_TIMEOUT_SECONDS * 1_000 + STREAM_GRACE_MS);
    await settle(() => told.length === 1);
    clock.pass(30_000);
    assert.deepEqual(names(await events), ["ADDED b"]);
    assert.equal(told[0]?.code, "StreamStalled");
    assert.equal(transport.requests[1]?.query.get("resourceVersion"), "4");
  });

  it("ends without an error when its time is up", async () => {
    const clock = new FakeClock();
    const { client, transport } = fakeClient(() => ({ chunks: open(bookmark("4", true)) }), { clock });
    const events = take(1, client.resource("v1", "Pod").watch({ timeoutMs: 5_000 }));
    await settle(() => transport.openStreams === 1);
    clock.pass(5_000);
    assert.deepEqual(await events, []);
    assert.equal(transport.openStreams, 0);
    assert.equal(clock.pending, 0);
  });

  it("rejects with the signal's reason on abort, and closes the connection", async () => {
    const controller = new AbortController();
    const { client, transport } = fakeClient(() => ({ chunks: open(bookmark("4", true)) }));
    const events = take(1, client.resource("v1", "Pod").watch({ signal: controller.signal }));
    await settle(() => transport.openStreams === 1);
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(events, (error) => error === reason);
    assert.equal(transport.openStreams, 0);
  });

  it("returns while an event is awaited", async () => {
    const { client, transport } = fakeClient(() => ({ chunks: open(bookmark("4", true)) }));
    const iterator = client.resource("v1", "Pod").watch()[Symbol.asyncIterator]();
    const next = iterator.next();
    await settle(() => transport.openStreams === 1);
    await iterator.return?.();
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.equal(transport.openStreams, 0);
  });

  it("requests nothing before it is read", () => {
    const { client, transport } = fakeClient(() => ({}));
    client.resource("v1", "Pod").watch();
    assert.equal(transport.requests.length, 0);
  });

  it("leaves managedFields out where told to", async () => {
    const text = added("a", "3") + bookmark("4", true) + line("MODIFIED", pod("a", "5"));
    const { client } = fakeClient(() => ({ chunks: open(text) }));
    const pods = client.resource("v1", "Pod");
    const objects = async (omitManagedFields: boolean): Promise<boolean[]> =>
      (await take(2, pods.watch({ omitManagedFields }))).map(({ object }) => "managedFields" in object.metadata);
    assert.deepEqual(await objects(true), [false, false]);
    assert.deepEqual(await objects(false), [true, true]);
  });

  it("gives metadata-only objects the kind that was asked for", async () => {
    const partial = { ...pod("a", "3"), apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata" };
    const { client, transport } = fakeClient(() => ({ chunks: open(line("ADDED", partial), bookmark("4", true)) }));
    const [event] = await take(1, client.resource("v1", "Pod").metadataOnly().watch());
    assert.deepEqual([event?.object.apiVersion, event?.object.kind], ["v1", "Pod"]);
    assert.match(String(transport.requests[0]?.headers["accept"]), /as=PartialObjectMetadata/);
  });

  it("reads lines however they are cut into chunks", async () => {
    const text = added("ä", "3") + added("b", "4") + bookmark("5", true) + line("DELETED", pod("ä", "6"));
    for (const size of [1, 7, 50, 1000]) {
      const chunks: string[] = [];
      for (let at = 0; at < text.length; at += size) chunks.push(text.slice(at, at + size));
      const { client } = fakeClient(() => ({ chunks: open(...chunks) }));
      assert.deepEqual(names(await take(3, client.resource("v1", "Pod").watch())), ["ADDED ä", "ADDED b", "DELETED ä"]);
    }
  });
});
