/**
 * Compares with answers of the real Go packages (apimachinery v0.37.2), kept beside this as `*.cases.json`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatGoDuration, parseGoDuration } from "./duration.ts";
import * as formats from "./field-formats.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { goQuote } from "./go-text.ts";
import { compareKubeVersions } from "./group-version-kind.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { validateLabelKey, validateLabelValue } from "./label-value.ts";
import * as names from "./names.ts";
import { ParseError } from "./parse-error.ts";
import { Quantity } from "./quantity.ts";
import { formatMicroTime, formatTime, parseTimeMs } from "./timestamp.ts";

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./${name}.cases.json`, import.meta.url), "utf8")) as T;
}

/** The answer, or the reason of a ParseError in the place that the case files have for it. */
function answer(parse: () => unknown[]): unknown[] {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return [null, error.reason];
  }
}

function compareAll(rows: readonly (readonly unknown[])[], compute: (input: string) => unknown[]): void {
  const differences = rows.flatMap(([input, ...expected]) => {
    const actual = answer(() => compute(input as string));
    return JSON.stringify(actual) === JSON.stringify(expected) ? [] : [{ input, actual, expected }];
  });
  assert.deepEqual(differences, []);
}

interface QuantityCases {
  readonly parse: readonly (readonly unknown[])[];
  readonly arithmetic: readonly (readonly [string, string, string, string, number, string, number])[];
  readonly values: readonly (readonly [string, string, string, number])[];
}
/** Apimachinery prints a decimal quantity from 1000E on without its suffix; ours keeps it. */
function withoutLargeSuffix(text: string): string {
  return text.replace(/^(-?[0-9]+?)(?:000)+E$/, "$1");
}

test("quantities are read and printed as apimachinery does", () => {
  const { parse } = read<QuantityCases>("quantity");
  compareAll(parse, (input) => {
    const quantity = Quantity.parse(input);
    const recomputed = withoutLargeSuffix(quantity.neg().neg().toString());
    return [withoutLargeSuffix(quantity.toString()), recomputed, quantity.format, quantity.sign];
  });
});

test("quantities are added, subtracted, multiplied and compared as apimachinery does", () => {
  const differences = read<QuantityCases>("quantity").arithmetic.flatMap(
    ([a, b, sum, difference, factor, product, order]) => {
      const [x, y] = [Quantity.parse(a), Quantity.parse(b)];
      const results = [x.add(y), x.sub(y), x.mul(factor)].map((result) => withoutLargeSuffix(result.toString()));
      const actual = [...results, x.compare(y)];
      const expected = [sum, difference, product, order];
      return JSON.stringify(actual) === JSON.stringify(expected) ? [] : [{ a, b, factor, actual, expected }];
    },
  );
  assert.deepEqual(differences, []);
});

test("quantities have the values that apimachinery gives", () => {
  const rows = read<QuantityCases>("quantity").values.map(([input, value, milli, float]) => [
    input,
    value,
    milli,
    float,
  ]);
  compareAll(rows, (input) => {
    const quantity = Quantity.parse(input);
    return [String(quantity.value()), String(quantity.milliValue()), quantity.toNumber()];
  });
});

test("label selectors are read, matched and printed as apimachinery does", () => {
  const cases = read<{ labels: (Record<string, string> | null)[]; parse: unknown[][] }>("label-selector");
  compareAll(cases.parse, (input) => {
    const selector = parseLabelSelector(input);
    return [selector.toString(), cases.labels.map((labels) => Number(selector.matches(labels ?? undefined))).join("")];
  });
});

test("field selectors are read, matched and printed as apimachinery does", () => {
  const cases = read<{ fields: Record<string, string>[]; parse: unknown[][] }>("field-selector");
  compareAll(cases.parse, (input) => {
    const selector = parseFieldSelector(input);
    return [selector.toString(), cases.fields.map((fields) => Number(selector.matches(fields))).join("")];
  });
});

test("names and values are checked with apimachinery's words", () => {
  const { inputs, messages, results } = read<{
    inputs: string[];
    messages: string[];
    results: Record<string, number[][]>;
  }>("names");
  const checks: Record<string, unknown> = { ...names, ...formats, validateLabelKey, validateLabelValue };
  for (const [name, answers] of Object.entries(results)) {
    const check = checks[name.replace("/prefix", "")] as names.ValidateName;
    inputs.forEach((input, index) => {
      const expected = answers[index]?.map((message) => messages[message]);
      const found = name.endsWith("/prefix") ? check(input, true) : check(input);
      assert.deepEqual(found, expected, `${name}(${JSON.stringify(input)})`);
    });
  }
});

test("text is quoted as Go quotes it", () => {
  const { quoted } = read<{ quoted: unknown[][] }>("go-text");
  compareAll(quoted, (input) => [goQuote(input)]);
});

test("durations are read and printed as Go does", () => {
  const { parse, format } = read<{ parse: unknown[][]; format: [string, string][] }>("duration");
  compareAll(parse, (input) => {
    const nanos = parseGoDuration(input);
    return [String(nanos), formatGoDuration(nanos)];
  });
  compareAll(format, (input) => [formatGoDuration(BigInt(input))]);
});

test("versions are ordered as apimachinery does", () => {
  for (const [a, b, expected] of read<[string, string, number][]>("group-version-kind")) {
    assert.equal(compareKubeVersions(a, b), expected, `${a} against ${b}`);
  }
});

test("times are read and printed as Go and apimachinery do", () => {
  const { parse, format } = read<{ parse: unknown[][]; format: [number, string, string][] }>("timestamp");
  compareAll(parse, (input) => {
    const ms = parseTimeMs(input);
    return [ms === undefined ? null : Math.floor(ms)];
  });
  for (const [ms, time, microTime] of format) {
    assert.equal(formatTime(new Date(ms)), time);
    assert.equal(formatMicroTime(new Date(ms)), microTime);
  }
});
