/**
 * Repeated keys of JSON that is read as YAML, as the server's YAML reader reports them.
 */
import { type JsonNode, JsonObject, JsonSyntaxError, readJson } from "./json-reader.ts";

/** `line 1: key "a" already set in map` for each repetition; undefined if the text is not JSON. */
export function duplicateKeyLines(text: string): string[] | undefined {
  let node: JsonNode;
  try {
    node = readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
  const lines: string[] = [];
  collect(node, text, lines);
  return lines;
}

function collect(node: JsonNode, text: string, lines: string[]): void {
  if (Array.isArray(node)) for (const item of node) collect(item, text, lines);
  if (!(node instanceof JsonObject)) return;
  const seen = new Set<string>();
  for (const [index, [key, value]] of node.entries.entries()) {
    // A value is read before its key is judged, so repetitions inside come first.
    collect(value, text, lines);
    if (seen.has(key))
      lines.push(`line ${lineAt(text, node.offsets[index] ?? 0)}: key ${JSON.stringify(key)} already set in map`);
    seen.add(key);
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
