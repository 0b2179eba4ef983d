import assert from "node:assert/strict";
import { test } from "node:test";
import { managerOfAgent, unprintable } from "./manager-name.ts";

const sent = (agent: string): string => Buffer.from(agent, "utf8").toString("latin1");

test("a client's manager is the first part of its agent, without what cannot be printed", () => {
  assert.equal(managerOfAgent("kubectl/v1.37.2 (linux/amd64)"), "kubectl");
  assert.equal(managerOfAgent(sent("ünï\tx/1")), "ünïx");
  assert.equal(managerOfAgent(""), "unknown");
  assert.equal(managerOfAgent("/x"), "unknown");
});

test("a client's manager is cut at a whole character within 128 bytes", () => {
  assert.equal(managerOfAgent("x".repeat(200)), "x".repeat(128));
  assert.equal(managerOfAgent(sent(`x${"é".repeat(100)}`)), `x${"é".repeat(63)}`);
});

test("characters that cannot be printed are told by the byte at which they are", () => {
  assert.deepEqual(unprintable("a b"), []);
  assert.deepEqual(unprintable("é\t\0"), [
    "invalid character U+0009 (at position 2)",
    "invalid character U+0000 (at position 3)",
  ]);
});
