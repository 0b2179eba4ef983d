/**
 * YAML and JSON text to plain values, as kubectl reads them, with limits on what a hostile text can cost.
 */
import type { Schema } from "js-yaml";
import { loadAll, YAMLException } from "js-yaml";
import { exactKubernetesSchema, kubernetesSchema } from "./kubernetes-schema.ts";

/** Deepest nesting that is read. */
export const maxYamlDepth = 100;
/** Most values that a document may stand for once its aliases are written out. */
export const maxYamlValues = 4_000_000;
const maxAliases = 10_000;

/** A text that is not YAML. The message says where and never what: the text may be secret. */
export class YamlError extends Error {
  /** Beginning at 1; 0 where unknown. */
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(line === 0 ? message : `${message} at line ${line}, column ${column}`);
    this.name = "YamlError";
    this.line = line;
    this.column = column;
  }
}

/**
 * The first document of the text; `null` where there is none. What follows the first document is not looked at.
 *
 * Of a key that is there twice the last value counts. A key `__proto__` is a key like any other.
 * @throws {@link YamlError}.
 */
export function readFirstDocument(text: string): unknown {
  return readFirst(text, kubernetesSchema);
}

/** The same, where an integer that a number cannot hold is a `bigint`. */
export function readFirstDocumentExactly(text: string): unknown {
  return readFirst(text, /\d{16}/.test(text) ? exactKubernetesSchema : kubernetesSchema);
}

function readFirst(text: string, schema: Schema): unknown {
  const json = schema === kubernetesSchema ? readJson(text) : undefined;
  if (json !== undefined) return json.value;
  const first = firstDocumentOf(text);
  try {
    return read(first, schema)[0] ?? null;
  } catch (error) {
    const braces = bracesOf(first);
    if (braces === undefined) throw error;
    return readJson(braces)?.value ?? read(braces, schema)[0] ?? null;
  }
}

/**
 * Every document of the text; empty ones are `null`.
 *
 * @throws {@link YamlError}.
 */
export function readAllDocuments(text: string): readonly unknown[] {
  const json = readJson(text);
  return json === undefined ? read(text, kubernetesSchema) : [json.value];
}

/** JSON is YAML, but its own reader is many times as fast. */
function readJson(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function read(text: string, schema: Schema): unknown[] {
  const control = text.search(/[\x7f-\x84\x86-\x9f]/);
  if (control !== -1) {
    const before = text.slice(0, control).split("\n");
    throw new YamlError("a control character stands", before.length, (before.at(-1)?.length ?? 0) + 1);
  }
  let documents: unknown[];
  try {
    documents = loadAll(text, { schema, json: true, maxDepth: maxYamlDepth, maxAliases });
  } catch (error) {
    // The original error quotes the text, so it is not even a cause.
    if (error instanceof YAMLException && error.mark !== undefined) {
      throw new YamlError("not valid YAML", error.mark.line + 1, error.mark.column + 1);
    }
    throw new YamlError("not valid YAML", 0, 0);
  }
  if (text.includes("*")) for (const document of documents) checkSize(document);
  return documents;
}

/** Refuses cycles, and aliases of aliases that would write out to more than is reasonable. */
function checkSize(document: unknown): void {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== "object" || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) throw new YamlError("an alias stands inside its own anchor", 0, 0);
    open.add(value);
    let size = 1;
    for (const child of Array.isArray(value) ? value : Object.values(value)) size += sizeOf(child);
    open.delete(value);
    if (size > maxYamlValues) throw new YamlError("aliases make the document too large", 0, 0);
    sizes.set(value, size);
    return size;
  };
  sizeOf(document);
}

/** Cuts the text before its second document: markers count at the start of a line, even inside a block of text. */
function firstDocumentOf(text: string): string {
  let hasContent = false;
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline + 1;
    const marker = text.startsWith("---", start) || text.startsWith("...", start);
    if (marker && (start + 3 >= text.length || /\s/.test(text.charAt(start + 3)))) {
      if (hasContent) return text.slice(0, start);
      hasContent = text.startsWith("---", start);
    } else if (!hasContent && !isBlank(text, start, end)) hasContent = true;
    start = end;
  }
  return text;
}

/** A document in braces ends with its last one; what stands behind it, kubectl does not look at. */
function bracesOf(text: string): string | undefined {
  const start = /^(?:\s|#[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
  if (text[start] !== "{") return undefined;
  const tokens = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^']*'|\s#[^\n]*|[{}]/g;
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === "{") depth += 1;
    else if (token[0] === "}") depth -= 1;
    if (depth === 0) return tokens.lastIndex < text.trimEnd().length ? text.slice(0, tokens.lastIndex) : undefined;
  }
  return undefined;
}

/** Blank lines, comments and directives do not begin a document. */
function isBlank(text: string, start: number, end: number): boolean {
  return /^(?:\uFEFF?\s*(?:#.*)?|%.*)\s*$/.test(text.slice(start, end));
}
