/**
 * `token` of a ServiceAccount: issues a token for it.
 */
import { formatTime } from "bowline/core";
import { type BoundObject, SERVER_AUDIENCE } from "../auth/service-account-tokens.ts";
import { decodeBody } from "../http/body-decoder.ts";
import { bodyFormat, METADATA_TRANSFORMS } from "../http/negotiation.ts";
import { checkNamespace } from "../http/read-handlers.ts";
import { readWriteOptions } from "../http/request-options.ts";
import type { RequestScope } from "../http/scope.ts";
import { ownershipOf } from "../http/write-handlers.ts";
import { recordUpdate } from "../registry/ownership.ts";
import { badRequest, conflict, invalid, notFound } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { schemaFor } from "../schema/index.ts";

const REQUEST: { readonly group: string; readonly version: string; readonly kind: string; readonly isCustom: boolean } =
  {
    group: "authentication.k8s.io",
    version: "v1",
    kind: "TokenRequest",
    isCustom: false,
  };
const QUALIFIED = { group: REQUEST.group, name: REQUEST.kind };
const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
const PLURALS: Readonly<Record<string, string>> = { Pod: "pods", Secret: "secrets", Node: "nodes" };

interface TokenSpec {
  readonly audiences?: readonly string[] | null;
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: {
    readonly kind?: string;
    readonly apiVersion?: string;
    readonly name?: string;
    readonly uid?: string;
  } | null;
}

export async function requestToken(scope: RequestScope): Promise<void> {
  const { exchange, server, store, namespace, name } = scope;
  const form = scope.outputForm(METADATA_TRANSFORMS);
  const format = bodyFormat(exchange.header("content-type"));
  const text = await exchange.body();
  const options = readWriteOptions(exchange.query, "CreateOptions");
  const request = decodeBody(text, format, REQUEST, {
    validation: options.fieldValidation,
    warn: (warning) => exchange.warn(warning),
  });
  const spec = (request["spec"] ?? {}) as TokenSpec;
  // Owned are the fields as they were defaulted, but the audiences, which are filled in later.
  request["spec"] = { ...spec, expirationSeconds: spec.expirationSeconds ?? DEFAULT_SECONDS };
  const ownership = ownershipOf(scope, options);
  const resource = { ...scope.resource, ...REQUEST };
  recordUpdate(undefined, request, {
    ...ownership,
    resource,
    schema: schemaFor(REQUEST.group, REQUEST.version, REQUEST.kind),
  });
  checkNamespace(scope, request);
  const { metadata } = request;
  if (metadata.name !== undefined && metadata.name !== "" && metadata.name !== name) {
    throw mismatch(name, "metadata.name", metadata.name, "must match the service account name if specified");
  }
  const account = store.get(namespace, name);
  const { uid = "" } = account.metadata;
  if (metadata.uid !== undefined && metadata.uid !== uid) {
    const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`;
    throw conflict(QUALIFIED, name, why);
  }
  const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
  if (seconds < MIN_SECONDS)
    throw mismatch("", "spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
  if (seconds > MAX_SECONDS) {
    throw mismatch("", "spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
  }
  const bound = boundObject(scope, spec);
  const audiences = (spec.audiences?.length ?? 0) === 0 ? [SERVER_AUDIENCE] : (spec.audiences ?? []);
  const now = server.clock.now();
  const answer: ApiObject = {
    kind: REQUEST.kind,
    apiVersion: "authentication.k8s.io/v1",
    metadata: {
      name,
      namespace,
      uid,
      creationTimestamp: formatTime(now),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata["managedFields"] === undefined ? {} : { managedFields: metadata["managedFields"] }),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: {
      token: server.serviceAccountTokens.issue(account, audiences, seconds, bound),
      expirationTimestamp: formatTime(new Date(now.getTime() + seconds * 1000)),
    },
  };
  exchange.object(201, scope.writer(form).object(answer), form);
}

/** @throws StatusError 400, 404 and 409 */
function boundObject(scope: RequestScope, spec: TokenSpec): BoundObject | undefined {
  const reference = spec.boundObjectRef;
  if (reference === undefined || reference === null) return undefined;
  const { kind = "", apiVersion = "", name = "", uid } = reference;
  const plural = PLURALS[kind];
  if (apiVersion.includes("/") || plural === undefined) {
    const groupVersion = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
    throw badRequest(`cannot bind token to object of type ${groupVersion}, Kind=${kind}`);
  }
  const found = scope.server.find("v1", kind, kind === "Node" ? undefined : scope.namespace, name);
  if (found === undefined) throw notFound({ group: "", name: plural }, name);
  const account = (found["spec"] as { serviceAccountName?: string } | undefined)?.serviceAccountName;
  if (kind === "Pod" && account !== scope.name) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(scope.name)} to pod running with different serviceaccount name.`,
    );
  }
  if (uid !== undefined && uid !== "" && uid !== found.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: "", name: kind }, name, why);
  }
  return {
    kind: kind as BoundObject["kind"],
    name,
    uid: found.metadata.uid ?? "",
    node: kind === "Pod" ? nodeOf(scope, found) : undefined,
  };
}

/** Where a Pod runs, for its token to tell. */
function nodeOf(scope: RequestScope, bound: ApiObject): BoundObject["node"] {
  const name = (bound["spec"] as { nodeName?: string } | undefined)?.nodeName ?? "";
  if (name === "") return undefined;
  return { name, uid: scope.server.find("v1", "Node", undefined, name)?.metadata.uid };
}

function mismatch(name: string, field: string, value: string | number, why: string): Error {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return invalid(QUALIFIED, name, [{ type: "FieldValueInvalid", field, message }]);
}
