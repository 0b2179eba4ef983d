/**
 * The objects of a fresh cluster: namespaces, the `kubernetes` Service, default roles and priorities.
 */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { formatTime } from "bowline/core";
import { keyOf } from "../registry/store.ts";
import type { ApiObject } from "../registry/strategy.ts";
import type { ApiServer } from "./api-server.ts";

const RECORDED = new URL("../../data/recorded/bootstrap.json.gz", import.meta.url);
/** Stands in the recorded objects where the time of their creation goes. */
const NOW = '"@now"';

let text: string | undefined;

/** Stores the recorded objects of a fresh cluster, as the server's own; history begins after them. */
export function bootstrap(server: ApiServer): void {
  text ??= gunzipSync(readFileSync(RECORDED)).toString("utf8");
  const now = JSON.stringify(formatTime(server.clock.now()));
  for (const object of JSON.parse(text.replaceAll(NOW, now)) as ApiObject[]) {
    const resource = server.registry.byKind(object.apiVersion, object.kind);
    if (resource === undefined) continue;
    const { name, namespace = "" } = object.metadata;
    object.metadata.uid = crypto.randomUUID();
    server.store(resource).collection.put(keyOf(resource.isNamespaced ? namespace : "", name), object);
  }
  server.storage.compact();
}
