/**
 * Variants of an object with one field removed or given a value that a kind may refuse.
 */
import type { Fields } from "./sample-object.ts";

/** A variant, named after the field and what became of it. */
export interface Mutation {
  readonly name: string;
  readonly object: Fields;
}

/** Fields that are the same for every kind, and that families of their own go through. */
const LEFT_ALONE = new Set(["apiVersion", "kind", "metadata"]);
const REMOVED = Symbol("removed");
const LONG = 300;

/** Every variant of an object, in the order of its fields. */
export function* mutationsOf(object: Fields): Generator<Mutation> {
  for (const path of pathsOf(object)) {
    for (const [what, value] of replacements(valueAt(object, path))) {
      yield { name: `${path.join(".")} ${what}`, object: withValue(object, path, value) as Fields };
    }
  }
}

type Path = readonly (string | number)[];

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isFields(value)
      ? Object.entries(value)
      : [];
  for (const [step, item] of entries) {
    if (path.length === 0 && LEFT_ALONE.has(String(step))) continue;
    yield [...path, step];
    yield* pathsOf(item, [...path, step]);
  }
}

function* replacements(value: unknown): Generator<readonly [string, unknown]> {
  yield ["removed", REMOVED];
  if (typeof value === "string") {
    yield ["empty", ""];
    yield ["not a word", "Not <Valid>!"];
    yield ["other", "other"];
    if (/\d/.test(value)) yield ["negative", "-1"];
    yield ["long", "x".repeat(LONG)];
  } else if (typeof value === "number") {
    yield ["negative", -1];
    yield ["zero", 0];
    yield ["large", 2_000_000_000];
  } else if (typeof value === "boolean") yield ["flipped", !value];
  else if (Array.isArray(value)) {
    yield ["empty", []];
    yield ["twice", [...value, value[0]]];
  } else if (isFields(value)) {
    yield ["empty", {}];
    const [key = ""] = Object.keys(value);
    if (typeof value[key] === "string") yield ["bad key", { ...value, "Not Valid!": value[key] }];
  }
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, step) => (found as Fields | undefined)?.[step as string], value);
}

function withValue(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value)) {
    const next = value.map((item: unknown, index) => (index === step ? withValue(item, rest, replacement) : item));
    return next.filter((item) => item !== REMOVED);
  }
  const fields = { ...(value as Fields) };
  const next = withValue(fields[String(step)], rest, replacement);
  if (next === REMOVED) delete fields[String(step)];
  else fields[String(step)] = next;
  return fields;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
