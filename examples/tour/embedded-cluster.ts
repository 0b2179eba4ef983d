/**
 * The cluster of a tour without a cluster: an API server in memory, a login service that issues credentials for it, and a
 * kubeconfig whose user is an exec plugin that asks that service.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTestServer, type TestServer } from "@bowline/testing";

/** Long enough for the first steps, short enough that the tour sees it expire. */
const TOKEN_LIFETIME_MS = 8_000;
const CERTIFICATE_LIFETIME_MS = 3_600_000;
const USER = { user: "ada@example.com", groups: ["system:masters"] };

/** How long a Pod stays in a phase: slow enough to be watched. */
const POD_PHASE_MS = 400;

/** A credential that the plugin was given. */
interface Issued {
  readonly what: "token" | "client certificate";
  readonly expiresAt: Date;
}

export interface EmbeddedCluster {
  /** What to say of it in the tour's first line. */
  readonly about: string;
  readonly kubeconfigFile: string;
  /** What the plugin was given so far, oldest first. */
  readonly issued: readonly Issued[];
  close(): Promise<void>;
}

export async function startEmbeddedCluster(): Promise<EmbeddedCluster> {
  const begin = performance.now();
  const server = await startTestServer({ controllers: { delayMs: POD_PHASE_MS } });
  const about = `an API server in memory at ${server.url}, up in ${Math.round(performance.now() - begin)} ms`;
  const issued: Issued[] = [];
  const login = createServer((_request, response) => {
    const { what, expiresAt, credential } = issued.length === 0 ? token(server) : certificate(server);
    issued.push({ what, expiresAt });
    response.setHeader("content-type", "application/json").end(JSON.stringify(credential));
  });
  await new Promise<void>((resolve, reject) => login.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = login.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const folder = await mkdtemp(join(tmpdir(), "bowline-tour-"));
  const kubeconfigFile = join(folder, "kubeconfig");
  await writeFile(kubeconfigFile, kubeconfig(server, `http://127.0.0.1:${port}/`), { mode: 0o600 });
  return {
    about,
    kubeconfigFile,
    issued,
    close: async () => {
      login.closeAllConnections();
      await new Promise((resolve) => login.close(resolve));
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function token(server: TestServer): Issued & { credential: object } {
  const expiresAt = new Date(Date.now() + TOKEN_LIFETIME_MS);
  const token = crypto.randomUUID();
  server.addToken(token, USER, TOKEN_LIFETIME_MS);
  return { what: "token", expiresAt, credential: { token, expirationTimestamp: expiresAt.toISOString() } };
}

function certificate(server: TestServer): Issued & { credential: object } {
  const expiresAt = new Date(Date.now() + CERTIFICATE_LIFETIME_MS);
  const { certificate, key } = server.clientCertificate({ ...USER, lifetimeMs: CERTIFICATE_LIFETIME_MS });
  return {
    what: "client certificate",
    expiresAt,
    credential: {
      clientCertificateData: certificate,
      clientKeyData: key,
      expirationTimestamp: expiresAt.toISOString(),
    },
  };
}

/** JSON is YAML, so a kubeconfig can be written without a YAML library. */
function kubeconfig(server: TestServer, loginUrl: string): string {
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "tour",
          cluster: {
            server: server.url,
            "certificate-authority-data": Buffer.from(server.certificateAuthority).toString("base64"),
          },
        },
      ],
      users: [
        {
          name: "ada",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1",
              command: process.execPath,
              args: [...runtimeArguments(), fileURLToPath(new URL("plugin.ts", import.meta.url))],
              env: [{ name: "TOUR_LOGIN_URL", value: loginUrl }],
              interactiveMode: "Never",
              provideClusterInfo: true,
            },
          },
        },
      ],
      contexts: [{ name: "tour", context: { cluster: "tour", user: "ada" } }],
      "current-context": "tour",
    },
    undefined,
    2,
  );
}

/** What lets this runtime run TypeScript from this repository. */
function runtimeArguments(): string[] {
  if ("Deno" in globalThis) return ["run", "-A", "--no-check", "--conditions=bowline-source"];
  if ("Bun" in globalThis) return ["--conditions=bowline-source", "run"];
  return ["--conditions=bowline-source", "--import", import.meta.resolve("tsx")];
}
