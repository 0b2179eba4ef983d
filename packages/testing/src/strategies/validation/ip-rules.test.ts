import assert from "node:assert/strict";
import { test } from "node:test";
import { cidrWarnings, ipWarnings } from "./address-warnings.ts";
import { canonicalIp, cidrContains, cidrProblems, ipProblems, isReadableCidr } from "./ip-rules.ts";

test("an address has one strict form, and what old parsers took is told apart from nonsense", () => {
  assert.deepEqual(ipProblems("10.0.0.1"), []);
  assert.deepEqual(ipProblems("2001:DB8::1"), []);
  assert.deepEqual(ipProblems("010.0.0.1"), ["must not have leading 0s"]);
  assert.deepEqual(ipProblems("::ffff:10.0.0.1"), ["must not be an IPv4-mapped IPv6 address"]);
  for (const text of ["", "x", "10.0.0", "10.0.0.300", "fe80::1%eth0"])
    assert.match(ipProblems(text)[0] ?? "", /valid IP/);
});

test("a network has no bits beyond its prefix", () => {
  assert.deepEqual(cidrProblems("10.0.0.0/8"), []);
  assert.deepEqual(cidrProblems("0.0.0.0/0"), []);
  assert.deepEqual(cidrProblems("2001:db8::/32"), []);
  assert.deepEqual(cidrProblems("10.0.0.1/8"), ["must not have bits set beyond the prefix length"]);
  assert.deepEqual(cidrProblems("10.0.0.0/08"), ["must not have leading 0s in IP or prefix length"]);
  assert.deepEqual(cidrProblems("::ffff:10.0.0.0/104"), ["must not have an IPv4-mapped IPv6 address"]);
  for (const text of ["10.0.0.0", "10.0.0.0/33", "x/8", "::/129"]) assert.ok(!isReadableCidr(text));
  assert.ok(isReadableCidr("10.0.0.1/8"));
  assert.ok(cidrContains("10.0.0.0/8", "10.1.0.0/16"));
});

test("another spelling of an IPv6 address is warned of", () => {
  assert.equal(canonicalIp("2001:0db8:0:0::1"), "2001:db8::1");
  assert.equal(canonicalIp("::ffff:10.0.0.1"), "10.0.0.1");
  assert.deepEqual(ipWarnings("f", "2001:db8::1"), []);
  assert.deepEqual(ipWarnings("f", "2001:DB8::1"), [
    'f: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
  ]);
  assert.deepEqual(cidrWarnings("f", "2001:DB8::/32"), [
    'f: IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")',
  ]);
  assert.deepEqual(cidrWarnings("f", "10.0.0.0/8"), []);
});
