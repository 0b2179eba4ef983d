/**
 * Watches over HTTP: one JSON document a line, until the client goes or time is up.
 */
import { formatApiVersion } from "bowline/core";
import { negotiateOutput, negotiateStream } from "../http/negotiation.ts";
import { readSelection } from "../http/read-handlers.ts";
import { checkListOptions, type ListOptions, readListOptions, readRevision } from "../http/request-options.ts";
import type { RequestScope } from "../http/scope.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { schemaFor, zeroValue } from "../schema/index.ts";
import { type EventSink, type EventType, type WatchQuery, WatchStream } from "./watch-stream.ts";

/** Where no timeout is asked for, a watch ends after this long or up to twice as long. */
const DEFAULT_TIMEOUT_SECONDS = 1800;
/** About how often a quiet watch gets a bookmark. */
const BOOKMARK_INTERVAL_MS = 60_000;
/** Marks the bookmark after the present state. */
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** Lets a test cut a watch. */
export interface WatchLimits {
  /** Breaks the connection after so many events. */
  readonly cutAfterEvents?: number | undefined;
  /** Falls silent after so many events. */
  readonly stallAfterEvents?: number | undefined;
  /** Waits so long after each event. */
  readonly eventDelayMs?: number | undefined;
}

/** Writes events until the stream ends. */
export async function watchObjects(scope: RequestScope, limits: WatchLimits = {}): Promise<void> {
  const { exchange, server, store } = scope;
  negotiateOutput(exchange.header("accept"), exchange.query);
  const options = withDefaults({ ...readListOptions(exchange.query), isWatch: true });
  const matches = readSelection(scope, options) ?? (() => true);
  checkListOptions(options);
  const form = negotiateStream(exchange.header("accept"), exchange.query);
  const version = options.resourceVersion;
  const prefix = `resourceVersion: Invalid value: ${JSON.stringify(version)}: `;
  const revision = version === "" ? 0 : readRevision(version, 500, prefix);
  const writer = scope.writer(form);
  const { response } = exchange;
  exchange.open(200, { "content-type": "application/json" });
  if (form.as === "PartialObjectMetadataList") {
    response.end();
    return;
  }
  let isFirst = true;
  let count = 0;
  const sink: EventSink = {
    write: (type: EventType, object) => {
      const shown = type === "ERROR" ? object : writer.event(object as ApiObject, isFirst);
      isFirst = false;
      const isWritten = response.write(`${JSON.stringify({ type, object: shown })}\n`);
      count += 1;
      if (limits.cutAfterEvents !== undefined && count >= limits.cutAfterEvents) {
        stream.close();
        // Only once what was written is on its way, so that the client sees exactly so many events.
        response.write("", () => response.destroy());
      }
      if (limits.stallAfterEvents !== undefined && count >= limits.stallAfterEvents) return false;
      if (limits.eventDelayMs === undefined) return isWritten;
      cancels.push(server.clock.after(limits.eventDelayMs, () => stream.resume()));
      return false;
    },
    end: () => response.end(),
  };
  const stream = new WatchStream({
    collection: store.collection,
    query: watchQuery(scope, options, revision, matches),
    sink,
    currentRevision: () => server.storage.revision,
    bookmark: (at, isInitialEnd) => bookmark(scope, at, isInitialEnd),
    convert: (stored) => store.served(stored),
  });
  const seconds = options.timeoutSeconds ?? 0;
  // A time that is over already ends the watch once the present state is told.
  const timeoutMs = 1000 * (seconds === 0 ? DEFAULT_TIMEOUT_SECONDS * (1 + Math.random()) : Math.max(seconds, 0));
  const cancels = [server.clock.after(timeoutMs, () => stream.end())];
  const remind = () => {
    cancels[1] = server.clock.after(BOOKMARK_INTERVAL_MS, () => {
      stream.bookmark();
      remind();
    });
  };
  if (options.allowWatchBookmarks) remind();
  cancels.push(server.custom.whenUnserved(scope.resource, () => stream.end()));
  await new Promise<void>((resolve) => {
    // Who is made to wait by a fault is not to be woken by the socket.
    const isPaced = limits.stallAfterEvents !== undefined || limits.eventDelayMs !== undefined;
    if (!isPaced) response.on("drain", () => stream.resume());
    response.once("close", resolve);
    response.once("finish", resolve);
    stream.start();
  });
  for (const cancel of cancels) cancel();
  stream.close();
}

/** A watch from no revision in particular is one that begins with the present state. */
function withDefaults(options: ListOptions): ListOptions {
  const isUndecided = options.sendInitialEvents === undefined && options.resourceVersionMatch === "";
  if (!isUndecided || (options.resourceVersion !== "" && options.resourceVersion !== "0")) return options;
  return { ...options, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" };
}

function watchQuery(
  scope: RequestScope,
  options: ListOptions,
  revision: number,
  matches: WatchQuery["matches"],
): WatchQuery {
  const isFromState = options.sendInitialEvents ?? revision === 0;
  return {
    namespace: scope.namespace,
    name: scope.exchange.info.isPrefixWatch && scope.name !== "" ? scope.name : undefined,
    matches,
    start: isFromState
      ? { type: "state" }
      : { type: "after", revision: revision === 0 ? scope.server.storage.revision : revision },
    marksInitialEnd: options.sendInitialEvents === true && options.allowWatchBookmarks,
    allowsBookmarks: options.allowWatchBookmarks,
  };
}

function bookmark(scope: RequestScope, revision: number, isInitialEnd: boolean): ApiObject {
  const { group, version, kind, isCustom } = scope.resource;
  const schema = isCustom ? undefined : schemaFor(group, version, kind);
  const empty: Record<string, unknown> = schema === undefined ? {} : (zeroValue(schema) as Record<string, unknown>);
  const annotations = isInitialEnd ? { annotations: { [INITIAL_EVENTS_END]: "true" } } : {};
  // A bookmark has no name, which the type of stored objects has.
  const metadata = { resourceVersion: String(revision), ...annotations } as unknown as ApiObject["metadata"];
  const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, ...rest } = empty;
  // The server's own types of workloads have a number where those of the API have an optional one.
  if (group === "apps" && scope.resource.subresources.includes("scale"))
    rest["spec"] = { ...(rest["spec"] as object), replicas: 0 };
  return { kind, apiVersion: formatApiVersion(scope.resource), metadata, ...rest };
}
