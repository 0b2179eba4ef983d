/**
 * Changes one value of a YAML document and leaves the rest of its text as it was: comments, order, quotes, unknown fields.
 */

import { isDeepStrictEqual } from "node:util";
import { dump } from "js-yaml";
import type { LocatedMapping, LocatedNode, LocatedSequence } from "./locate-yaml.ts";
import { locate } from "./locate-yaml.ts";
import { readFirstDocument } from "./read-yaml.ts";

/** A key of a mapping, or the item of a list that has a name. */
export type PathSegment = string | { readonly name: string };

/**
 * The text with the value at the path set, or removed where it is `undefined`. What is missing on the way is made.
 *
 * What cannot be changed in place (flow collections in part, anchors) is written anew, without its comments: the result always
 * reads as the old document with the one change.
 * @throws YamlError where the text is not YAML.
 */
export function editYaml(text: string, path: readonly PathSegment[], value: unknown): string {
  const before = readFirstDocument(text) ?? {};
  const after = withValue(before, path, value);
  if (isDeepStrictEqual(before, after)) return text;
  const root = locate(text);
  const edited = root === undefined ? undefined : new Editor(text).edit(root, path, value);
  // Whatever a document is like: what does not read as it should is not used.
  if (edited !== undefined && readsAs(edited, after)) return edited;
  return /^\s*\{/.test(text) && isJson(text) ? `${JSON.stringify(after, null, 2)}\n` : dumpYaml(after);
}

/** Block YAML in kubectl's layout. */
export function dumpYaml(value: unknown): string {
  const options = { seqNoIndent: true, noRefs: true, lineWidth: -1 };
  const text = dump(value, options);
  return readsAs(text, value) ? text : dump(value, { ...options, forceQuotes: true, quoteStyle: "double" });
}

function readsAs(text: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(readFirstDocument(text), value);
  } catch {
    return false;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A copy with the change; the original is not touched. */
function withValue(node: unknown, [segment, ...rest]: readonly PathSegment[], value: unknown): unknown {
  if (segment === undefined) return value;
  if (typeof segment === "string") {
    const record = isRecord(node) ? node : {};
    const child = withValue(Object.hasOwn(record, segment) ? record[segment] : undefined, rest, value);
    const entries = new Map(Object.entries(record));
    if (child === undefined) entries.delete(segment);
    else entries.set(segment, child);
    return value === undefined && entries.size === 0 && node === undefined ? undefined : Object.fromEntries(entries);
  }
  const items: readonly unknown[] = Array.isArray(node) ? node : [];
  const index = items.findIndex((item) => isRecord(item) && item["name"] === segment.name);
  if (index === -1) {
    if (value === undefined) return node;
    return [...items, withValue({ name: segment.name }, rest, value)];
  }
  const item = withValue(items[index], rest, value);
  return items.flatMap((each, at) => (at !== index ? [each] : item === undefined ? [] : [item]));
}

class Editor {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** `undefined` where it cannot be done in place. */
  edit(node: LocatedNode, path: readonly PathSegment[], value: unknown): string | undefined {
    const [segment, ...rest] = path;
    if (segment === undefined) return undefined;
    if (node.type === "mapping" && !node.isFlow && typeof segment === "string") {
      return this.#inMapping(node, segment, rest, value);
    }
    if (node.type === "sequence" && !node.isFlow && typeof segment === "object") {
      return this.#inSequence(node, segment.name, rest, value);
    }
    if (node.type === "scalar" || !node.isFlow) return undefined;
    const changed = withValue(readFirstDocument(this.#text.slice(node.start, node.end)), path, value);
    return this.#splice(node.start, node.end, JSON.stringify(changed));
  }

  #inMapping(mapping: LocatedMapping, key: string, rest: readonly PathSegment[], value: unknown): string | undefined {
    const index = mapping.pairs.findLastIndex((pair) => pair.key.text === key);
    const pair = mapping.pairs[index];
    const column = this.#column(mapping.start);
    if (pair === undefined) {
      if (value === undefined) return this.#text;
      const nested = rest.length === 0 ? value : withValue(undefined, rest, value);
      return this.#insertLine(mapping.end, `${" ".repeat(column)}${renderPair(key, nested, column)}`);
    }
    const isEmpty = pair.value.type === "scalar" || this.#isEmptyFlow(pair.value);
    if (rest.length > 0 && !isEmpty && !this.#isOnlyItem(pair.value, rest, value))
      return this.edit(pair.value, rest, value);
    if (rest.length === 0 && value === undefined) return this.#removePair(mapping, index);
    const now = rest.length === 0 ? value : withValue(this.#read(pair.value), rest, value);
    const valueEnd = Math.max(pair.value.end, pair.key.end + 1);
    const ending = this.#text.slice(0, valueEnd).endsWith("\n") ? "\n" : "";
    return this.#splice(pair.key.start, valueEnd, renderPair(key, now, column) + ending);
  }

  #inSequence(
    sequence: LocatedSequence,
    name: string,
    rest: readonly PathSegment[],
    value: unknown,
  ): string | undefined {
    const item = sequence.items.find(
      (each) =>
        each.type === "mapping" && each.pairs.some((pair) => pair.key.text === "name" && textOf(pair.value) === name),
    );
    if (item !== undefined && (rest.length > 0 || value === undefined)) {
      return rest.length > 0 ? this.edit(item, rest, value) : this.#removeItem(item);
    }
    if (value === undefined) return this.#text;
    const column = this.#column(sequence.start);
    if (item !== undefined) {
      return this.#splice(item.start, item.end, indent(dumpYaml(value), column + 2).trim());
    }
    const added = indent(dumpYaml(withValue({ name }, rest, value)), column + 2);
    return this.#insertLine(sequence.end, `${" ".repeat(column)}- ${added.trim()}`);
  }

  /** A list that would lose its last item is written as `[]`, by whoever has it. */
  #isOnlyItem(node: LocatedNode, rest: readonly PathSegment[], value: unknown): boolean {
    return node.type === "sequence" && node.items.length === 1 && rest.length === 1 && value === undefined;
  }

  #isEmptyFlow(node: LocatedNode): boolean {
    return node.type !== "scalar" && node.isFlow && (node.type === "mapping" ? node.pairs : node.items).length === 0;
  }

  #read(node: LocatedNode): unknown {
    if (node.start === node.end) return undefined;
    const column = this.#column(node.start);
    try {
      return readFirstDocument(" ".repeat(column) + this.#text.slice(node.start, node.end)) ?? undefined;
    } catch {
      // A piece that cannot be read alone, such as a block of text; the result is compared afterwards.
      return undefined;
    }
  }

  #removePair(mapping: LocatedMapping, index: number): string | undefined {
    const [pair, next] = [mapping.pairs[index], mapping.pairs[index + 1]];
    if (pair === undefined) return undefined;
    if (mapping.pairs.length === 1) return this.#splice(mapping.start, mapping.end, "{}");
    const lineStart = this.#lineStart(pair.key.start);
    if (this.#text.slice(lineStart, pair.key.start).trim() === "") {
      return this.#splice(lineStart, this.#lineEnd(Math.max(pair.value.end, pair.key.end)), "");
    }
    return next && this.#splice(pair.key.start, next.key.start, "");
  }

  #removeItem(item: LocatedNode): string | undefined {
    const dash = this.#text.lastIndexOf("-", item.start - 1);
    const lineStart = this.#lineStart(dash);
    if (dash === -1 || this.#text.slice(lineStart, dash).trim() !== "") return undefined;
    return this.#splice(lineStart, this.#lineEnd(item.end), "");
  }

  #insertLine(after: number, line: string): string {
    const at = this.#lineEnd(after);
    const isWhole = this.#text.slice(0, at).endsWith("\n");
    return this.#splice(at, at, isWhole ? `${line}\n` : `\n${line}\n`);
  }

  /** Behind the newline that ends what ends at `end`; a block of text has its own newline already. */
  #lineEnd(end: number): number {
    if (this.#text.charAt(end - 1) === "\n") return end;
    const newline = this.#text.indexOf("\n", end);
    return newline === -1 ? this.#text.length : newline + 1;
  }

  #lineStart(at: number): number {
    return this.#text.lastIndexOf("\n", at - 1) + 1;
  }

  #column(at: number): number {
    return at - this.#lineStart(at);
  }

  #splice(start: number, end: number, text: string): string {
    return this.#text.slice(0, start) + text + this.#text.slice(end);
  }
}

function renderPair(key: string, value: unknown, column: number): string {
  return indent(dumpYaml({ [key]: value }), column).trim();
}

function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(columns));
}

function textOf(node: LocatedNode): string | undefined {
  return node.type === "scalar" ? node.text : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
