import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { nodeHost } from "../../config/host.ts";
import { createCredentialSource } from "../create-credential-source.ts";
import { CredentialError } from "../credential-error.ts";
import {
  answer,
  contextOf,
  execOf,
  FakePlugin,
  sourceOf,
  testHost,
  tokenOf,
  v1,
  v1beta1,
} from "../testdata/fake-plugin.ts";

const hourLater = "2030-01-01T01:00:00Z";

async function failure(promise: Promise<unknown>): Promise<CredentialError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof CredentialError, `a CredentialError, not ${String(error)}`);
    return error;
  }
  throw new assert.AssertionError({ message: "it did not fail" });
}

test("E1 makes a source without running the plugin", async () => {
  using plugin = new FakePlugin();
  const source = sourceOf(plugin);
  assert.equal(plugin.runs, 0);
  assert.equal(await tokenOf(source), "t");
  assert.equal(plugin.runs, 1);
});

test("E3 lets token, basic and certificate win, each without a run", async () => {
  using plugin = new FakePlugin();
  const exec = execOf(plugin);
  const token = createCredentialSource(contextOf({ exec, token: "static" }));
  assert.equal((await token.credential()).headers["authorization"], "Bearer static");
  const basic = createCredentialSource(contextOf({ exec, username: "u" }));
  assert.equal((await basic.credential()).headers["authorization"], "Basic dTo=");
  assert.equal(plugin.runs, 0);
});

test("E3 checks the exec section even where a token wins", () => {
  using plugin = new FakePlugin();
  const exec = execOf(plugin, { apiVersion: "client.authentication.k8s.io/v1alpha1" });
  assert.throws(() => createCredentialSource(contextOf({ exec, token: "static" })), {
    code: "PluginVersionUnsupported",
  });
});

test("E4 uses the plugin beside a password without a username", async () => {
  using plugin = new FakePlugin();
  const source = createCredentialSource(contextOf({ exec: execOf(plugin), password: "p" }), { host: testHost() });
  assert.equal(await tokenOf(source), "t");
});

test("E5 does not fall back to the plugin where the token file is missing", async () => {
  using plugin = new FakePlugin();
  const tokenFile = join(plugin.folder, "missing");
  const source = createCredentialSource(contextOf({ exec: execOf(plugin), tokenFile }));
  assert.equal((await failure(Promise.resolve(source.credential()))).code, "TokenFileUnreadable");
  assert.equal(plugin.runs, 0);
});

test("E6 refuses exec together with an auth-provider", () => {
  using plugin = new FakePlugin();
  const context = contextOf({ exec: execOf(plugin), authProvider: { name: "oidc", config: {} } });
  assert.throws(() => createCredentialSource(context), { code: "CredentialsConflict" });
});

for (const apiVersion of ["client.authentication.k8s.io/v1alpha1", "", "v1", `${v1} `]) {
  test(`E10 refuses the apiVersion ${JSON.stringify(apiVersion)} before anything runs`, () => {
    using plugin = new FakePlugin();
    assert.throws(() => sourceOf(plugin, { apiVersion }), { code: "PluginVersionUnsupported" });
  });
}

test("E10 tells the owner of a v1alpha1 kubeconfig what to do", () => {
  using plugin = new FakePlugin();
  assert.throws(() => sourceOf(plugin, { apiVersion: "client.authentication.k8s.io/v1alpha1" }), /update-kubeconfig/);
});

test("E12 refuses an empty interactiveMode when the plugin would run", async () => {
  using plugin = new FakePlugin();
  const error = await failure(Promise.resolve(sourceOf(plugin, { interactiveMode: "" }).credential()));
  assert.equal(error.code, "PluginNeedsTerminal");
  assert.equal(plugin.runs, 0);
});

test("E14 finds no program for an empty command", async () => {
  using plugin = new FakePlugin();
  assert.equal((await failure(Promise.resolve(sourceOf(plugin, { command: "" }).credential()))).code, "PluginNotFound");
});

test("E16 looks a bare command up in the parent's PATH, not in the plugin's", async () => {
  using plugin = new FakePlugin();
  const host = testHost({ env: () => ({ PATH: `/nonexistent:${plugin.folder}:/usr/bin:/bin` }) });
  const env = [{ name: "PATH", value: "/usr/bin:/bin" }];
  assert.equal(await tokenOf(sourceOf(plugin, { command: "plugin.sh", env }, { host })), "t");
  const poor = testHost({ env: () => ({ PATH: "/usr/bin:/bin" }) });
  const rich = [{ name: "PATH", value: `${plugin.folder}:/usr/bin:/bin` }];
  const source = sourceOf(plugin, { command: "plugin.sh", env: rich }, { host: poor });
  assert.equal((await failure(Promise.resolve(source.credential()))).code, "PluginNotFound");
});

test("E17 refuses a relative command that came from no file, and says why", async () => {
  using plugin = new FakePlugin();
  const error = await failure(Promise.resolve(sourceOf(plugin, { command: "./dir/plugin.sh" }).credential()));
  assert.equal(error.code, "PluginPathRelative");
  assert.match(error.message, /came from no file/);
});

test("E18 runs the plugin in this process's folder", async () => {
  using plugin = new FakePlugin();
  await tokenOf(sourceOf(plugin));
  assert.equal(plugin.seen("cwd").trim(), realpathSync(process.cwd()));
});

test("E19 passes arguments and variables as they are, through no shell", async () => {
  using plugin = new FakePlugin();
  const args = ["a b", "$HOME", "~", "", "'\"", "*", "é", "-x"];
  await tokenOf(sourceOf(plugin, { args, env: [{ name: "EXP", value: "$HOME `id` ~" }] }));
  assert.deepEqual(plugin.seen("argv").split("\0").slice(1, -1), args);
  assert.equal(plugin.variable("EXP"), "$HOME `id` ~");
});

test("E20 lets the last of a variable's values win, and none over KUBERNETES_EXEC_INFO", async () => {
  using plugin = new FakePlugin();
  const env = [
    { name: "DUP", value: "one" },
    { name: "DUP", value: "two" },
    { name: "EMPTY", value: "" },
    { name: "KUBERNETES_EXEC_INFO", value: "forged" },
  ];
  const host = testHost({
    env: () => ({ ...nodeHost.env(), DUP: "host", HOSTED: "h", KUBERNETES_EXEC_INFO: "preset" }),
  });
  await tokenOf(sourceOf(plugin, { env }, { host }));
  assert.equal(plugin.variable("DUP"), "two");
  assert.equal(plugin.variable("HOSTED"), "h");
  assert.equal(plugin.variable("EMPTY"), "");
  assert.match(plugin.seen("info"), /^\{"kind":"ExecCredential"/);
});

test("E20 refuses a variable with a NUL", async () => {
  using plugin = new FakePlugin();
  const source = sourceOf(plugin, { env: [{ name: "A", value: "b\0c" }] });
  assert.equal((await failure(Promise.resolve(source.credential()))).code, "PluginNotStarted");
});

test("E21 gives a plugin that is not interactive an input that has ended", async () => {
  using plugin = new FakePlugin();
  await tokenOf(sourceOf(plugin, { interactiveMode: "Never" }));
  assert.equal(plugin.seen("stdin").trim(), "end");
});

test("E22 passes standard error on while the plugin runs, and keeps it out of the output", async () => {
  using plugin = new FakePlugin('echo "visit https://login" >&2; cat "$d/answer"');
  const chunks: Uint8Array[] = [];
  const source = sourceOf(plugin, {}, { onStderr: (chunk) => void chunks.push(chunk) });
  assert.equal(await tokenOf(source), "t");
  assert.equal(Buffer.concat(chunks).toString(), "visit https://login\n");
});

test("E23 waits for a grandchild that still writes to standard output", async () => {
  using plugin = new FakePlugin('(sleep 0.3; cat "$d/answer") &');
  assert.equal(await tokenOf(sourceOf(plugin)), "t");
});

test("E24 an abort ends the waiting and not the run", async () => {
  using plugin = new FakePlugin('while [ ! -e "$d/go" ]; do sleep 0.02; done; cat "$d/answer"');
  const source = sourceOf(plugin);
  const controller = new AbortController();
  const waiting = Promise.resolve(source.credential({ signal: controller.signal }));
  const other = Promise.resolve(source.credential());
  const reason = new Error("not any more");
  controller.abort(reason);
  await assert.rejects(waiting, reason);
  writeFileSync(join(plugin.folder, "go"), "");
  assert.equal((await other).headers["authorization"], "Bearer t");
  assert.equal(plugin.runs, 1);
});

test("E25 tells a plugin of each version its version", async () => {
  for (const apiVersion of [v1, v1beta1]) {
    using plugin = new FakePlugin();
    plugin.answers(answer({ token: "t" }, apiVersion));
    await tokenOf(sourceOf(plugin, { apiVersion }));
    const expected = `{"kind":"ExecCredential","apiVersion":"${apiVersion}","spec":{"interactive":false}}\n`;
    assert.equal(plugin.seen("info"), expected);
  }
});

test("E44 B6 a failing plugin is an error with its exit code and its last words, whatever it printed", async () => {
  using plugin = new FakePlugin('cat "$d/answer"; echo "please log in" >&2; exit 7');
  const error = await failure(Promise.resolve(sourceOf(plugin).credential()));
  assert.equal(error.code, "PluginFailed");
  assert.equal(error.exitCode, 7);
  assert.equal(error.stderrTail, "please log in");
  assert.match(error.message, /failed with exit code 7.*please log in/s);
});

test("E44 a plugin that a signal ends is an error that names the signal", async () => {
  using plugin = new FakePlugin("kill -TERM $$");
  const error = await failure(Promise.resolve(sourceOf(plugin).credential()));
  assert.equal(error.code, "PluginFailed");
  assert.equal(error.signal, "SIGTERM");
  assert.equal(error.exitCode, undefined);
});

test("E45 B5 shows the install hint for a bare command and for a path", async () => {
  using plugin = new FakePlugin();
  for (const command of ["no-such-plugin-anywhere", join(plugin.folder, "missing")]) {
    const source = sourceOf(plugin, { command, installHint: "brew install it" });
    const error = await failure(Promise.resolve(source.credential()));
    assert.equal(error.code, "PluginNotFound");
    assert.match(error.message, /client-go-credential-plugins\n\nbrew install it$/);
  }
});

test("E46 shows the hint ten times an hour", async () => {
  using plugin = new FakePlugin();
  const host = testHost();
  const source = sourceOf(plugin, { command: "no-such-plugin", installHint: "HINT" }, { host, backOffMs: 0 });
  const hints = async (times: number): Promise<number> => {
    let count = 0;
    for (let turn = 0; turn < times; turn++) {
      const { message } = await failure(Promise.resolve(source.credential()));
      if (message.includes("HINT")) count += 1;
    }
    return count;
  };
  assert.equal(await hints(15), 10);
  host.nowMs += 3_600_000;
  assert.equal(await hints(15), 10);
});

test("E47 tells a file that may not be run from one that is not there", async () => {
  using plugin = new FakePlugin();
  const command = join(plugin.folder, "answer");
  assert.equal((await failure(Promise.resolve(sourceOf(plugin, { command }).credential()))).code, "PluginNotStarted");
  mkdirSync(join(plugin.folder, "folder"));
  const folder = sourceOf(plugin, { command: join(plugin.folder, "folder") });
  assert.equal((await failure(Promise.resolve(folder.credential()))).code, "PluginNotStarted");
});

test("E49 shares one credential between sources with an equal configuration", async () => {
  using plugin = new FakePlugin();
  const [host, onStderr] = [testHost(), () => undefined];
  const [one, two] = [sourceOf(plugin, {}, { host, onStderr }), sourceOf(plugin, {}, { host, onStderr })];
  await tokenOf(one);
  assert.equal(await tokenOf(two), "t");
  assert.equal(plugin.runs, 1);
  for (const changes of [{ args: ["x"] }, { env: [{ name: "A", value: "" }] }, { installHint: "h" }]) {
    const before: number = plugin.runs;
    await tokenOf(sourceOf(plugin, changes, { host, onStderr }));
    assert.equal(plugin.runs, before + 1, `${JSON.stringify(changes)} is another configuration`);
  }
});

test("E49 shares between clusters unless the plugin is told the cluster", async () => {
  using plugin = new FakePlugin();
  const [host, onStderr] = [testHost(), () => undefined];
  const ask = async (provideClusterInfo: boolean, server: string): Promise<void> => {
    const context = contextOf({ exec: execOf(plugin, { provideClusterInfo }) }, { asWritten: { server } });
    await createCredentialSource(context, { host, exec: { onStderr } }).credential();
  };
  await ask(false, "https://a");
  await ask(false, "https://b");
  assert.equal(plugin.runs, 1);
  await ask(true, "https://a");
  await ask(true, "https://b");
  await ask(true, "https://a");
  assert.equal(plugin.runs, 3);
});

test("E49 does not share between clusters with other settings for plugins, told or not", async () => {
  using plugin = new FakePlugin();
  const [host, onStderr] = [testHost(), () => undefined];
  for (const execConfig of [{ a: 1 }, { a: 2 }, { a: 1 }]) {
    await createCredentialSource(contextOf({ exec: execOf(plugin) }, { execConfig }), {
      host,
      exec: { onStderr },
    }).credential();
  }
  assert.equal(plugin.runs, 2);
});

test("E50 keeps a credential without an expiry", async () => {
  using plugin = new FakePlugin();
  const host = testHost();
  const source = sourceOf(plugin, {}, { host });
  const first = await source.credential();
  host.nowMs += 1e12;
  assert.equal(source.credential(), first, "at once, and the same snapshot");
  assert.equal(plugin.runs, 1);
});

test("E50 B2 runs again shortly before the expiry, and not earlier", async () => {
  using plugin = new FakePlugin();
  plugin.answers(answer({ token: "one", expirationTimestamp: hourLater }));
  const host = testHost();
  const source = sourceOf(plugin, {}, { host });
  assert.equal(await tokenOf(source), "one");
  host.nowMs = Date.parse(hourLater) - 10_000;
  assert.equal(await tokenOf(source), "one");
  plugin.answers(answer({ token: "two", expirationTimestamp: "2030-01-01T02:00:00Z" }));
  host.nowMs += 1;
  assert.equal(await tokenOf(source), "two");
  assert.equal(plugin.runs, 2);
});

test("B2 keeps a short-lived credential for nine tenths of its life", async () => {
  using plugin = new FakePlugin();
  plugin.answers(answer({ token: "one", expirationTimestamp: "2030-01-01T00:00:10Z" }));
  const host = testHost();
  const source = sourceOf(plugin, {}, { host });
  await tokenOf(source);
  host.nowMs += 9000;
  await tokenOf(source);
  assert.equal(plugin.runs, 1);
  host.nowMs += 1;
  await tokenOf(source);
  assert.equal(plugin.runs, 2);
});

test("B2 uses the old credential while it lasts where its early replacement fails", async () => {
  using plugin = new FakePlugin('[ "$n" = 1 ] || exit 1; cat "$d/answer"');
  plugin.answers(answer({ token: "one", expirationTimestamp: hourLater }));
  const host = testHost();
  const source = sourceOf(plugin, {}, { host });
  await tokenOf(source);
  host.nowMs = Date.parse(hourLater) - 5000;
  assert.equal(await tokenOf(source), "one");
  host.nowMs = Date.parse(hourLater) + 60_000;
  assert.equal((await failure(Promise.resolve(source.credential()))).code, "PluginFailed");
});

test("E51 uses a credential that is already over once, and runs again for the next request", async () => {
  using plugin = new FakePlugin();
  plugin.answers(answer({ token: "old", expirationTimestamp: "2029-12-31T23:59:59Z" }));
  const source = sourceOf(plugin);
  for (let request = 1; request <= 3; request++) {
    assert.equal(await tokenOf(source), "old");
    assert.equal(plugin.runs, request);
  }
});

test("E52 an expired credential is not used where the plugin fails", async () => {
  using plugin = new FakePlugin('[ "$n" = 1 ] || exit 3; cat "$d/answer"');
  plugin.answers(answer({ token: "one", expirationTimestamp: hourLater }));
  const host = testHost();
  const source = sourceOf(plugin, {}, { host });
  await tokenOf(source);
  host.nowMs += 4_000_000;
  assert.equal((await failure(Promise.resolve(source.credential()))).exitCode, 3);
});

test("B4 answers from memory for a moment after a failure, and longer after the next", async () => {
  using plugin = new FakePlugin("exit 1");
  const host = testHost();
  const source = sourceOf(plugin, {}, { host });
  for (let request = 0; request < 5; request++) await failure(Promise.resolve(source.credential()));
  assert.equal(plugin.runs, 1);
  host.nowMs += 1000;
  await failure(Promise.resolve(source.credential()));
  assert.equal(plugin.runs, 2);
  host.nowMs += 1999;
  await failure(Promise.resolve(source.credential()));
  assert.equal(plugin.runs, 2);
  host.nowMs += 1;
  plugin.does('cat "$d/answer"');
  assert.equal(await tokenOf(source), "t");
});

test("E53 starts one plugin for a thousand cold requests, and fails all of them with one failure", async () => {
  using plugin = new FakePlugin();
  const source = sourceOf(plugin);
  const credentials = await Promise.all(Array.from({ length: 1000 }, async () => source.credential()));
  assert.equal(plugin.runs, 1);
  assert.equal(new Set(credentials).size, 1);
  using failing = new FakePlugin("exit 1");
  const bad = sourceOf(failing);
  const settled = await Promise.allSettled(Array.from({ length: 1000 }, async () => bad.credential()));
  assert.ok(settled.every(({ status }) => status === "rejected"));
  assert.equal(failing.runs, 1);
});

test("E53 starts one more for a thousand requests that were answered 401", async () => {
  using plugin = new FakePlugin(
    'printf %s "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"t$n\\"}}"',
  );
  const source = sourceOf(plugin);
  const rejected = await source.credential();
  const fresh = await Promise.all(Array.from({ length: 1000 }, () => source.refresh(rejected)));
  assert.equal(plugin.runs, 2);
  assert.ok(fresh.every(({ headers }) => headers["authorization"] === "Bearer t2"));
  // One that comes late, with the old credential, finds the new one.
  assert.equal((await source.refresh(rejected)).headers["authorization"], "Bearer t2");
  assert.equal(plugin.runs, 2);
});

test("E54 says so where the refresh brings nothing new, and runs again for the next 401", async () => {
  using plugin = new FakePlugin();
  const source = sourceOf(plugin);
  for (let request = 1; request <= 3; request++) {
    const credential = await source.credential();
    assert.equal(await source.refresh(credential), credential);
    assert.equal(plugin.runs, request + 1);
  }
});

test("E54 keeps the old credential where the refresh after a 401 fails, and reports the failure", async () => {
  using plugin = new FakePlugin('[ "$n" = 1 ] || exit 9; cat "$d/answer"');
  const errors: unknown[] = [];
  const source = sourceOf(plugin, {}, { onRefreshError: (error) => void errors.push(error) });
  const credential = await source.credential();
  assert.equal(await source.refresh(credential), credential);
  assert.equal((errors[0] as CredentialError).exitCode, 9);
  assert.equal(await source.credential(), credential);
});

test("E69 shows no secret in an inspection or in JSON", async () => {
  using plugin = new FakePlugin();
  plugin.answers(answer({ token: "hunter2-token" }));
  const context = contextOf({ exec: execOf(plugin, { args: ["hunter2-arg"] }) });
  const source = createCredentialSource(context, { host: testHost(), exec: { onStderr: () => undefined } });
  const credential = await source.credential();
  for (const shown of [credential, source]) {
    assert.doesNotMatch(inspect(shown, { depth: 10 }) + JSON.stringify(shown), /hunter2/);
  }
});

test("closing forgets: a closed source gives nothing any more", async () => {
  using plugin = new FakePlugin();
  const source = sourceOf(plugin);
  await source.credential();
  source.close();
  source.close();
  assert.equal((await failure(Promise.resolve(source.credential()))).code, "CredentialSourceClosed");
});
