import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  configKeyProblems,
  dns1035Name,
  dnsLabelName,
  dnsLabelProblems,
  dnsSubdomainName,
  labelKeyProblems,
  labelValueProblems,
  pathSegmentName,
  portNameProblems,
  wildcardDnsProblems,
} from "./name-rules.ts";

test("a DNS label has at most 63 characters of a-z, 0-9 and inner dashes", () => {
  for (const name of ["a", "0", "a-b", "a".repeat(63)]) assert.deepEqual(dnsLabelProblems(name), [], name);
  for (const name of ["", "A", "-a", "a-", "a.b", "a_b", "ä"]) assert.equal(dnsLabelProblems(name).length, 1, name);
  assert.equal(dnsLabelProblems("a".repeat(64)).length, 1);
});

test("a name that is too long and of wrong characters has two problems", () => {
  assert.equal(dnsLabelProblems("A".repeat(64)).length, 2);
});

test("the prefix of a generated name may end with a dash", () => {
  for (const rule of [dnsLabelName, dnsSubdomainName, dns1035Name]) {
    assert.deepEqual(rule("web-", true), []);
    assert.notDeepEqual(rule("web-", false), []);
  }
});

test("a Service's name starts with a letter", () => {
  assert.deepEqual(dns1035Name("a1", false), []);
  assert.notDeepEqual(dns1035Name("1a", false), []);
});

test("path segments are names of everything but what a path cannot hold", () => {
  assert.deepEqual(pathSegmentName("system:node", false), []);
  for (const name of [".", "..", "a/b", "a%b"]) assert.notDeepEqual(pathSegmentName(name, false), [], name);
  assert.deepEqual(pathSegmentName(".", true), []);
});

test("label keys may have a DNS prefix", () => {
  for (const key of ["app", "App_1.x", "example.com/app"]) assert.deepEqual(labelKeyProblems(key), [], key);
  for (const key of ["", "/app", "example.com/", "a/b/c", "Example.com/app", "-a", "a".repeat(64)])
    assert.notDeepEqual(labelKeyProblems(key), [], key);
});

test("label values may be empty", () => {
  for (const value of ["", "a", "A_b.c-1"]) assert.deepEqual(labelValueProblems(value), [], value);
  for (const value of ["a b", "-a", "a-", "a".repeat(64)]) assert.notDeepEqual(labelValueProblems(value), [], value);
});

test("keys of ConfigMaps are file names", () => {
  for (const key of ["a", "a.yaml", ".hidden", "A_b-c"]) assert.deepEqual(configKeyProblems(key), [], key);
  for (const key of ["", ".", "..", "..a", "a/b", "a b"]) assert.notDeepEqual(configKeyProblems(key), [], key);
});

test("port names are service names", () => {
  for (const name of ["http", "a1", "1a"]) assert.deepEqual(portNameProblems(name), [], name);
  for (const name of ["", "1", "a--b", "-a", "A", "abcdefghijklmnop"])
    assert.notDeepEqual(portNameProblems(name), [], name);
});

test("a wildcard stands for the first label only", () => {
  assert.deepEqual(wildcardDnsProblems("*.example.com"), []);
  for (const host of ["*", "a.*.com", "example.com"]) assert.notDeepEqual(wildcardDnsProblems(host), [], host);
});

test("every DNS label is a subdomain and a label value", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{1,63}$/), (name) => {
      fc.pre(dnsLabelProblems(name).length === 0);
      assert.deepEqual(dnsSubdomainName(name, false), []);
      assert.deepEqual(labelValueProblems(name), []);
    }),
  );
});
