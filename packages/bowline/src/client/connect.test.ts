import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { startTestServer, type TestServer } from "@bowline/testing";
import { Client, ConfigError, ConnectionError, KubeConfig, KubeError } from "bowline";

let server: TestServer;
let folder: string;
before(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), "bowline-connect-"));
});
after(async () => {
  await server?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** A kubeconfig for a server that nobody needs to run. */
const nowhere = (server: string, rest = ""): string =>
  [
    "apiVersion: v1",
    "kind: Config",
    `clusters: [{ name: c, cluster: { server: "${server}" ${rest} } }]`,
    "contexts: [{ name: c, context: { cluster: c, namespace: team } }]",
    "current-context: c",
    "",
  ].join("\n");

describe("connect", () => {
  it("takes a path, a URL, a text and a loaded kubeconfig", async () => {
    const path = join(folder, "config");
    await writeFile(path, server.kubeconfig);
    const forms = [
      path,
      pathToFileURL(path),
      server.kubeconfig,
      await KubeConfig.load(path),
      await KubeConfig.parse(server.kubeconfig),
    ];
    for (const kubeconfig of forms) {
      await using client = await Client.connect({ kubeconfig });
      assert.equal((await client.resource("v1", "Namespace").get("default")).metadata.name, "default");
    }
  });

  it("takes a configuration made in code, with a token from a function", async () => {
    const kubeconfig = KubeConfig.from({
      server: server.url,
      certificateAuthority: server.certificateAuthority,
      token: async () => server.token,
    });
    await using client = await Client.connect({ kubeconfig });
    assert.equal((await client.version()).major, "1");
  });

  it("makes no request, and takes the context's namespace", async () => {
    await using client = await Client.connect({ kubeconfig: nowhere("https://127.0.0.1:1") });
    assert.equal(client.defaultNamespace, "team");
    await using other = await Client.connect({ kubeconfig: nowhere("https://127.0.0.1:1"), namespace: "mine" });
    assert.equal(other.defaultNamespace, "mine");
  });

  it("rejects with a typed error for what is no kubeconfig", async () => {
    const bad = [
      join(folder, "missing"),
      "\n",
      "a: [\n",
      "- a\n",
      "apiVersion: v1\nkind: Pod\n",
      nowhere("https://127.0.0.1:1").replace("current-context: c", "current-context: d"),
      nowhere("127.0.0.1:1"),
    ];
    for (const kubeconfig of bad) {
      await assert.rejects(Client.connect({ kubeconfig }), (error) => {
        assert.ok(error instanceof ConfigError, `${kubeconfig}: ${String(error)}`);
        assert.ok(error instanceof KubeError && error.message.length > 20);
        return true;
      });
    }
  });

  it("leads to typed errors at the first call where the server is not there, has another CA, or is none", async () => {
    const call = async (kubeconfig: string): Promise<unknown> => {
      await using client = await Client.connect({ kubeconfig, retry: { maxUnaskedRetries: 0 } });
      return await client.version().then(
        () => "answered",
        (error: unknown) => (error instanceof ConnectionError ? error.code : error),
      );
    };
    assert.equal(await call(nowhere("https://127.0.0.1:1")), "ConnectionRefused");
    assert.equal(await call(nowhere(server.url)), "CertificateUntrusted");
    const plain = createServer((_, response) => response.end("hello"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as AddressInfo;
    assert.equal(await call(nowhere(`https://127.0.0.1:${port}`)), "NotTls");
    plain.close();
    plain.closeAllConnections();
    assert.equal(await call(nowhere(server.url, ", insecure-skip-tls-verify: true")), "answered");
  });

  it("sends the user agent, and the interceptors see each request", async () => {
    const agents: (string | null)[] = [];
    await using client = await Client.connect({
      kubeconfig: server.kubeconfig,
      userAgent: "shop/1",
      interceptors: [
        (next) => (request) => {
          agents.push(request.headers.get("user-agent"));
          return next(request);
        },
      ],
    });
    await client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "agent" } });
    assert.deepEqual(agents, ["shop/1"]);
  });

  it("acts as somebody else where told to", async () => {
    await using client = await Client.connect({ kubeconfig: server.kubeconfig, impersonate: { user: "ann" } });
    await client.version().catch(() => {});
    assert.equal(server.requests.at(-1)?.user, "ann");
  });

  it("ends calls and watches in flight with TransportClosed where it is closed", async () => {
    const client = await Client.connect({ kubeconfig: server.kubeconfig });
    const watch = client.resource("v1", "Namespace").watch()[Symbol.asyncIterator]();
    await watch.next();
    const rest = (async () => {
      while ((await watch.next()).done !== true);
    })();
    const before = server.requests.length;
    server.faults.add({ type: "hang", path: /^\/version/ });
    const call = client.version();
    const closed = { name: "ConnectionError", code: "TransportClosed" };
    const results = Promise.all([assert.rejects(call, closed), assert.rejects(rest, closed)]);
    while (server.requests.length === before) await new Promise((resolve) => setImmediate(resolve));
    await client.close();
    await results;
    server.faults.clear();
  });
});
