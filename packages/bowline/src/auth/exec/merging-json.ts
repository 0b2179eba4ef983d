/**
 * JSON as Go decodes it into a struct: of a repeated key the last value counts, but objects are merged, and
 * `null` clears an object and leaves anything else as it was.
 */

/**
 * The value of a JSON text.
 *
 * @throws SyntaxError where it is not JSON.
 */
export function parseMergingJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Few texts repeat a key; those that do have more keys than the value that is left of them.
  const written = text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
  return written === countKeys(value) ? value : new MergingReader(text).read();
}

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const child of Object.values(value)) count += countKeys(child);
  return count;
}

/** Reads a text that is known to be JSON. */
class MergingReader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  }

  read(): unknown {
    const token = this.#tokens[this.#next++] ?? "null";
    if (token === "{") return this.#readObject();
    if (token !== "[") return JSON.parse(token);
    const items: unknown[] = [];
    while (!this.#take("]")) {
      items.push(this.read());
      this.#take(",");
    }
    return items;
  }

  #readObject(): unknown {
    const members = new Map<string, unknown>();
    while (!this.#take("}")) {
      const key = String(JSON.parse(this.#tokens[this.#next++] ?? '""'));
      this.#take(":");
      members.set(key, merge(members.get(key), this.read()));
      this.#take(",");
    }
    return Object.fromEntries(members);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return this.#next >= this.#tokens.length;
    this.#next += 1;
    return true;
  }
}

function merge(before: unknown, now: unknown): unknown {
  if (now === null && before !== undefined && !isObject(before)) return before;
  if (!isObject(before) || !isObject(now)) return now;
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(now)) merged.set(key, merge(merged.get(key), value));
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
