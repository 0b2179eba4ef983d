/**
 * The present state at the start of a watch, delivered as it is read, and read anew where the reading breaks off.
 *
 * What a second reading finds is told as what has changed since the first: the same object is not told again, a newer one is
 * MODIFIED, one that is gone is DELETED with its last known state. So nothing is missed and nothing is told twice.
 */
import type { KubeObject } from "../kube-object.ts";
import type { WatchEvent } from "./watch-event.ts";

/** An object that has been told of. */
interface Told {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Its last known state: kept as bytes where it came as bytes. */
  readonly object: () => KubeObject;
}

type AnyEvent = WatchEvent<KubeObject>;

/** What has been told of while the present state is read. Forget it once that is done. */
export class PresentState {
  readonly #told: Map<string, Told> = new Map();
  /** Keys seen in this reading. */
  readonly #seen: Set<string> = new Set();

  /** A reading begins. */
  begin(): void {
    this.#seen.clear();
  }

  /** What an event of the reading comes to, given what was told before. `object` gives the event's object once more. */
  see(event: AnyEvent, object: () => KubeObject): AnyEvent[] {
    const { name, namespace, uid, resourceVersion } = event.object.metadata as KeyedMeta;
    const key = `${namespace ?? ""}/${name}`;
    const before = this.#told.get(key);
    if (event.type === "DELETED") {
      this.#told.delete(key);
      this.#seen.delete(key);
      return before === undefined ? [] : [event];
    }
    this.#told.set(key, { uid, resourceVersion, object });
    this.#seen.add(key);
    if (before === undefined) return [{ type: "ADDED", object: event.object }];
    if (before.uid !== uid) return [deleted(before), { type: "ADDED", object: event.object }];
    return before.resourceVersion === resourceVersion ? [] : [{ type: "MODIFIED", object: event.object }];
  }

  /** The reading is complete: what it has not found is gone. */
  end(): AnyEvent[] {
    const gone: AnyEvent[] = [];
    for (const [key, told] of this.#told) if (!this.#seen.has(key)) gone.push(deleted(told));
    return gone;
  }
}

interface KeyedMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
}

function deleted(told: Told): AnyEvent {
  return { type: "DELETED", object: told.object() as AnyEvent["object"] };
}
