/**
 * Deleting one object, with the wait for its end, or many.
 */
import type { CallOptions, DeleteCollectionOptions, DeleteOptions } from "./call-options.ts";
import type { KubeObject } from "./kube-object.ts";
import { type ResourceContext, selectorQuery } from "./resource-context.ts";
import type { SelectorOptions } from "./selectors.ts";
import { UsageError } from "./usage-error.ts";

/** DELETE, and with `wait` until this very object (by uid) is gone. */
export async function deleteObject(
  context: ResourceContext,
  name: string,
  options: DeleteOptions | undefined,
  signal: AbortSignal,
): Promise<void> {
  const answer = await context.send({ verb: "delete", method: "DELETE", name, body: deleteBody(options) }, signal);
  if (!options?.wait || options.dryRun) return;
  const uid = deletedUid(answer);
  const { firstState } = await import("./object-states.ts");
  await firstState<KubeObject>(
    context,
    name,
    (object) => object === undefined || (uid !== undefined && object.metadata.uid !== uid),
    signal,
  );
}

/**
 * DELETE of a collection.
 *
 * @throws {UsageError} `UnguardedDeleteCollection` where nothing is selected by and `all` is not said.
 */
export async function deleteObjects(
  context: ResourceContext,
  options: DeleteCollectionOptions<KubeObject>,
  signal: AbortSignal,
): Promise<void> {
  const selectors = selectorQuery(options as SelectorOptions);
  const isAll = (options as { readonly all?: unknown } | undefined)?.all === true;
  if (!isAll && selectors.labelSelector === undefined && selectors.fieldSelector === undefined) {
    throw new UsageError(
      "UnguardedDeleteCollection",
      `cannot delete a collection of ${context.reference.kind} without a selector: an empty one selects everything; ` +
        "say { all: true } if that is meant",
    );
  }
  await context.send(
    { verb: "deletecollection", method: "DELETE", query: selectors, body: deleteBody(options) },
    signal,
  );
}

/** The wire's DeleteOptions; `undefined` where all is default. */
function deleteBody(options: Omit<DeleteOptions, "wait"> | undefined): object | undefined {
  if (options === undefined) return undefined;
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun } = options;
  const set = {
    gracePeriodSeconds,
    propagationPolicy,
    preconditions,
    dryRun: dryRun ? ["All"] : undefined,
  } satisfies Record<Exclude<keyof DeleteOptions, keyof CallOptions | "wait">, unknown>;
  return Object.values(set).every((value) => value === undefined)
    ? undefined
    : { apiVersion: "v1", kind: "DeleteOptions", ...set };
}

/** The answer is the object where it stays for a while, else a Status that names its uid. */
function deletedUid(answer: unknown): string | undefined {
  const { metadata, details } = answer as { metadata?: { uid?: string }; details?: { uid?: string } };
  return metadata?.uid ?? details?.uid;
}
