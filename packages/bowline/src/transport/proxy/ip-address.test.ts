import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contains, ipBytes, isLoopback, parseCidr } from "./ip-address.ts";

test("every IPv6 address comes back as its bytes, however it is shortened", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 0xffff, 0x20a), { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = groups.flatMap((group) => [group >> 8, group & 255]);
      const whole = groups.map((group) => group.toString(16)).join(":");
      // URL shortens the longest run of zeros to "::".
      const short = new URL(`http://[${whole}]`).hostname.slice(1, -1);
      const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
      const expected = isMapped ? bytes.slice(12) : bytes;
      assert.deepEqual(ipBytes(whole), expected);
      assert.deepEqual(ipBytes(short), expected);
    }),
  );
});

test("addresses are read as Go reads them", () => {
  assert.deepEqual(ipBytes("10.0.0.1"), [10, 0, 0, 1]);
  assert.deepEqual(ipBytes("::ffff:10.0.0.1"), [10, 0, 0, 1]);
  assert.deepEqual(ipBytes("fe80::1%eth0"), [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  for (const text of ["", "10.0.0", "10.0.0.256", "a.b", "1:2", ":::", "10.0.0.1:80"])
    assert.equal(ipBytes(text), undefined, text);
});

test("127.0.0.0/8 and ::1 are loopback", () => {
  const is = (text: string) => isLoopback(ipBytes(text) ?? []);
  for (const text of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) assert.ok(is(text), text);
  for (const text of ["128.0.0.1", "::2", "::", "0.0.0.0"]) assert.ok(!is(text), text);
});

test("a block holds what shares its leading bits", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 0xffffffff }),
      fc.nat({ max: 0xffffffff }),
      fc.integer({ min: 0, max: 32 }),
      (block, address, bits) => {
        const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
        const same = bits === 0 || block >>> (32 - bits) === address >>> (32 - bits);
        const cidr = parseCidr(`${dotted(block)}/${bits}`);
        assert.ok(cidr !== undefined);
        assert.equal(contains(cidr, ipBytes(dotted(address)) ?? []), same);
      },
    ),
  );
  const six = parseCidr("2001:db8::/33");
  assert.ok(six !== undefined);
  assert.ok(contains(six, ipBytes("2001:db8:7fff::1") ?? []));
  assert.ok(!contains(six, ipBytes("2001:db8:8000::1") ?? []));
  assert.ok(!contains(six, ipBytes("10.0.0.1") ?? []));
});

test("what is no block is not read as one", () => {
  for (const text of [
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0/8",
    "::/129",
    "10.0.0.0/08",
    "10.0.0.0/",
    "a/8",
    "fe80::%e/8",
  ]) {
    assert.equal(parseCidr(text), undefined, text);
  }
});
