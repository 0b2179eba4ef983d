import assert from "node:assert/strict";
import { test } from "node:test";
import zlib from "node:zlib";
import fc from "fast-check";
import {
  CANCEL,
  encodePing,
  encodeReset,
  encodeSpdyData,
  type SpdyFrame,
  SpdyReader,
  StreamOpener,
} from "./spdy-frames.ts";

const stream = fc.integer({ min: 1, max: 0x7fffffff });
const frame: fc.Arbitrary<{ bytes: Uint8Array; expected: SpdyFrame }> = fc.oneof(
  fc.record({ stream, data: fc.uint8Array({ maxLength: 50 }), isLast: fc.boolean() }).map((one) => ({
    bytes: encodeSpdyData(one.stream, one.data, one.isLast),
    expected: { type: "data" as const, ...one },
  })),
  fc.record({ stream, status: fc.nat(100) }).map((one) => ({
    bytes: encodeReset(one.stream, one.status),
    expected: { type: "reset" as const, ...one },
  })),
  fc.nat(0x7fffffff).map((id) => ({ bytes: encodePing(id), expected: { type: "ping" as const, id } })),
);

test("frames are found in pieces of any size", () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 40 })), (frames, cuts) => {
      const whole = Buffer.concat(frames.map(({ bytes }) => bytes));
      const reader = new SpdyReader();
      const found: SpdyFrame[] = [];
      let at = 0;
      for (const cut of cuts) {
        found.push(...reader.push(new Uint8Array(whole.subarray(at, at + cut))));
        at += cut;
      }
      found.push(...reader.push(new Uint8Array(whole.subarray(at))));
      assert.deepEqual(
        found.map((one) => ("data" in one ? { ...one, data: [...one.data] } : one)),
        frames.map(({ expected }) => ("data" in expected ? { ...expected, data: [...expected.data] } : expected)),
      );
    }),
  );
});

test("bytes of any kind are no error", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (pieces) => {
      const reader = new SpdyReader();
      for (const piece of pieces) for (const one of reader.push(piece)) assert.equal(typeof one.type, "string");
    }),
  );
});

test("streams are opened as the protocol's draft has it, their headers parts of one zlib stream", async () => {
  const opener = new StreamOpener();
  const inflate = zlib.createInflate();
  let block = Buffer.alloc(0);
  inflate.on("data", (chunk: Buffer) => {
    block = Buffer.concat([block, chunk]);
  });
  for (const [id, port] of [
    [1, "80"],
    [3, "8080"],
  ] as const) {
    const bytes = Buffer.from(opener.encode(id, { port, streamtype: "data" }));
    assert.equal(bytes.readUInt32BE(0), 0x80030001);
    assert.equal(bytes.readUInt32BE(4), bytes.length - 8);
    assert.equal(bytes.readUInt32BE(8), id);
    block = Buffer.alloc(0);
    await new Promise<void>((resolve) => inflate.write(bytes.subarray(18), () => resolve()));
    const texts: string[] = [];
    for (let at = 4; at < block.length; at += 4 + block.readUInt32BE(at)) {
      texts.push(block.toString("utf8", at + 4, at + 4 + block.readUInt32BE(at)));
    }
    assert.equal(block.readUInt32BE(0), 2);
    assert.deepEqual(texts, ["port", port, "streamtype", "data"]);
  }
  inflate.destroy();
  assert.equal(encodeReset(1, CANCEL).length, 16);
});
