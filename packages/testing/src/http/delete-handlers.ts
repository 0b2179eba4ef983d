/**
 * DELETE of an object and of a collection.
 */
import { withWebhooks } from "../admission/webhooks/webhook-session.ts";
import { readPage } from "../registry/listing.ts";
import { invalid, type Status, StatusError } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { decodeDeleteOptions } from "./body-decoder.ts";
import { bodyFormat } from "./negotiation.ts";
import { checkListRevision, onStored, readSelection } from "./read-handlers.ts";
import { checkListOptions, type DeleteOptions, readDeleteOptions, readListOptions } from "./request-options.ts";
import type { RequestScope } from "./scope.ts";

/** Deletes one object. */
export async function deleteObject(scope: RequestScope): Promise<void> {
  const form = scope.outputForm();
  const options = await deleteOptions(scope);
  warnOfOrphans(scope, options);
  const context = scope.context(options.isDryRun);
  const { answer, isGone } = await withWebhooks(context, () =>
    scope.store.delete(scope.name, { namespace: scope.namespace, context, options: { ...options }, deletion: options }),
  );
  const code = !isGone && options.orphanDependents === false ? 202 : 200;
  if (isStatus(answer)) scope.exchange.object(code, answer, form);
  else scope.exchange.object(code, scope.writer(form).object(answer), form);
}

/** Deletes what the selectors name; answers what it was. */
export async function deleteCollection(scope: RequestScope): Promise<void> {
  const form = scope.outputForm();
  const listOptions = readListOptions(scope.exchange.query);
  const matches = readSelection(scope, listOptions);
  checkListOptions(listOptions);
  checkListRevision(listOptions);
  const options = await deleteOptions(scope);
  if (options.ignoreStoreReadErrorWithClusterBreakingPotential === true) {
    const field = "ignoreStoreReadErrorWithClusterBreakingPotential";
    const message = "Invalid value: true: is not allowed with DELETECOLLECTION, try again after removing the option";
    const errors = [{ type: "FieldValueInvalid", field, message } as const];
    throw invalid({ group: "meta.k8s.io", name: "DeleteOptions" }, "", errors);
  }
  warnOfOrphans(scope, options);
  const page = readPage(scope.store.collection, scope.server.storage.revision, {
    ...listOptions,
    namespace: scope.namespace,
    matches: onStored(scope, matches),
  });
  const objects = page.objects.map((stored) => scope.store.served(stored));
  for (const { metadata } of objects) {
    try {
      const context = scope.context(options.isDryRun);
      await withWebhooks(context, () =>
        scope.store.delete(metadata.name, {
          namespace: scope.namespace,
          context,
          options: { ...options },
          deletion: options,
        }),
      );
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
    }
  }
  const metadata = {
    resourceVersion: String(page.revision),
    // Lists of custom resources leave no field out for being empty.
    ...(page.continueToken === undefined && !scope.resource.isCustom ? {} : { continue: page.continueToken ?? "" }),
    ...(page.remainingItemCount === undefined ? {} : { remainingItemCount: page.remainingItemCount }),
  };
  scope.exchange.object(200, scope.writer(form).list(objects, metadata), form);
}

/** Jobs keep their pods when they are deleted without a word about them, which few expect. */
function warnOfOrphans({ resource, exchange }: RequestScope, options: DeleteOptions): void {
  const isJob = resource.group === "batch" && resource.kind === "Job";
  if (!isJob || options.propagationPolicy !== undefined || options.orphanDependents !== undefined) return;
  exchange.warn(
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
  );
}

async function deleteOptions(scope: RequestScope): Promise<DeleteOptions> {
  const text = await scope.exchange.body();
  const body = text === "" ? undefined : decodeDeleteOptions(text, bodyFormat(scope.exchange.header("content-type")));
  return readDeleteOptions(scope.exchange.query, body);
}

function isStatus(answer: ApiObject | Status): answer is Status {
  return answer.kind === "Status";
}
