import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { validateConfigMapKey, validateHttpPath, validatePortName } from "./field-formats.ts";
import { validateLabelKey, validateLabelValue } from "./label-value.ts";
import {
  validateDns1123Label,
  validateDns1123Subdomain,
  validateDns1123SubdomainWithUnderscore,
  validateNameIsDns1035Label,
  validateNameIsDns1123Label,
  validateNameIsDns1123Subdomain,
  validatePathSegmentName,
  validateWildcardDns1123Subdomain,
} from "./names.ts";

test("a DNS label has at most 63 characters of a-z, 0-9 and inner dashes", () => {
  for (const name of ["a", "0", "a-b", "a".repeat(63)]) assert.deepEqual(validateDns1123Label(name), [], name);
  for (const name of ["", "A", "-a", "a-", "a.b", "a_b", "ä"]) assert.equal(validateDns1123Label(name).length, 1, name);
  assert.equal(validateDns1123Label("a".repeat(64)).length, 1);
});

test("a name that is too long and of wrong characters has two problems", () => {
  assert.equal(validateDns1123Label("A".repeat(64)).length, 2);
});

test("the prefix of a generated name may end with a dash", () => {
  for (const rule of [validateNameIsDns1123Label, validateNameIsDns1123Subdomain, validateNameIsDns1035Label]) {
    assert.deepEqual(rule("web-", true), []);
    assert.notDeepEqual(rule("web-", false), []);
  }
});

test("a Service's name starts with a letter", () => {
  assert.deepEqual(validateNameIsDns1035Label("a1", false), []);
  assert.notDeepEqual(validateNameIsDns1035Label("1a", false), []);
});

test("path segments are names of everything but what a path cannot hold", () => {
  assert.deepEqual(validatePathSegmentName("system:node", false), []);
  for (const name of [".", "..", "a/b", "a%b"]) assert.notDeepEqual(validatePathSegmentName(name, false), [], name);
  assert.deepEqual(validatePathSegmentName(".", true), []);
});

test("label keys may have a DNS prefix", () => {
  for (const key of ["app", "App_1.x", "example.com/app"]) assert.deepEqual(validateLabelKey(key), [], key);
  for (const key of ["", "/app", "example.com/", "a/b/c", "Example.com/app", "-a", "a".repeat(64)])
    assert.notDeepEqual(validateLabelKey(key), [], key);
});

test("label values may be empty", () => {
  for (const value of ["", "a", "A_b.c-1"]) assert.deepEqual(validateLabelValue(value), [], value);
  for (const value of ["a b", "-a", "a-", "a".repeat(64)]) assert.notDeepEqual(validateLabelValue(value), [], value);
});

test("keys of ConfigMaps are file names", () => {
  for (const key of ["a", "a.yaml", ".hidden", "A_b-c"]) assert.deepEqual(validateConfigMapKey(key), [], key);
  for (const key of ["", ".", "..", "..a", "a/b", "a b"]) assert.notDeepEqual(validateConfigMapKey(key), [], key);
});

test("port names are service names", () => {
  for (const name of ["http", "a1", "1a"]) assert.deepEqual(validatePortName(name), [], name);
  for (const name of ["", "1", "a--b", "-a", "A", "abcdefghijklmnop"])
    assert.notDeepEqual(validatePortName(name), [], name);
});

test("a wildcard stands for the first label only", () => {
  assert.deepEqual(validateWildcardDns1123Subdomain("*.example.com"), []);
  for (const host of ["*", "a.*.com", "example.com"])
    assert.notDeepEqual(validateWildcardDns1123Subdomain(host), [], host);
});

test("every DNS label is a subdomain and a label value", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{1,63}$/), (name) => {
      fc.pre(validateDns1123Label(name).length === 0);
      assert.deepEqual(validateNameIsDns1123Subdomain(name, false), []);
      assert.deepEqual(validateLabelValue(name), []);
    }),
  );
});

test("search domains may have underscores", () => {
  for (const domain of ["_tcp.example.com", "a_b", "example.com"])
    assert.deepEqual(validateDns1123SubdomainWithUnderscore(domain), [], domain);
  for (const domain of ["a_", "__a", "A", "a..b", `a${".a".repeat(127)}`])
    assert.equal(validateDns1123SubdomainWithUnderscore(domain).length, 1, domain);
});

test("a path after a domain has a URL's characters", () => {
  assert.deepEqual(validateHttpPath("ingress-controller/v1.2"), []);
  assert.deepEqual(validateHttpPath("a b"), [
    "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
  ]);
});

test("what a length counts is called as the caller says", () => {
  assert.deepEqual(validateDns1123Label("a".repeat(64)), ["must be no more than 63 characters"]);
  assert.deepEqual(validateDns1123Label("a".repeat(64), "bytes"), ["must be no more than 63 bytes"]);
  assert.deepEqual(validateDns1123Subdomain("a".repeat(254), "bytes"), ["must be no more than 253 bytes"]);
});
