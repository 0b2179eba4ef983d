/**
 * kubectl's JSONPath: what `kubectl get -o jsonpath=...` prints, and how columns of custom resources find their cells.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
import { compareUtf8 } from "./go-text.ts";
import {
  type JsonPathFilter,
  type JsonPathPart,
  type JsonPathSlice,
  type JsonPathSteps,
  parseJsonPathTemplate,
} from "./json-path-parser.ts";
import { isJsonObject, ownField } from "./json-value.ts";
import { KubeError } from "./kube-error.ts";
import { ParseError } from "./parse-error.ts";

/** A template met data that it is not for: a field is missing, an index is out of bounds. */
export class JsonPathError extends KubeError {
  constructor(message: string) {
    super("JsonPathFailed", message);
  }
}

/** What {@link JsonPath.parse} takes besides the template. */
export interface JsonPathOptions {
  /** Whether a field that is missing finds nothing rather than failing. Default false. */
  readonly allowMissingKeys?: boolean | undefined;
}

type Block = JsonPathPart | { readonly type: "range"; readonly steps: JsonPathSteps; readonly body: readonly Block[] };

/** A template that has been read. Fields of an object are found in their own order, where client-go has none. */
export class JsonPath {
  readonly #blocks: readonly Block[];
  readonly #allowMissingKeys: boolean;

  private constructor(blocks: readonly Block[], allowMissingKeys: boolean) {
    this.#blocks = blocks;
    this.#allowMissingKeys = allowMissingKeys;
  }

  /**
   * Reads a template.
   *
   * @throws {@link ParseError} where it is none, or a range has no end.
   */
  static parse(template: string, options: JsonPathOptions = {}): JsonPath {
    const parts = parseJsonPathTemplate(template);
    const blocks = takeBlocks(template, parts, false);
    return new JsonPath(blocks, options.allowMissingKeys ?? false);
  }

  /**
   * What each part finds, in the order in which it is printed; ranges repeat their parts.
   *
   * @throws {@link JsonPathError} where data is not as the template needs it.
   */
  find(data: unknown): unknown[][] {
    return this.#findAll(data, this.#blocks);
  }

  /**
   * The text that kubectl prints: what one part finds is separated by spaces, objects and lists are JSON.
   *
   * @throws {@link JsonPathError} as {@link JsonPath.find}.
   */
  print(data: unknown): string {
    return this.find(data)
      .map((results) => results.map(printValue).join(" "))
      .join("");
  }

  #findAll(data: unknown, blocks: readonly Block[]): unknown[][] {
    return blocks.flatMap((block) => {
      if (block.type === "literal") return [[block.text]];
      const results = this.#walk([data], block.steps);
      return block.type === "range" ? results.flatMap((item) => this.#findAll(item, block.body)) : [results];
    });
  }

  #walk(input: readonly unknown[], steps: JsonPathSteps): unknown[] {
    let values = [...input];
    for (const step of steps) {
      switch (step.type) {
        case "text":
          values = [step.text];
          break;
        case "value":
          values = values.map(() => step.value);
          break;
        case "field":
          values = this.#fields(values, step.name);
          break;
        case "wildcard":
          values = values.flatMap(children);
          break;
        case "descent":
          values = descend(values);
          break;
        case "slice":
          values = values.flatMap((value) => slice(value, step.slice));
          break;
        case "filter":
          values = values.flatMap((value) => this.#filter(value, step.filter));
          break;
        case "union": {
          const from = values;
          values = step.members.flatMap((member) => this.#walk(from, member));
          break;
        }
        case "keyword":
          if (step.word !== "range") throw new JsonPathError(`unrecognized identifier ${step.word}`);
      }
    }
    return values;
  }

  #fields(values: readonly unknown[], name: string): unknown[] {
    const found = values.filter(isJsonObject).filter((value) => ownField(value, name) !== undefined);
    if (found.length === 0 && values.length > 0 && !this.#allowMissingKeys) {
      throw new JsonPathError(`${name} is not found`);
    }
    return found.map((value) => ownField(value, name));
  }

  #filter(value: unknown, { left, operator, right }: JsonPathFilter): unknown[] {
    if (!Array.isArray(value)) throw new JsonPathError("only a list can be filtered");
    return value.filter((item) => {
      if (operator === undefined) return this.#finds(item, left);
      const [lefts, rights] = [this.#walk([item], left), this.#walk([item], right)];
      if (lefts.length === 0 || rights.length === 0) return false;
      if (lefts.length > 1 || rights.length > 1) throw new JsonPathError("can only compare one element at a time");
      return compare(lefts[0], operator, rights[0]);
    });
  }

  #finds(item: unknown, steps: JsonPathSteps): boolean {
    try {
      return this.#walk([item], steps).length > 0;
    } catch (error) {
      if (error instanceof JsonPathError) return false;
      throw error;
    }
  }
}

/** Takes parts from the front, up to the `end` that closes a range. */
function takeBlocks(template: string, parts: JsonPathPart[], isInRange: boolean): Block[] {
  const blocks: Block[] = [];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const steps = part.type === "action" ? part.steps : [];
    const words = steps.map((step) => (step.type === "keyword" ? step.word : ""));
    if (words.includes("end")) {
      if (isInRange) return blocks;
      throw new ParseError("JSONPath", template, "not in range, nothing to end");
    }
    if (words.includes("range")) blocks.push({ type: "range", steps, body: takeBlocks(template, parts, true) });
    else blocks.push(part);
  }
  if (isInRange) throw new ParseError("JSONPath", template, "a range has no {end}");
  return blocks;
}

/** Characters of a text are its children too, as bytes are in client-go; they are of no use there. */
function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** Every value that has something in it, each before what is in it. */
function descend(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => {
    const inside = children(value);
    return inside.length === 0 ? [] : [value, ...descend(inside)];
  });
}

function slice(value: unknown, { start = 0, end, isIndex, step = 1 }: JsonPathSlice): unknown[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new JsonPathError("only a list has indices");
  const { length } = value;
  const first = start < 0 ? start + length : start;
  const last = end === undefined ? length : end < 0 || (end === 0 && isIndex) ? end + length : end;
  if (first === last) return [];
  for (const [index, isOut] of [
    [first, first >= length || first < 0],
    [last - 1, last > length || last < 0],
  ] as const) {
    if (isOut) throw new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
  }
  if (first > last) throw new JsonPathError(`starting index ${first} is greater than ending index ${last}`);
  if (step <= 0) throw new JsonPathError("step must be > 0");
  return value.slice(first, last).filter((_, index) => index % step === 0);
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (!isBasic(left) || !isBasic(right)) throw new JsonPathError("invalid type for comparison");
  if (typeof left !== typeof right) throw new JsonPathError("incompatible types for comparison");
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  const order =
    typeof left === "string" && typeof right === "string" ? compareUtf8(left, right) : Number(left) - Number(right);
  if (typeof left === "boolean") throw new JsonPathError("invalid type for comparison");
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  if (operator === ">") return order > 0;
  if (operator === ">=") return order >= 0;
  throw new JsonPathError(`unrecognized filter operator ${operator}`);
}

function isBasic(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function printValue(value: unknown): string {
  return typeof value === "object" && value !== null ? goJson(value) : String(value);
}

/** JSON as Go prints it: fields sorted, and characters that mean something in HTML escaped. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (isJsonObject(value)) {
    const keys = Object.keys(value).sort(compareUtf8);
    return `{${keys.map((key) => `${goJson(key)}:${goJson(value[key])}`).join(",")}}`;
  }
  const hex = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return (JSON.stringify(value) ?? "null").replace(/[<>&\u2028\u2029]/g, hex);
}
