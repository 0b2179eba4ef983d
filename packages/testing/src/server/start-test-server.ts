/**
 * Starts a Kubernetes API server in this process: in memory, over HTTPS, in milliseconds.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { admissionChain } from "../admission/index.ts";
import type { TestUser } from "../auth/authenticator.ts";
import { type ControllerOptions, startControllers } from "../controllers/index.ts";
import { CertificateAuthority, type ClientSubject, type KeyPair } from "../http/certificates.ts";
import { Exchange } from "../http/exchange.ts";
import { listen } from "../http/listener.ts";
import { route } from "../http/router.ts";
import { namespaceLifecycle } from "../registry/namespace-lifecycle.ts";
import type { ServerClient } from "../registry/server-client.ts";
import { StatusError } from "../registry/status-error.ts";
import { strategyFor } from "../strategies/index.ts";
import type { WatchLimits } from "../watch/watch-handler.ts";
import { ApiServer } from "./api-server.ts";
import { bootstrap } from "./bootstrap.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Fault, Faults } from "./faults.ts";
import { LocalClient } from "./local-client.ts";

/** What the server is started with. */
export interface TestServerOptions {
  /** Objects to create before the first request, in this order. A namespace that one needs is created with it. */
  readonly objects?:
    | readonly { readonly apiVersion: string; readonly kind: string; readonly [field: string]: unknown }[]
    | undefined;
  /**
   * Whether Deployments get Pods that become ready, and so on. Default false. `"manager"` is the same without nodes, so that
   * Pods stay pending.
   */
  readonly controllers?: boolean | "manager" | Omit<ControllerOptions, "certificateAuthority"> | undefined;
  /** Bearer tokens and whom they stand for, besides the one of the kubeconfig. */
  readonly tokens?: Readonly<Record<string, TestUser>> | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Changes kept per resource for watches and continued lists. Default 10 000. */
  readonly historyLength?: number | undefined;
  /** How long the server's certificate is valid. Default one year; negative: it has expired. */
  readonly certificateLifetimeMs?: number | undefined;
  /** Names, besides `localhost`, `127.0.0.1` and those of the `kubernetes` Service, that its certificate is good for. */
  readonly hosts?: readonly string[] | undefined;
}

/** One request that the server has received. */
export interface LoggedRequest {
  readonly verb: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The status of the answer; 0 where there was none. */
  status: number;
  /** Who sent it; `""` where that failed. */
  user: string;
}

/** A running server. */
export interface TestServer {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** The text of a kubeconfig whose only context is an administrator, by token. */
  readonly kubeconfig: string;
  /** The CA that its certificate chains to, in PEM. */
  readonly certificateAuthority: string;
  /** A token of an administrator. */
  readonly token: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** TLS handshakes so far. */
  readonly handshakes: number;
  readonly faults: { add(fault: Fault): void; clear(): void };
  /** Reads and writes without HTTP, as a part of the server. */
  readonly objects: ServerClient;
  /** A certificate and key, signed by the CA, by which a client is `user`. */
  clientCertificate(subject: ClientSubject): KeyPair;
  /** Makes `token` one of `user`'s; after `lifetimeMs` it gets 401. */
  addToken(token: string, user: TestUser, lifetimeMs?: number): void;
  /** Refuses a token, or the certificates of a user, from now on. */
  revoke(what: { readonly token: string } | { readonly certificateOf: string }): void;
  /** Forgets the history of objects, so that watches and continued lists from before now are expired. */
  compact(): void;
  /** Breaks every open connection. */
  dropConnections(): void;
  /** Stops. Nothing is left: no socket, no timer. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const HOST = "127.0.0.1";
const MASTERS = "system:masters";

/** Starts a server. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? systemClock;
  let createsAccounts = false;
  const server = new ApiServer({
    clock,
    historyLength: options.historyLength,
    strategyFor,
    admission: [
      namespaceLifecycle,
      ...admissionChain({
        updateQuotaStatus: (quota) =>
          void client.update(quota, { subresource: "status", fieldManager: "kube-apiserver" }),
        createsAccounts: () => createsAccounts,
      }),
    ],
  });
  const authority = new CertificateAuthority("bowline-test-server", () => clock.now());
  const names = ["localhost", HOST, "10.0.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
  const certificate = authority.server([...names, ...(options.hosts ?? [])], options.certificateLifetimeMs);
  const token = crypto.randomUUID();
  server.authenticator.addToken(token, { user: "admin", groups: [MASTERS], uid: "admin" });
  for (const [name, user] of Object.entries(options.tokens ?? {})) server.authenticator.addToken(name, user);

  const client: LocalClient = new LocalClient(server);
  bootstrap(server);
  for (const object of options.objects ?? []) client.ensure(object);
  const requests: LoggedRequest[] = [];
  const faults = new Faults();
  let handshakes = 0;
  const listener = await listen({
    certificate,
    clientAuthority: authority.certificate,
    port: options.port,
    host: HOST,
    onRequest: (request, response) => void answer(server, faults, requests, request, response),
    onConnection: () => {
      handshakes += 1;
    },
  });
  createsAccounts = options.controllers !== undefined && options.controllers !== false;
  const stopControllers =
    options.controllers === undefined || options.controllers === false
      ? () => undefined
      : startControllers(client, {
          certificateAuthority: authority.certificate,
          ...(options.controllers === "manager" ? { kubelet: false } : {}),
          ...(typeof options.controllers === "object" ? options.controllers : {}),
        });

  const url = `https://${HOST}:${listener.port}`;
  const close = async () => {
    stopControllers();
    client.close();
    await listener.close();
  };
  return {
    url,
    kubeconfig: kubeconfigText(url, authority.certificate, token),
    certificateAuthority: authority.certificate,
    token,
    requests,
    get handshakes() {
      return handshakes;
    },
    faults,
    objects: client,
    clientCertificate: (subject) => authority.client(subject),
    addToken: (name, user, lifetimeMs) => server.authenticator.addToken(name, user, lifetimeMs),
    revoke: (what) => server.authenticator.revoke(what),
    compact: () => server.storage.compact(),
    dropConnections: () => listener.dropConnections(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answer(
  server: ApiServer,
  faults: Faults,
  requests: LoggedRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = new Exchange(request, response);
  const { info } = exchange;
  const logged: LoggedRequest = { verb: info.verb, method: info.method, path: request.url ?? "/", status: 0, user: "" };
  requests.push(logged);
  const log = () => {
    logged.status = response.headersSent ? response.statusCode : 0;
    logged.user = exchange.user.username;
  };
  response.once("close", log);
  response.once("finish", log);
  response.on("error", () => undefined);
  try {
    const fault = faults.take(
      info,
      ({ group, version, resource }) => server.registry.byPlural(group, version, resource)?.kind,
    );
    if (fault !== undefined && (await isFailed(fault, server, exchange))) return;
    await route(server, exchange, fault === undefined ? {} : watchLimits(fault));
  } catch (error) {
    exchange.fail(error);
  }
}

/** What a fault does to a watch. */
function watchLimits(fault: Fault): WatchLimits {
  switch (fault.type) {
    case "cut":
      return { cutAfterEvents: fault.afterEvents };
    case "stall":
      return { stallAfterEvents: fault.afterEvents };
    case "slow":
      return { eventDelayMs: fault.delayMs };
    default:
      return {};
  }
}

/** Lets a fault happen. False: the request is answered nevertheless. */
async function isFailed(fault: Fault, server: ApiServer, exchange: Exchange): Promise<boolean> {
  switch (fault.type) {
    case "status": {
      const { httpStatus, reason = "", message = `injected failure (${fault.httpStatus})`, retryAfterSeconds } = fault;
      await exchange.body();
      throw new StatusError(
        httpStatus,
        reason,
        message,
        retryAfterSeconds === undefined ? undefined : { retryAfterSeconds },
      );
    }
    case "disconnect":
      exchange.request.socket.destroy();
      return true;
    case "hang":
      return true;
    case "delay":
      await new Promise<void>((resolve) => server.clock.after(fault.delayMs, resolve));
      return false;
    case "body": {
      const { httpStatus = 200, contentType = "text/html", body, contentLength } = fault;
      const bytes = Buffer.from(body);
      const { response } = exchange;
      response.writeHead(httpStatus, {
        "content-type": contentType,
        "content-length": String(contentLength ?? bytes.length),
      });
      response.write(bytes, () => {
        if (contentLength === undefined || contentLength === bytes.length) response.end();
        else exchange.request.socket.destroy();
      });
      return true;
    }
    case "cut":
    case "stall":
    case "slow":
      return false;
  }
}

function kubeconfigText(url: string, authority: string, token: string): string {
  const data = Buffer.from(authority).toString("base64");
  return [
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    "- name: test",
    "  cluster:",
    `    server: ${url}`,
    `    certificate-authority-data: ${data}`,
    "users:",
    "- name: admin",
    "  user:",
    `    token: ${token}`,
    "contexts:",
    "- name: test",
    "  context:",
    "    cluster: test",
    "    user: admin",
    "    namespace: default",
    "current-context: test",
    "",
  ].join("\n");
}
