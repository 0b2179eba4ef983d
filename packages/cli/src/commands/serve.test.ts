import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";
import { Client } from "bowline";
import { Workplace } from "../testdata/workplace.ts";

test("serves until Ctrl-C, by a kubeconfig that is there as long, to the users of a token file too", async () => {
  using work = new Workplace();
  const file = work.path("served");
  const tokens = work.write("tokens.csv", '# name\nada-token,ada,u-7,"staff,navy"\n');
  const interrupted = new AbortController();
  let said = (): void => undefined;
  const isUp = new Promise<void>((resolve) => {
    said = resolve;
  });
  const args = [
    "--kubeconfig",
    file,
    "--controllers",
    "none",
    "--token-auth-file",
    tokens,
    "--ca-file",
    work.path("ca"),
  ];
  const serving = work.bowlineUntil(interrupted.signal, (text) => text.startsWith("try: ") && said(), "serve", ...args);
  await Promise.race([isUp, serving.then(({ error }) => Promise.reject(new Error(error)))]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await using client = await Client.connect({ kubeconfig: file, overrides: { token: "ada-token" } });
  const { username, uid, groups } = await client.whoami();
  assert.deepEqual([username, uid, groups], ["ada", "u-7", ["staff", "navy", "system:authenticated"]]);
  assert.match(work.read("ca"), /BEGIN CERTIFICATE/);
  await client.close();
  interrupted.abort();
  const { exitCode, error } = await serving;
  assert.equal(exitCode, 0);
  assert.match(error, /^serving at https:\/\/127\.0\.0\.1:\d+, up in \d+ ms\n/);
  assert.throws(() => statSync(file), { code: "ENOENT" });
});

test("refuses options that make no sense, and says nothing of a token in a bad file", async () => {
  using work = new Workplace();
  for (const args of [
    ["--port", "70000"],
    ["--port", "x"],
    ["--controllers", "some"],
  ]) {
    const { exitCode, error } = await work.bowline("serve", ...args);
    assert.equal(exitCode, 2);
    assert.match(error, /usage: bowline serve/);
  }
  const { exitCode, error } = await work.bowline("serve", "--token-auth-file", work.write("t.csv", "s3cret\n"));
  assert.equal(exitCode, 2);
  assert.match(error, /line 1 of .*t\.csv is not token,user,uid/);
  assert.doesNotMatch(error, /s3cret/);
});
