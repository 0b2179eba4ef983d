import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CHANNEL, decodeFrame, encodeClose, encodeData, encodeSize, pieces } from "./channels.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

test("data comes out of a frame as it went in, for every channel", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 254 }), bytes, (channel, data) => {
      assert.deepEqual(decodeFrame(encodeData(channel, data)), { type: "data", channel, data });
    }),
  );
});

test("the end of a channel comes out as it went in", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), (channel) => {
      assert.deepEqual(decodeFrame(encodeClose(channel)), { type: "close", channel });
    }),
  );
});

test("no message is an error, and what the protocol does not know is told", () => {
  fc.assert(
    fc.property(bytes, (message) => {
      const frame = decodeFrame(message);
      const isUnknown = message.length === 0 || (message[0] === 255 && message.length !== 2);
      assert.equal(frame.type === "unknown", isUnknown);
    }),
  );
});

test("pieces are small, and together they are the whole", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300_000 }), (length) => {
      const whole = new Uint8Array(length).map((_, index) => index % 251);
      const parts = [...pieces(whole)];
      assert.ok(parts.every((part) => part.length > 0 && part.length <= 65_536));
      assert.deepEqual(Buffer.concat(parts), Buffer.from(whole));
    }),
    { numRuns: 20 },
  );
});

test("a size is what the kubelet reads", () => {
  const frame = decodeFrame(encodeSize({ columns: 80, rows: 24 }));
  assert.equal(frame.type, "data");
  if (frame.type !== "data") return;
  assert.equal(frame.channel, CHANNEL.resize);
  assert.equal(new TextDecoder().decode(frame.data), '{"Width":80,"Height":24}');
});
