/**
 * Runs each example as a user would, as a program of its own against an API server in memory, and looks at what it prints.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startTestServer, type TestServer } from "@bowline/testing";
import { Client } from "bowline";

const examples = fileURLToPath(new URL(".", import.meta.url));
let server: TestServer;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "bowline-examples-"));
  server = await startTestServer({ controllers: { delayMs: 10 } });
  writeFileSync(join(folder, "config"), server.kubeconfig, { mode: 0o600 });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** What lets this runtime run TypeScript from this repository. */
function runtimeArguments(): string[] {
  if ("Deno" in globalThis) return ["run", "-A", "--no-check", "--conditions=bowline-source"];
  if ("Bun" in globalThis) return ["--conditions=bowline-source", "run"];
  return ["--conditions=bowline-source", "--import", import.meta.resolve("tsx")];
}

interface Options {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The lines that an example prints; it must end well. */
async function run(name: string, { args = [], env = {} }: Options = {}): Promise<string[]> {
  const child = spawn(process.execPath, [...runtimeArguments(), join(examples, name), ...args], {
    env: { ...process.env, NO_COLOR: "1", KUBECONFIG: join(folder, "config"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let error = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (error += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(code, 0, `${name} ended with ${String(code)}:\n${out}${error}`);
  return out.trimEnd().split("\n");
}

/** Examples that run against the server as they are, and what they print. */
const printed: Readonly<Record<string, readonly string[]>> = {
  "deployment.ts": ["created example-shop with 2 replicas", "ready: 2", "image: nginx:1.29", "deleted: true"],
  "watch-resume.ts": [
    "first: ADDED example-a",
    "then: MODIFIED example-a",
    "then: ADDED example-b",
    "then: DELETED example-a",
    "then: DELETED example-b",
  ],
  "custom-resource.ts": ["blog.example.com is free, online", "refused: spec.tier"],
  "patches.ts": [
    'merge: {"team":"shop"}',
    "merge: KeyedListReplaced",
    "strategic: nginx:1.29 busybox:1.37",
    "json: nginx:1.29 busybox:1.38",
    'apply: {"owner":"me","team":"shop"}',
  ],
  "list-chunks.ts": [
    "list: 5 at one resourceVersion",
    "iterate: 3 before the one that was looked for",
    ...["a", "b", "c", "d", "e"].map((name) => `metadata only: example-${name}`),
  ],
  "in-cluster.ts": ["with a kubeconfig, in namespace default", "0 Pods"],
  "scale.ts": ["from 1 to 3", "3 are ready"],
  "tracing.ts": ["4 namespaces"],
};

for (const [name, lines] of Object.entries(printed)) {
  test(`${name} prints what it has done`, async () => {
    assert.deepEqual(await run(name), lines);
  });
}

test("wait.ts waits until the Pod is ready, and until it is gone", async () => {
  const [ready, ...rest] = await run("wait.ts");
  assert.match(ready ?? "", /^ready on \S+$/);
  assert.deepEqual(rest, ["it did not fail within 200 ms", "gone"]);
});

test("job-log.ts prints the log of the Job's Pod", async () => {
  const body = "3.1415926535897932385\n";
  server.faults.add({ type: "body", path: /\/log$/, httpStatus: 200, contentType: "text/plain", body });
  const lines = await run("job-log.ts");
  assert.equal(lines[0], "the Job is complete");
  assert.match(lines[1] ?? "", /^example-pi-\w+: 3\.1415926535897932385$/);
});

test("list-pods.ts prints a line a Pod", async () => {
  await using client = await Client.connect({ kubeconfig: server.kubeconfig });
  const pods = client.resource("v1", "Pod", { namespace: "default" });
  await pods.create({ metadata: { name: "one" }, spec: { containers: [{ name: "web", image: "nginx" }] } });
  await pods.wait("one", ({ status }) => status?.phase === "Running");
  assert.deepEqual(await run("list-pods.ts"), ["default\tone\tRunning"]);
  await pods.delete("one", { gracePeriodSeconds: 0, wait: true });
});

test("apply-file.ts applies all documents of a file", async () => {
  const file = join(folder, "app.yaml");
  writeFileSync(
    file,
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: app}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: app}\ndata: {a: '1'}\n",
  );
  assert.deepEqual(await run("apply-file.ts", { args: [file] }), [
    "Namespace/app applied",
    "ConfigMap/settings applied",
  ]);
});

test("several-clusters.ts asks every context, and tells apart what fails", async () => {
  const good = `{ server: "${server.url}", certificate-authority-data: ${Buffer.from(server.certificateAuthority).toString("base64")} }`;
  const file = join(folder, "several");
  writeFileSync(
    file,
    `clusters: [{ name: a, cluster: ${good} }, { name: b, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: u, user: { token: ${server.token} } }, { name: nobody, user: { token: wrong } }]
contexts:
- { name: good, context: { cluster: a, user: u } }
- { name: down, context: { cluster: b, user: u } }
- { name: rejected, context: { cluster: a, user: nobody } }
`,
  );
  const [down, goodOne, rejected] = await run("several-clusters.ts", { env: { KUBECONFIG: file } });
  assert.equal(down, "down: ConnectionRefused");
  assert.match(goodOne ?? "", /^good: v1\.\d+\.\d+\S* as admin$/);
  assert.equal(rejected, "rejected: Unauthorized");
});

test("credential-plugin.ts gets a token for the cluster from the token service, by a signed request", async () => {
  const asked: { readonly audience: string; readonly role: string }[] = [];
  const service = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const signature = createHmac("sha256", "machine-key").update(body).digest("base64");
      if (request.headers["x-signature"] !== signature) return void response.writeHead(403).end();
      asked.push(JSON.parse(body));
      server.addToken("issued-token", { user: "deployer" }, 60_000);
      response.end(JSON.stringify({ token: "issued-token", expiresInSeconds: 60 }));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  try {
    const key = join(folder, "key");
    writeFileSync(key, "machine-key\n", { mode: 0o600 });
    const login = (role: string, keyFile: string): Promise<Client> => {
      const { port } = service.address() as AddressInfo;
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1",
        command: process.execPath,
        args: [...runtimeArguments(), join(examples, "credential-plugin.ts"), "--role", role],
        env: [
          { name: "TOKEN_SERVICE_URL", value: `http://127.0.0.1:${port}/v1/token` },
          { name: "TOKEN_SERVICE_KEY", value: keyFile },
        ],
        provideClusterInfo: true,
        interactiveMode: "Never",
      };
      const cluster = {
        server: server.url,
        "certificate-authority-data": Buffer.from(server.certificateAuthority).toString("base64"),
      };
      const kubeconfig = JSON.stringify({
        clusters: [{ name: "c", cluster }],
        users: [{ name: "u", user: { exec } }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        "current-context": "c",
      });
      return Client.connect({ kubeconfig, exec: { onStderr: () => undefined } });
    };
    await using client = await login("deployer", key);
    assert.equal((await client.whoami()).username, "deployer");
    assert.deepEqual(asked, [
      { audience: server.url, role: "deployer", time: asked[0] && Reflect.get(asked[0], "time") },
    ]);
    const wrong = join(folder, "wrong-key");
    writeFileSync(wrong, "another\n", { mode: 0o600 });
    await using stranger = await login("deployer", wrong);
    await assert.rejects(stranger.whoami(), (error: Error & { code?: string; stderrTail?: string }) => {
      assert.equal(error.code, "PluginFailed");
      assert.match(error.stderrTail ?? "", /answered 403; is this machine registered for role deployer\?/);
      return true;
    });
  } finally {
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
  }
});

test("no example is longer than 60 lines, and each is run here", () => {
  const text = readFileSync(fileURLToPath(import.meta.url), "utf8");
  for (const name of readdirSync(examples).filter((file) => /(?<!\.test)\.ts$/.test(file))) {
    const lines = readFileSync(join(examples, name), "utf8").trimEnd().split("\n");
    assert.ok(lines.length <= 60, `${name} has ${lines.length} lines`);
    assert.ok(text.includes(`"${name}"`), `${name} is not run`);
    assert.doesNotMatch(lines.join("\n"), /from "\.{1,2}\//, `${name} must import by public names`);
  }
});
