/**
 * JSON Patch (RFC 6902) with the habits of the server's library: `replace` adds a missing member, a pointer without a leading
 * slash loses its first segment, negative indexes count from the end.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6902
 */
import { jsonEqual, unescapeJsonPointer } from "bowline/core";
import { define } from "../schema/json-reader.ts";
import { clone, isRecord, type JsonRecord, type JsonValue, withSortedKeys } from "./json-value.ts";

/** An operation that does not apply: the server answers 422 whatever the reason. */
export class JsonPatchError extends Error {
  override readonly name: string = "JsonPatchError";
}

/** Applies the operations in order and leaves the document alone. Throws {@link JsonPatchError}. */
export function applyJsonPatch(document: JsonRecord, operations: readonly unknown[]): JsonValue {
  const patch = new Patch(clone(document));
  for (const operation of operations) patch.apply(isRecord(operation) ? operation : {});
  return patch.result();
}

type Container = JsonRecord | JsonValue[];

class Patch {
  private document: JsonValue;
  private readonly opened = new Set<object>();

  constructor(document: JsonRecord) {
    this.document = document;
    this.opened.add(document);
  }

  result(): JsonValue {
    return withSortedKeys(this.document, this.opened);
  }

  apply(operation: JsonRecord): void {
    switch (operation["op"]) {
      case "add":
        this.add(text(operation, "path"), clone(operation["value"] ?? null));
        return;
      case "remove":
        this.remove(text(operation, "path"));
        return;
      case "replace":
        this.replace(text(operation, "path"), clone(operation["value"] ?? null));
        return;
      case "test":
        this.test(text(operation, "path"), operation["value"] ?? null);
        return;
      case "move": {
        const value = this.read(text(operation, "from"));
        this.remove(text(operation, "from"));
        this.add(text(operation, "path"), value);
        return;
      }
      case "copy":
        this.add(text(operation, "path"), clone(this.read(text(operation, "from"))));
        return;
      default:
        throw new JsonPatchError(`unknown operation ${String(operation["op"])}`);
    }
  }

  private add(path: string, value: JsonValue): void {
    const { container, key } = this.find(path);
    if (!Array.isArray(container)) {
      define(container, key, value);
      return;
    }
    if (key === "-") {
      container.push(value);
      return;
    }
    container.splice(indexOf(key, container.length + 1), 0, value);
  }

  private remove(path: string): void {
    const { container, key } = this.find(path);
    if (Array.isArray(container)) container.splice(indexOf(key, container.length), 1);
    else if (Object.hasOwn(container, key)) delete container[key];
    else throw new JsonPatchError(`nothing to remove at ${path}`);
  }

  private replace(path: string, value: JsonValue): void {
    if (path === "") {
      if (typeof value !== "object" || value === null)
        throw new JsonPatchError("the document must be an object or array");
      this.document = value;
      this.opened.add(value);
      return;
    }
    const { container, key } = this.find(path);
    if (Array.isArray(container)) container[indexOf(key, container.length)] = value;
    else define(container, key, value);
  }

  private test(path: string, value: JsonValue): void {
    const found = path === "" ? this.document : this.read(path);
    this.openAll(found);
    if (!jsonEqual(found, value)) throw new JsonPatchError(`test of ${path} failed`);
  }

  private read(path: string): JsonValue {
    const { container, key } = this.find(path);
    if (Array.isArray(container)) return container[indexOf(key, container.length)] ?? null;
    return Object.hasOwn(container, key) ? (container[key] ?? null) : null;
  }

  /** The container that holds what the pointer names, and the last key. */
  private find(path: string): { container: Container; key: string } {
    const parts = path.split("/");
    if (parts.length < 2 || typeof this.document !== "object" || this.document === null) {
      throw new JsonPatchError(`no such path ${path}`);
    }
    let container: Container = this.document;
    for (const part of parts.slice(1, -1).map(unescapeJsonPointer)) {
      const next: JsonValue | undefined = Array.isArray(container)
        ? container[indexOf(part, container.length)]
        : Object.hasOwn(container, part)
          ? container[part]
          : undefined;
      if (typeof next !== "object" || next === null) throw new JsonPatchError(`no such path ${path}`);
      this.opened.add(next);
      container = next;
    }
    return { container, key: unescapeJsonPointer(parts.at(-1) ?? "") };
  }

  private openAll(value: JsonValue): void {
    if (typeof value !== "object" || value === null) return;
    this.opened.add(value);
    for (const item of Object.values(value)) this.openAll(item);
  }
}

function text(operation: JsonRecord, name: "path" | "from"): string {
  const value = operation[name];
  if (typeof value !== "string") throw new JsonPatchError(`operation without ${name}`);
  return value;
}

function indexOf(key: string, length: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw new JsonPatchError(`${key} is no index`);
  const index = Number(key);
  if (index >= length || index < -length) throw new JsonPatchError(`index ${key} is out of range`);
  return index < 0 ? index + length : index;
}
