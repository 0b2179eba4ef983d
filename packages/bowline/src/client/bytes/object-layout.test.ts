import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { layoutOfList, managedFieldsOfEvent, managedFieldsOfObject, without } from "./object-layout.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Keys that invite mistakes: the searched names, quotes, backslashes, braces. */
const key = fc.oneof(
  fc.constantFrom(
    "managedFields",
    "metadata",
    "items",
    "object",
    "type",
    "spec",
    'a"b',
    "a\\",
    "{",
    "]",
    '\\"managedFields',
  ),
  fc.string({ maxLength: 6 }),
);
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('"managedFields":[{"a":1}]', '{"metadata":{"managedFields":[]}}', "\\", '\\"', "}]", "ÜBER €𝒳"),
);
const { json } = fc.letrec<{ json: unknown; object: Record<string, unknown> }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("json"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(key, tie("json"), { maxKeys: 5 }),
}));
const object = fc.record(
  { metadata: fc.oneof(json, fc.dictionary(key, json)), spec: json, kind: text, managedFields: json },
  { requiredKeys: [] },
);
const indent = fc.constantFrom(undefined, 1, "\t");

function cut(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { metadata } = value as { metadata?: unknown };
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) return value;
  const { managedFields: _, ...rest } = metadata as Record<string, unknown>;
  return { ...value, metadata: rest };
}

/** A key with an escape is not looked into: the caller parses such a text whole. */
const hasEscapedKey = (textual: string): boolean => /"(?:[^"\\]|\\.)*?\\.(?:[^"\\]|\\.)*"\s*:/.test(textual);

describe("the layout of a list", () => {
  it("cuts metadata.managedFields of the items and nothing else", () => {
    fc.assert(
      fc.property(fc.array(object), json, indent, (items, other, space) => {
        const body = JSON.stringify(
          { kind: "List", metadata: { continue: "x", managedFields: [1] }, items, other },
          null,
          space,
        );
        const bytes = encode(body);
        const layout = layoutOfList(bytes);
        if (layout === undefined) {
          assert.ok(hasEscapedKey(body), body);
          return;
        }
        const expected = {
          ...(JSON.parse(body) as object),
          items: items.map((item) => cut(JSON.parse(JSON.stringify(item)))),
        };
        assert.deepEqual(JSON.parse(decode(without(bytes, layout.managedFields))), expected);
      }),
      { numRuns: 500 },
    );
  });

  it("finds each item's bytes", () => {
    fc.assert(
      fc.property(fc.array(object), indent, (items, space) => {
        const bytes = encode(JSON.stringify({ items }, null, space));
        const layout = layoutOfList(bytes);
        if (layout === undefined) return;
        const found: unknown[] = [];
        for (let index = 0; index < layout.items.length; index += 2) {
          found.push(JSON.parse(decode(bytes.subarray(layout.items[index], layout.items[index + 1]))));
        }
        assert.deepEqual(found, JSON.parse(JSON.stringify(items)));
      }),
    );
  });

  it("is sure of what a server sends, so that the fast way is taken", () => {
    const annotations = { last: JSON.stringify({ metadata: { managedFields: [1] } }) };
    const managedFields = [{ manager: "a", fieldsV1: { 'k:{"type":"Ready"}': { ".": {} } } }];
    for (const metadata of [
      { managedFields },
      { name: "a", managedFields },
      { managedFields, name: "a" },
      { name: "a", managedFields, annotations },
    ]) {
      const spec = { template: { metadata: { managedFields: "stays" } }, managedFields: 1 };
      const bytes = encode(JSON.stringify({ items: [{ metadata, spec }] }));
      const layout = layoutOfList(bytes);
      assert.ok(layout);
      const { managedFields: _, ...rest } = metadata as Record<string, unknown>;
      assert.deepEqual(JSON.parse(decode(without(bytes, layout.managedFields))), { items: [{ metadata: rest, spec }] });
    }
  });

  it("is unsure of all that is not plainly a list", () => {
    for (const body of [
      "",
      "[]",
      "null",
      "{",
      '{"items":1}',
      '{"items":[1]}',
      '{"items":[{}',
      '{"items":[{}]',
      '{"items":[{}]}x',
      '{"items":[],"items":[]}',
      '{"a":1}',
      '{"items":[{"metadata":{"managedFields"}}]}',
      '{"it\\u0065ms":[]}',
      '{"items":[{"a":"\\',
    ]) {
      assert.equal(layoutOfList(encode(body)), undefined, body);
    }
  });

  it("never takes what JSON.parse refuses for sure, outside of what it cuts", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...'{}[]",:\\ 1a', '"items":', '"metadata":', '"managedFields":'),
          maxLength: 40,
        }),
        (body) => {
          const bytes = encode(body);
          const layout = layoutOfList(bytes);
          // Whatever it says must be ranges in order and inside the text.
          let last = 0;
          for (const at of layout?.managedFields ?? []) {
            assert.ok(at >= last && at <= bytes.length);
            last = at;
          }
        },
      ),
    );
  });
});

describe("managedFields of one object and of a watch event", () => {
  it("are cut from the object", () => {
    fc.assert(
      fc.property(object, indent, (value, space) => {
        const bytes = encode(JSON.stringify(value, null, space));
        const ranges = managedFieldsOfObject(bytes);
        if (ranges === undefined) return;
        assert.deepEqual(JSON.parse(decode(without(bytes, ranges))), cut(JSON.parse(JSON.stringify(value))));
      }),
    );
  });

  it("are cut from the event's object", () => {
    fc.assert(
      fc.property(object, json, (value, other) => {
        const event = { type: "ADDED", object: value, metadata: { managedFields: other } };
        const bytes = encode(JSON.stringify(event));
        const ranges = managedFieldsOfEvent(bytes);
        if (ranges === undefined) return;
        const expected = JSON.parse(JSON.stringify({ ...event, object: cut(value) })) as unknown;
        assert.deepEqual(JSON.parse(decode(without(bytes, ranges))), expected);
      }),
    );
  });
});
