/**
 * Bodies in YAML, read as the server reads them: YAML 1.1's booleans, the first document only, no base 60 and no timestamps.
 */
import { createRequire } from "node:module";
import type * as Yaml from "js-yaml";
import { duplicateKeyLines } from "../schema/index.ts";
import { problemOf, type YamlProblem, yamlMessage } from "./yaml-problem.ts";

/** The document as JSON text, and what strict decoding would refuse. */
export interface YamlBody {
  readonly json: string;
  readonly strictErrors: readonly string[];
}

const UNMARSHAL_ERRORS = "yaml: unmarshal errors:";

/** The text is not YAML. */
export class YamlSyntaxError extends Error {
  override readonly name: string = "YamlSyntaxError";
}

let loaded: { readonly yaml: typeof Yaml; readonly schema: Yaml.Schema } | undefined;

/**
 * Reads the first document.
 * @throws YamlSyntaxError
 */
export function readYaml(text: string): YamlBody {
  const { yaml, schema } = library();
  const document = firstDocument(text);
  if (isEmpty(document, /^\s*(#.*)?$/)) return { json: "null", strictErrors: [] };
  try {
    return { json: sortedJson(yaml.load(document, { schema })), strictErrors: [] };
  } catch (error) {
    const problem = problemOf(error);
    if (problem !== undefined && isAfterCollection(problem, document))
      return readYaml(document.slice(0, problem.offset));
    if (problem === undefined || !/duplicated mapping key/.test(problem.reason))
      throw new YamlSyntaxError(yamlMessage(error, document));
    const strictErrors = [duplicateKey(problem, document)];
    try {
      return { json: sortedJson(yaml.load(document, { schema, json: true })), strictErrors };
    } catch (second) {
      throw new YamlSyntaxError(yamlMessage(second, document));
    }
  }
}

/** YAML is read by few requests, so its library is loaded at the first. */
function library(): { readonly yaml: typeof Yaml; readonly schema: Yaml.Schema } {
  if (loaded === undefined) {
    const yaml = createRequire(import.meta.url)("js-yaml") as typeof Yaml;
    const booleans = yaml.defineScalarTag("tag:yaml.org,2002:bool", {
      implicit: true,
      implicitFirstChars: [..."yYnNtTfFoO"],
      resolve: (source) =>
        /^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(source)
          ? true
          : /^(n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(source)
            ? false
            : yaml.NOT_RESOLVED,
      identify: (data) => typeof data === "boolean",
      represent: (data) => String(data),
    });
    const schema = yaml.FAILSAFE_SCHEMA.withTags(
      yaml.nullYaml11Tag,
      booleans,
      yaml.intCoreTag,
      yaml.floatCoreTag,
      yaml.mergeTag,
    );
    loaded = { yaml, schema };
  }
  return loaded;
}

/** What follows a whole `{...}` or `[...]` is not read. */
function isAfterCollection({ reason, offset }: YamlProblem, text: string): boolean {
  return /end of the stream or a document separator/.test(reason) && /^\s*[{[].*[}\]]\s*$/s.test(text.slice(0, offset));
}

/** Directives and comments before a document are no document. */
function firstDocument(text: string): string {
  const [head = "", next] = text.split(/^---(?:[ \t].*)?$/m);
  return next !== undefined && isEmpty(head, /^\s*([#%].*)?$/) ? next : head;
}

function isEmpty(text: string, line: RegExp): boolean {
  return text.split("\n").every((part) => line.test(part));
}

/** As Go writes a map: with its keys sorted, which decides the first error that is found in it. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Go's words for a repeated key. */
function duplicateKey({ line, offset }: YamlProblem, text: string): string {
  const lines = duplicateKeyLines(text);
  if (lines !== undefined && lines.length > 0) return `${UNMARSHAL_ERRORS}\n  ${lines.join("\n  ")}`;
  const key = /^["']?([^"':]+?)["']?\s*:/.exec(text.slice(offset))?.[1] ?? "";
  return `${UNMARSHAL_ERRORS}\n  line ${line + 1}: key ${JSON.stringify(key)} already set in map`;
}

/** A strict error as warnings: of an error of the YAML library each line is one. */
export function warningsOf(strictError: string): string[] {
  if (!strictError.startsWith(UNMARSHAL_ERRORS)) return [strictError];
  return strictError
    .slice(UNMARSHAL_ERRORS.length)
    .trim()
    .split("\n")
    .map((line) => line.trim());
}
