import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { schemaFor } from "../schema/index.ts";
import { readEnvelope } from "./envelope.ts";
import { readMessage } from "./message-reader.ts";
import { signed64Text, WireError, WireReader } from "./wire-reader.ts";

test("numbers of every length are read", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const reader = new WireReader(varint(value));
      const read = reader.varint();
      assert.equal(BigInt(read.high) * 2n ** 32n + BigInt(read.low), value);
      assert.equal(signed64Text(read), String(value < 2n ** 63n ? value : value - 2n ** 64n));
      assert.ok(reader.isAtEnd);
    }),
  );
});

test("a field that nobody knows is passed over whole, groups included", () => {
  const bytes = Uint8Array.of(0x9b, 0x06, 0x08, 0x05, 0x12, 0x01, 0x41, 0x9c, 0x06, 0x08, 0x07);
  const reader = new WireReader(bytes);
  reader.skip(reader.tag("Any"));
  assert.equal(reader.tag("Any").field, 1);
  assert.deepEqual(reader.varint(), { low: 7, high: 0 });
});

test("what ends too early, is too long or makes no sense is refused", () => {
  const read = (...bytes: number[]) => {
    const reader = new WireReader(Uint8Array.from(bytes));
    return reader.skip(reader.tag("Pod"));
  };
  assert.throws(() => read(0x0a, 0x05, 0x41), { name: "WireError", message: "unexpected EOF" });
  assert.throws(() => read(...Array<number>(11).fill(0xff)), { message: "proto: integer overflow" });
  assert.throws(() => read(0x0a, ...Array<number>(9).fill(0xff), 0x01), {
    message: "proto: negative length found during unmarshaling",
  });
  assert.throws(() => read(0x0c), { message: "proto: Pod: wiretype end group for non-group" });
  assert.throws(() => read(0x02, 0x00), { message: "proto: Pod: illegal tag 0 (wire type 2)" });
  assert.throws(() => read(0x0e), { message: "proto: illegal wireType 6" });
});

test("any bytes are an object or a typed error", () => {
  const kinds = [
    ["", "v1", "Pod"],
    ["", "v1", "Service"],
    ["apps", "v1", "Deployment"],
    ["apiextensions.k8s.io", "v1", "CustomResourceDefinition"],
  ] as const;
  const schemas = kinds.flatMap(([group, version, kind]) => schemaFor(group, version, kind) ?? []);
  assert.equal(schemas.length, kinds.length);
  fc.assert(
    fc.property(fc.constantFrom(...schemas), messageLike(), (schema, bytes) => {
      for (const read of [() => readMessage(bytes, schema), () => readEnvelope(bytes)]) {
        try {
          read();
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("messages nested deeper than any object are refused before the stack ends", () => {
  const schema = schemaFor("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
  assert.ok(schema);
  // A schema's `not` is field 28, so each level is a tag of two bytes and a length.
  let bytes: Uint8Array = new Uint8Array();
  for (let depth = 0; depth < 2_000; depth += 1)
    bytes = concat(varint((28n << 3n) | 2n), varint(BigInt(bytes.length)), bytes);
  for (const field of [1n, 4n, 7n, 2n]) bytes = concat(varint((field << 3n) | 2n), varint(BigInt(bytes.length)), bytes);
  assert.throws(() => readMessage(bytes, schema), { name: "WireError" });
});

/** Bytes that are a message, or nearly: fields with small numbers, nested, cut and followed by noise. */
function messageLike(): fc.Arbitrary<Uint8Array> {
  const { message } = fc.letrec<{ message: Uint8Array; field: Uint8Array }>((tie) => ({
    message: fc.array(tie("field"), { maxLength: 4 }).map((fields) => concat(...fields)),
    field: fc.oneof(
      { maxDepth: 4 },
      fc
        .tuple(fc.integer({ min: 0, max: 50 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
        .map(([number, value]) => concat(varint(BigInt(number) << 3n), varint(value))),
      fc
        .tuple(fc.integer({ min: 1, max: 50 }), fc.uint8Array({ maxLength: 12 }))
        .map(([number, bytes]) => prefixed(number, bytes)),
      fc.tuple(fc.integer({ min: 1, max: 12 }), tie("message")).map(([number, bytes]) => prefixed(number, bytes)),
    ),
  }));
  return fc
    .tuple(message, fc.nat(), fc.uint8Array({ maxLength: 3 }))
    .map(([bytes, cut, noise]) => (cut % 3 === 0 ? concat(bytes.subarray(0, cut % (bytes.length + 1)), noise) : bytes));
}

function prefixed(field: number, bytes: Uint8Array): Uint8Array {
  return concat(varint((BigInt(field) << 3n) | 2n), varint(BigInt(bytes.length)), bytes);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
