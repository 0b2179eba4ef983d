import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { KubeError } from "./kube-error.ts";

class PluginError extends KubeError {}
class SlowPluginError extends PluginError {}
class OtherError extends KubeError {}

test("a KubeError is an Error with a code, a cause and its class as name", () => {
  const cause = new Error("inner");
  const error = new PluginError("PluginFailed", "cannot run the plugin", { cause });
  assert.equal(error.code, "PluginFailed");
  assert.equal(error.message, "cannot run the plugin");
  assert.equal(error.cause, cause);
  assert.equal(error.name, "PluginError");
  assert.ok(error instanceof Error);
});

test("an error is not retryable unless that is said", () => {
  assert.equal(new KubeError("A", "a").retryable, false);
  assert.equal(new KubeError("A", "a", { retryable: true }).retryable, true);
});

test("instanceof holds for the class and those above it, and for no other", () => {
  const error = new SlowPluginError("A", "a");
  assert.ok(error instanceof SlowPluginError);
  assert.ok(error instanceof PluginError);
  assert.ok(error instanceof KubeError);
  assert.ok(!(error instanceof OtherError));
  assert.ok(!(new KubeError("A", "a") instanceof PluginError));
});

test("instanceof is false for what is no error of this library", () => {
  for (const value of [undefined, null, "KubeError", 1, {}, new Error("a"), { name: "KubeError", code: "A" }]) {
    assert.ok(!(value instanceof KubeError));
  }
});

test("instanceof holds across copies of the package", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "bowline-"));
  t.after(() => rm(directory, { recursive: true }));
  const path = join(directory, "kube-error.ts");
  await copyFile(new URL("./kube-error.ts", import.meta.url), path);
  const copy = (await import(pathToFileURL(path).href)) as { KubeError: typeof KubeError };
  assert.notEqual(copy.KubeError, KubeError);
  const theirs = new (class PluginError extends copy.KubeError {})("A", "a");
  assert.ok(theirs instanceof KubeError);
  assert.ok(theirs instanceof PluginError);
  assert.ok(!(theirs instanceof OtherError));
  assert.ok(new PluginError("A", "a") instanceof copy.KubeError);
});

test("within one copy two classes of the same name are told apart", () => {
  const first = class Shortened extends KubeError {};
  const second = class Shortened extends KubeError {};
  assert.ok(!(new first("A", "a") instanceof second));
});

test("the brand does not show when an error is printed or spread", () => {
  assert.deepEqual(Object.getOwnPropertySymbols({ ...new KubeError("A", "a") }), []);
});
