/**
 * GET of one object and of a collection.
 */
import { formatApiVersion, parseFieldSelector, parseLabelSelector } from "bowline/core";
import { fieldMatcher } from "../registry/field-selector.ts";
import { readPage, tooLargeRevision, wantedRevision } from "../registry/listing.ts";
import { badRequest, readOrRefuse } from "../registry/status-error.ts";
import type { StoredObject } from "../registry/storage.ts";
import type { ApiObject } from "../registry/strategy.ts";
import type { ListMetadata } from "./output.ts";
import { checkListOptions, type ListOptions, readListOptions, readRevision } from "./request-options.ts";
import type { RequestScope } from "./scope.ts";

/** How long a read waits for a revision that is not there yet. */
const FUTURE_WAIT_MS = 3_000;

/** Answers with one object. */
export async function getObject(scope: RequestScope): Promise<void> {
  const form = scope.outputForm();
  const { query } = scope.exchange;
  const version = query.get("resourceVersion") ?? "";
  if (version !== "") {
    const prefix = `resourceVersion: Invalid value: ${JSON.stringify(version)}: `;
    await reachRevision(scope, readRevision(version, 500, prefix));
  }
  const writer = scope.writer(form);
  const object = scope.store.get(scope.namespace, scope.name);
  scope.exchange.object(200, writer.object(object), form);
}

/** Answers with a list. */
export async function listObjects(scope: RequestScope): Promise<void> {
  const form = scope.outputForm();
  const options = readListOptions(scope.exchange.query);
  const matches = readSelection(scope, options);
  checkListOptions(options);
  checkListRevision(options);
  const { info } = scope.exchange;
  // A list of one name is a read of one key, which has no pages.
  const isSingle =
    info.name !== "" && options.continueToken === "" && !(scope.resource.isNamespaced && info.namespace === "");
  const limit = isSingle ? 0 : options.limit;
  const listing = { ...options, limit, namespace: scope.namespace, matches: onStored(scope, matches) };
  await reachRevision(scope, wantedRevision(listing));
  const page = readPage(scope.store.collection, scope.server.storage.revision, listing);
  const metadata: ListMetadata = {
    resourceVersion: String(page.revision),
    ...(page.continueToken === undefined ? {} : { continue: page.continueToken }),
    ...(page.remainingItemCount === undefined ? {} : { remainingItemCount: page.remainingItemCount }),
  };
  if (form.as === "object" && form.format === "json" && !form.isPretty) {
    scope.exchange.json(200, listText(scope, page.objects, metadata));
    return;
  }
  const objects = page.objects.map((stored) => scope.store.served(stored));
  scope.exchange.object(200, scope.writer(form).list(objects, metadata), form);
}

/**
 * Whether a list's or deletecollection's resourceVersion is a number.
 * @throws StatusError 400
 */
export function checkListRevision({ resourceVersion, continueToken }: ListOptions): void {
  // With a token any other revision is refused, whatever it is.
  if (resourceVersion === "" || (continueToken !== "" && resourceVersion !== "0")) return;
  const prefix = `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: `;
  readRevision(resourceVersion, 400, prefix);
}

/**
 * The selectors of a list, watch or deletecollection as one check; `undefined` for none.
 * @throws StatusError 400
 */
export function readSelection(scope: RequestScope, options: ListOptions): ((object: ApiObject) => boolean) | undefined {
  if (options.labelSelector === "" && options.fieldSelector === "") return undefined;
  const labels = readOrRefuse(() => parseLabelSelector(options.labelSelector));
  const fields = readOrRefuse(() => parseFieldSelector(options.fieldSelector));
  const matchesFields = fieldMatcher(fields, scope.resource, scope.store.strategy);
  return (object) => labels.matches(object.metadata.labels) && matchesFields(object);
}

/** A selection of stored objects, by what they are in the version that is served. */
export function onStored(
  { store }: RequestScope,
  matches: ((object: ApiObject) => boolean) | undefined,
): ((object: ApiObject) => boolean) | undefined {
  const { fromStorage } = store.strategy;
  return matches === undefined || fromStorage === undefined ? matches : (object) => matches(fromStorage(object));
}

/**
 * Waits until the storage has reached a revision.
 * @throws StatusError 504
 */
export async function reachRevision(scope: RequestScope, revision: number): Promise<void> {
  const { storage, clock } = scope.server;
  if (revision <= storage.revision) return;
  const isReached = await new Promise<boolean>((resolve) => {
    const finish = (reached: boolean) => {
      cancel();
      unsubscribe();
      scope.exchange.response.off("close", abandon);
      resolve(reached);
    };
    const abandon = () => finish(false);
    const cancel = clock.after(FUTURE_WAIT_MS, () => finish(false));
    const unsubscribe = storage.subscribe(() => {
      if (storage.revision >= revision) finish(true);
    });
    scope.exchange.response.once("close", abandon);
  });
  if (!isReached) throw tooLargeRevision(revision, storage.revision);
}

/** The list put together from each object's own text, which is made once for all lists. */
function listText(scope: RequestScope, objects: readonly StoredObject[], metadata: ListMetadata): string {
  const { resource, store } = scope;
  const apiVersion = formatApiVersion(resource);
  const items = objects.map((stored) => {
    if (resource.isCustom) return JSON.stringify(store.served(stored));
    const served = store.served(stored);
    if (served === stored.object) return `{${stored.body}`;
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = served;
    return JSON.stringify(rest);
  });
  if (resource.isCustom) {
    // Lists of custom resources are maps in the real server: keys in order, and no field left out for being empty.
    const { continue: next = "", ...more } = metadata;
    const rest = JSON.stringify({
      kind: resource.listKind ?? `${resource.kind}List`,
      metadata: { continue: next, ...more },
    }).slice(1);
    return `{"apiVersion":${JSON.stringify(apiVersion)},"items":[${items.join(",")}],${rest}`;
  }
  const head = JSON.stringify({ kind: resource.listKind ?? `${resource.kind}List`, apiVersion, metadata });
  return `${head.slice(0, -1)},"items":[${items.join(",")}]}`;
}

/** @throws StatusError 400 */
export function checkNamespace(scope: RequestScope, object: ApiObject): void {
  const sent = object.metadata.namespace ?? "";
  if (!scope.resource.isNamespaced) delete object.metadata.namespace;
  else if (sent === "") object.metadata.namespace = scope.namespace;
  else if (sent !== scope.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
