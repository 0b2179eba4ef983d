/**
 * The states of one object by name, as a stream: what waiting is made of.
 */
import { isExpired } from "../core/api-error-predicates.ts";
import type { Existing, KubeObject } from "./kube-object.ts";
import type { ResourceContext } from "./resource-context.ts";
import { watchResource } from "./watch-resource.ts";

/** Each state of the object as it comes, `undefined` while there is none; for ever, until `signal` aborts. */
export async function* objectStates<T extends KubeObject>(
  context: ResourceContext,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Existing<T> | undefined, void, undefined> {
  for (;;) {
    let isThere = false;
    try {
      const options = { fieldSelector: { "metadata.name": name }, bookmarks: true, omitManagedFields: false };
      for await (const events of await watchResource(context, options, false, signal)) {
        for (const event of events) {
          if (event.type === "BOOKMARK") {
            if (event.isInitialEventsEnd && !isThere) yield undefined;
          } else {
            isThere = event.type !== "DELETED";
            yield isThere ? (event.object as unknown as Existing<T>) : undefined;
          }
        }
      }
    } catch (error) {
      // Only the present state counts here, so a gap is none.
      if (!isExpired(error) || signal.aborted) throw error;
    }
  }
}

/** The first state that `until` holds of. `seen` is told each state, for the error's text when time is up. */
export async function firstState<T extends KubeObject>(
  context: ResourceContext,
  name: string,
  until: (object: Existing<T> | undefined) => boolean,
  signal: AbortSignal,
  seen: (object: Existing<T> | undefined) => void = () => {},
): Promise<Existing<T> | undefined> {
  for await (const state of objectStates<T>(context, name, signal)) {
    seen(state);
    if (until(state)) return state;
  }
  throw signal.reason;
}
