/**
 * Where the parts of a YAML document stand in its text, so that one of them can be changed and the rest left as it is.
 */

import type { Event } from "js-yaml";
import { EVENT_ID, getScalarValue, parseEvents } from "js-yaml";

/** A node and the piece of text that it is. */
export type LocatedNode = LocatedMapping | LocatedSequence | LocatedScalar;

interface Located {
  /** The first character, after anchor and tag. */
  readonly start: number;
  /** Behind the last character; a block collection ends where its last child does. */
  readonly end: number;
}

export interface LocatedMapping extends Located {
  readonly type: "mapping";
  readonly isFlow: boolean;
  readonly pairs: readonly { readonly key: LocatedScalar; readonly value: LocatedNode }[];
}

export interface LocatedSequence extends Located {
  readonly type: "sequence";
  readonly isFlow: boolean;
  readonly items: readonly LocatedNode[];
}

/** Also an empty value (`start` equals `end`), an alias, and anything that cannot be changed in place. */
export interface LocatedScalar extends Located {
  readonly type: "scalar";
  readonly text: string;
}

/** The root of the first document; `undefined` where there is none, or it holds what cannot be located. */
export function locate(source: string): LocatedNode | undefined {
  try {
    return new Locator(source, parseEvents(source, {})).root();
  } catch {
    return undefined;
  }
}

/** Keys that are no scalars, anchors and tags: such documents are written anew instead. */
class CannotLocate extends Error {}

class Locator {
  readonly #source: string;
  readonly #events: readonly Event[];
  #next = 0;

  constructor(source: string, events: readonly Event[]) {
    this.#source = source;
    this.#events = events;
  }

  root(): LocatedNode | undefined {
    if (this.#take()?.type !== EVENT_ID.DOCUMENT) return undefined;
    if (this.#peek()?.type === EVENT_ID.POP) return undefined;
    return this.#node(0);
  }

  /** `after` is a position in front of the node, for empty ones. */
  #node(after: number): LocatedNode {
    const event = this.#take();
    if (event === undefined || event.type === EVENT_ID.ALIAS || event.type === EVENT_ID.DOCUMENT)
      throw new CannotLocate();
    if (event.type === EVENT_ID.POP || event.anchorStart !== -1 || event.tagStart !== -1) throw new CannotLocate();
    if (event.type === EVENT_ID.SCALAR) {
      const isQuoted = event.style === 2 || event.style === 3;
      if (event.valueStart < 0 || event.valueEnd < event.valueStart) {
        return { type: "scalar", text: "", start: after, end: after };
      }
      const start = isQuoted ? event.valueStart - 1 : event.valueStart;
      const end = isQuoted ? event.valueEnd + 1 : event.valueEnd;
      return { type: "scalar", text: getScalarValue(this.#source, event), start, end };
    }
    const isFlow = event.style === 2;
    return event.type === EVENT_ID.MAPPING ? this.#mapping(event.start, isFlow) : this.#sequence(event.start, isFlow);
  }

  #mapping(start: number, isFlow: boolean): LocatedMapping {
    const pairs: { key: LocatedScalar; value: LocatedNode }[] = [];
    let end = start;
    while (this.#peek()?.type !== EVENT_ID.POP) {
      const key = this.#node(end);
      if (key.type !== "scalar") throw new CannotLocate();
      const colon = this.#source.indexOf(":", key.end);
      const value = this.#node(colon === -1 ? key.end : colon + 1);
      pairs.push({ key, value });
      end = Math.max(value.end, key.end);
    }
    this.#take();
    const first = pairs[0]?.key.start ?? start;
    return {
      type: "mapping",
      isFlow,
      pairs,
      start: isFlow ? start : first,
      end: isFlow ? this.#closing(end, "}") : end,
    };
  }

  #sequence(start: number, isFlow: boolean): LocatedSequence {
    const items: LocatedNode[] = [];
    let end = start;
    while (this.#peek()?.type !== EVENT_ID.POP) {
      const item = this.#node(end);
      items.push(item);
      end = item.end;
    }
    this.#take();
    return { type: "sequence", isFlow, items, start, end: isFlow ? this.#closing(end, "]") : end };
  }

  /** Behind the bracket that closes a flow collection whose last child ended at `from`. */
  #closing(from: number, bracket: string): number {
    let at = from;
    while (at < this.#source.length) {
      const character = this.#source.charAt(at);
      if (character === "#") at = this.#source.indexOf("\n", at);
      else if (character === bracket) return at + 1;
      if (at === -1) break;
      at += 1;
    }
    throw new CannotLocate();
  }

  #peek(): Event | undefined {
    return this.#events[this.#next];
  }

  #take(): Event | undefined {
    return this.#events[this.#next++];
  }
}
