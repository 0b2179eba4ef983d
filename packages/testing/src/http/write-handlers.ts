/**
 * POST to a collection and PUT of an object.
 */
import { withWebhooks } from "../admission/webhooks/webhook-session.ts";
import { recordUpdate } from "../registry/ownership.ts";
import { badRequest } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { decodeBody } from "./body-decoder.ts";
import { bodyFormat } from "./negotiation.ts";
import { checkNamespace } from "./read-handlers.ts";
import { readWriteOptions, type WriteOptions } from "./request-options.ts";
import type { RequestScope } from "./scope.ts";

/** Creates the object in the body. */
export async function createObject(scope: RequestScope): Promise<void> {
  const form = scope.outputForm();
  const format = bodyFormat(scope.exchange.header("content-type"));
  const text = await scope.exchange.body();
  const options = readWriteOptions(scope.exchange.query, "CreateOptions");
  const context = scope.context(options.isDryRun);
  const object = readObject(scope, text, format, options.fieldValidation, context);
  const created = await withWebhooks(context, (copy) =>
    scope.store.create(copy(object), {
      namespace: scope.namespace,
      context,
      options: admissionOptions("CreateOptions", options),
      own: (admitted) => recordUpdate(undefined, admitted, ownershipOf(scope, options)),
    }),
  );
  scope.exchange.object(201, scope.writer(form).object(created), form);
}

/** Replaces the object, or the part of it that a subresource stands for, by the one in the body. */
export async function updateObject(scope: RequestScope): Promise<void> {
  const form = scope.outputForm();
  const options = readWriteOptions(scope.exchange.query, "UpdateOptions");
  const format = bodyFormat(scope.exchange.header("content-type"));
  const text = await scope.exchange.body();
  const context = scope.context(options.isDryRun);
  const object = readObject(scope, text, format, options.fieldValidation, context);
  checkName(scope, object);
  const { object: updated, wasCreated } = await withWebhooks(context, (copy) =>
    scope.store.update({
      namespace: scope.namespace,
      name: scope.name,
      context,
      options: admissionOptions("UpdateOptions", options),
      uid: object.metadata.uid,
      transform: (live) => {
        const sent = copy(object);
        recordUpdate(live, sent, ownershipOf(scope, options));
        return sent;
      },
    }),
  );
  scope.exchange.object(wasCreated ? 201 : 200, scope.writer(form).object(updated), form);
}

/** The object in a body, with its defaults, in the namespace of the path. */
function readObject(
  scope: RequestScope,
  text: string,
  format: ReturnType<typeof bodyFormat>,
  validation: WriteOptions["fieldValidation"],
  context: ReturnType<RequestScope["context"]>,
): ApiObject {
  const object = decodeBody(text, format, scope.resource, {
    validation,
    schema: scope.resource.isCustom ? scope.schema : undefined,
    otherSchema: (apiVersion) => scope.server.custom.otherSchemaOf(scope.resource, apiVersion),
    warn: (warning) => scope.exchange.warn(warning),
  });
  scope.store.strategy.default?.(object, context);
  checkNamespace(scope, object);
  return object;
}

/**
 * The name in a body must be the one in the path.
 * @throws StatusError 400
 */
export function checkName(scope: RequestScope, object: ApiObject): void {
  const name = object.metadata.name ?? "";
  if (name === "") {
    throw badRequest(`the name of the object (${scope.name} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== scope.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${scope.name})`);
  }
}

/** What managedFields are to say of a write. */
export function ownershipOf(scope: RequestScope, options: WriteOptions): Parameters<typeof recordUpdate>[2] {
  return {
    manager: scope.manager(options.fieldManager),
    subresource: scope.subresource,
    resource: scope.resource,
    strategy: scope.store.strategy,
    schema: scope.schema,
    now: scope.server.clock.now(),
    inVersion: (object, apiVersion) => scope.server.inVersion(object, apiVersion, scope.resource),
  };
}

/** The options object that admission sees. */
export function admissionOptions(kind: string, options: WriteOptions): Readonly<Record<string, unknown>> {
  return {
    apiVersion: "meta.k8s.io/v1",
    kind,
    ...(options.isDryRun ? { dryRun: ["All"] } : {}),
    ...(options.fieldManager === "" ? {} : { fieldManager: options.fieldManager }),
    fieldValidation: options.fieldValidation,
    ...(options.force === undefined ? {} : { force: options.force }),
  };
}
