/**
 * The scalar rules of kubectl's YAML: 1.1 booleans and octals, no numbers to base 60, timestamps as text.
 */

import type { Schema } from "js-yaml";
import {
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
} from "js-yaml";

const nulls: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
const trues: ReadonlySet<string> = new Set("y Y yes Yes YES true True TRUE on On ON".split(" "));
const falses: ReadonlySet<string> = new Set("n N no No NO false False FALSE off Off OFF".split(" "));
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

const integerPattern = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const floatPattern = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const maxUnsigned = 2n ** 64n - 1n;

const nullTag = defineScalarTag("tag:yaml.org,2002:null", {
  implicit: true,
  implicitFirstChars: ["", "~", "n", "N"],
  resolve: (source) => (nulls.has(source) ? null : NOT_RESOLVED),
  identify: (data) => data === null,
  represent: () => "null",
});

const booleanTag = defineScalarTag("tag:yaml.org,2002:bool", {
  implicit: true,
  implicitFirstChars: [..."yYnNtTfFoO"],
  resolve: (source) => (trues.has(source) ? true : falses.has(source) ? false : NOT_RESOLVED),
  identify: (data) => typeof data === "boolean",
  represent: (data) => String(data),
});

type IntegerTag = ReturnType<typeof defineScalarTag<number | bigint>>;

const integerTag = integerTagOf((value) => Number(value));
const exactIntegerTag = integerTagOf((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));

function integerTagOf(represent: (value: bigint) => number | bigint): IntegerTag {
  return defineScalarTag("tag:yaml.org,2002:int", {
    implicit: true,
    implicitFirstChars: [..."+-0123456789"],
    resolve: (source): number | bigint | typeof NOT_RESOLVED => {
      const value = readInteger(source);
      return value === undefined ? NOT_RESOLVED : represent(value);
    },
    identify: (data): data is number | bigint => Number.isInteger(data) || typeof data === "bigint",
    represent: (data) => String(data),
  });
}

const floatTag = defineScalarTag("tag:yaml.org,2002:float", {
  implicit: true,
  implicitFirstChars: [..."+-.0123456789"],
  resolve: (source) => readFloat(source) ?? NOT_RESOLVED,
  identify: (data) => typeof data === "number" && !Number.isInteger(data),
  represent: (data) => String(data),
});

const binaryTag = defineScalarTag("tag:yaml.org,2002:binary", {
  resolve: (source) => atob(source.replace(/\s/g, "")),
  identify: () => false,
});

const timestampTag = defineScalarTag("tag:yaml.org,2002:timestamp", {
  resolve: (source) => source,
  identify: () => false,
});

// Tags that mean nothing here leave a scalar text, and a collection what it looks like.
const unknownScalarTag = defineScalarTag("", {
  matchByTagPrefix: true,
  resolve: (source) => source,
  identify: () => false,
});

const unknownSequenceTag = defineSequenceTag<unknown[]>("", {
  matchByTagPrefix: true,
  create: () => [],
  addItem: (items, item) => void items.push(item),
  identify: () => false,
});

const unknownMappingTag = defineMappingTag<Record<string, unknown>>("", {
  matchByTagPrefix: true,
  create: mapTag.create,
  addPair: mapTag.addPair,
  has: mapTag.has,
  keys: mapTag.keys,
  get: mapTag.get,
  identify: () => false,
});

/** A key may be a number or a boolean, and becomes its text; null is no key. */
const mappingTag = defineMappingTag<Record<string, unknown>>("tag:yaml.org,2002:map", {
  ...mapTag,
  addPair: (container, key, value) => {
    if (key === null) return "null is no key";
    return mapTag.addPair(container, key, value);
  },
});

/** What plain scalars, merge keys and the usual tags mean in a manifest or a kubeconfig. */
export const kubernetesSchema: Schema = schemaOf(integerTag);

/** The same, with a `bigint` for an integer that a number cannot hold. */
export const exactKubernetesSchema: Schema = schemaOf(exactIntegerTag);

function schemaOf(integer: IntegerTag): Schema {
  return FAILSAFE_SCHEMA.withTags(
    mappingTag,
    nullTag,
    booleanTag,
    integer,
    floatTag,
    binaryTag,
    timestampTag,
    mergeTag,
    unknownScalarTag,
    unknownSequenceTag,
    unknownMappingTag,
  );
}

function readInteger(source: string): bigint | undefined {
  const plain = source.replaceAll("_", "");
  if (!integerPattern.test(plain)) return undefined;
  const isNegative = plain.startsWith("-");
  const digits = plain.replace(/^[-+]/, "");
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value > (isNegative || plain.startsWith("+") ? maxUnsigned / 2n + 1n : maxUnsigned)) return undefined;
  return isNegative ? -value : value;
}

function readFloat(source: string): number | undefined {
  // A manifest becomes JSON, which has no such numbers: an error, and not null.
  if (notFinite.test(source)) throw new RangeError("a number that JSON cannot hold");
  const plain = source.startsWith(".") ? source : source.replaceAll("_", "");
  if (!floatPattern.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}
