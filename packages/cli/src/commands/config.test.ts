import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";
import { Workplace } from "../testdata/workplace.ts";

const first = `apiVersion: v1
kind: Config
current-context: one
clusters:
- name: c1
  cluster: { server: "https://u:hidden@10.0.0.1:6443" }   # the old one
contexts:
- name: one
  context: { cluster: c1, user: u1, namespace: web }
users:
- name: u1
  user: { token: hidden }
`;
const second = `apiVersion: v1
kind: Config
clusters:
- name: c2
  cluster: { server: "https://10.0.0.2:6443" }
contexts:
- name: two
  context: { cluster: c2, user: u2 }
users:
- name: u2
  user: {}
`;

/** Two files in KUBECONFIG. */
function twoFiles(): Workplace {
  const work = new Workplace();
  work.env["KUBECONFIG"] = `${work.write("a", first)}:${work.write("b", second)}`;
  return work;
}

test("lists the contexts of all files, the current one marked", async () => {
  using work = twoFiles();
  const { exitCode, out } = await work.bowline("config");
  assert.equal(exitCode, 0);
  assert.deepEqual(
    out
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/)),
    [
      ["CONTEXT", "CLUSTER", "SERVER", "USER", "NAMESPACE"],
      ["*", "one", "c1", "https://10.0.0.1:6443", "u1", "web"],
      ["two", "c2", "https://10.0.0.2:6443", "u2"],
    ],
  );
  const { contexts, currentContext } = JSON.parse((await work.bowline("config", "contexts", "-o", "json")).out);
  assert.equal(currentContext, "one");
  assert.deepEqual(contexts[1], { name: "two", cluster: "c2", user: "u2", origin: work.path("b") });
});

test("use changes the current context in the file that has one, and leaves the rest as it is", async () => {
  using work = twoFiles();
  assert.equal((await work.bowline("config", "use", "two")).exitCode, 0);
  assert.equal(work.read("a"), first.replace("current-context: one", "current-context: two"));
  assert.equal(work.read("b"), second);
  assert.equal((await work.bowline("config", "current")).out, "two\n");
});

test("namespace shows it, and sets it in the file of the context", async () => {
  using work = twoFiles();
  assert.equal((await work.bowline("config", "namespace")).out, "web\n");
  assert.equal((await work.bowline("config", "namespace", "shop", "--context", "two")).exitCode, 0);
  assert.equal(work.read("a"), first);
  assert.match(work.read("b"), /"?namespace"?: ?"?shop"?/);
  assert.equal((await work.bowline("config", "namespace", "--context", "two")).out, "shop\n");
  assert.equal(statSync(work.path("b")).mode & 0o777, 0o600);
});

test("rename takes the current context along, and refuses a name that is taken", async () => {
  using work = twoFiles();
  assert.equal((await work.bowline("config", "rename", "one", "three")).exitCode, 0);
  assert.equal((await work.bowline("config", "current")).out, "three\n");
  const taken = await work.bowline("config", "rename", "three", "two");
  assert.equal(taken.exitCode, 1);
  assert.match(taken.error, /there is a context "two"/);
});

test("delete removes a context, a cluster or a user from its file", async () => {
  using work = twoFiles();
  for (const args of [
    ["delete", "two"],
    ["delete-cluster", "c2"],
    ["delete-user", "u2"],
  ]) {
    const { exitCode, error } = await work.bowline("config", ...args);
    assert.equal(exitCode, 0, error);
  }
  assert.doesNotMatch(work.read("b"), /name:/);
  assert.equal(work.read("a"), first);
});

test("a name that there is not is an error, and changes nothing", async () => {
  using work = twoFiles();
  for (const args of [
    ["use", "three"],
    ["namespace", "x", "--context", "three"],
    ["rename", "three", "four"],
    ["delete", "three"],
    ["delete-cluster", "three"],
    ["delete-user", "three"],
  ]) {
    const { exitCode, error } = await work.bowline("config", ...args);
    assert.equal(exitCode, 1, args.join(" "));
    assert.match(error, /there is no (?:context|cluster|user) "three" in .*; it has "\w+", "\w+"/);
  }
  assert.equal(work.read("a") + work.read("b"), first + second);
});

test("check lists what is wrong anywhere, and ends with 1", async () => {
  using work = twoFiles();
  assert.equal((await work.bowline("config", "check")).exitCode, 0);
  work.write("a", first.replace("name: u1", "name: u3"));
  work.write("b", second.replace("https://10.0.0.2:6443", "10.0.0.2:6443"));
  const { exitCode, out } = await work.bowline("config", "check");
  assert.equal(exitCode, 1);
  assert.match(out, /ServerWithoutScheme +.*https:\/\/10\.0\.0\.2:6443/);
  assert.match(out, /UserNotFound +.*"u1"/);
  assert.equal(JSON.parse((await work.bowline("config", "check", "-o", "json")).out).problems.length, 2);
});

test("without a kubeconfig it says where it looked", async () => {
  using work = new Workplace();
  const { exitCode, error } = await work.bowline("config");
  assert.equal(exitCode, 0);
  assert.match(error, /there are no contexts in .*\.kube\/config/);
  assert.equal((await work.bowline("config", "current")).exitCode, 1);
});

test("actions that make no sense print the usage and end with 2", async () => {
  using work = twoFiles();
  for (const args of [["sue"], ["use"], ["use", "a", "b"], ["rename", "one"], ["use", ""], ["contexts", "-o", "x"]]) {
    const { exitCode, error } = await work.bowline("config", ...args);
    assert.equal(exitCode, 2, args.join(" "));
    assert.match(error, /usage: bowline config/);
  }
});
