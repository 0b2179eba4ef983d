/**
 * Ports of a pod as ports of this machine.
 */
import { type LocalConnection, type LocalListener, listenLocally } from "../../../transport/local-listener.ts";
import type { CallOptions } from "../../call-options.ts";
import { withDeadline } from "../../deadline.ts";
import type { ResourceContext } from "../../resource-context.ts";
import { UsageError } from "../../usage-error.ts";
import { StreamError } from "../stream-error.ts";
import { TUNNEL_PROTOCOL, Tunnel } from "./tunnel.ts";

/** Options of `portforward`. */
export interface PortForwardOptions extends CallOptions {
  /** Closes the forward, at any time. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the way to the pod to be opened, then and for each connection. 0: no limit. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Where local programs are listened to. Default `127.0.0.1`: this machine alone. */
  readonly address?: string | undefined;
  /**
   * Is told of each connection that failed: {@link StreamError} `PortForwardFailed` where nothing listens on the pod's port, an
   * {@link ApiError} where the pod has gone. The forward goes on; the local program sees its connection reset.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Ports that are forwarded. An open forward keeps the program running. */
export interface PortForward extends AsyncDisposable {
  /** Pod port -> local port. */
  readonly localPorts: Readonly<Record<number, number>>;
  /** Resolves when the forward is closed. It outlives lost connections and a pod that is made anew under the same name. */
  readonly closed: Promise<void>;
  /** Stops listening, and breaks the connections. Idempotent. */
  close(): Promise<void>;
}

/** Tunnels that wait for the next connection; more are closed. */
const MAX_SPARE = 4;

/** Resolves when the pod is reached and all local ports are listened on. */
export async function forwardPorts(
  context: ResourceContext,
  name: string,
  ports: Readonly<Record<number, number>>,
  options: PortForwardOptions,
): Promise<PortForward> {
  const pairs = Object.entries(ports).map(([remote, local]) => [Number(remote), local] as const);
  for (const [remote, local] of pairs) checkPorts(remote, local);
  if (pairs.length === 0)
    throw new UsageError("PortInvalid", "no port to forward was given: { 80: 8080 }, or { 80: 0 } for any local port");
  const forward = new PodPortForward(context, name, options);
  try {
    await forward.open(pairs);
  } catch (error) {
    await forward.close();
    throw error;
  }
  return forward;
}

function checkPorts(remote: number, local: number): void {
  if (!isPort(remote) || remote === 0) throw new UsageError("PortInvalid", `${remote} is no port of a pod: 1 to 65535`);
  if (!isPort(local)) throw new UsageError("PortInvalid", `${local} is no local port: 1 to 65535, or 0 for any`);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

class PodPortForward implements PortForward {
  readonly localPorts: Record<number, number> = {};
  readonly closed: Promise<void>;
  readonly #context: ResourceContext;
  readonly #name: string;
  readonly #options: PortForwardOptions;
  /** Tunnels that are being opened. One controller for each: on a shared signal many listeners would look like a leak. */
  readonly #opening = new Set<AbortController>();
  #isClosed = false;
  readonly #listeners: LocalListener[] = [];
  readonly #tunnels = new Set<Tunnel>();
  #spare: Tunnel[] = [];
  #settleClosed: () => void = () => undefined;

  constructor(context: ResourceContext, name: string, options: PortForwardOptions) {
    this.#context = context;
    this.#name = name;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
  }

  async open(pairs: readonly (readonly [remote: number, local: number])[]): Promise<void> {
    const { signal, address = "127.0.0.1" } = this.#options;
    signal?.throwIfAborted();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    // What the server has against it is told before anybody connects.
    this.#spare.push(await this.#openTunnel());
    for (const [remote, local] of pairs) {
      const listener = await this.#listen(remote, local, address);
      this.#listeners.push(listener);
      this.localPorts[remote] = listener.port;
    }
    signal?.throwIfAborted();
  }

  async close(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#isClosed = true;
    for (const opening of this.#opening) opening.abort(this.#options.signal?.reason ?? this.#closedError());
    await Promise.all([
      ...this.#listeners.map((listener) => listener.close()),
      ...[...this.#tunnels].map((tunnel) => tunnel.close()),
    ]);
    this.#settleClosed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #onAbort = (): void => void this.close();

  async #listen(remote: number, local: number, address: string): Promise<LocalListener> {
    try {
      return await listenLocally(local, address, (connection) => void this.#carry(remote, connection));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `${address}:${local} cannot be listened on (${reason}); choose another local port, or 0 for any`;
      throw new StreamError("ListenFailed", `forward port ${remote} of`, this.#target(), message, { cause });
    }
  }

  /** One local connection, from its beginning to its end. Never rejects. */
  async #carry(remote: number, local: LocalConnection): Promise<void> {
    let tunnel: Tunnel | undefined;
    try {
      tunnel = this.#takeSpare() ?? (await this.#openTunnel());
      const end = await tunnel.forward(remote, local);
      if (end.type === "finished" && this.#spare.length < MAX_SPARE && !this.#isClosed) {
        this.#spare.push(tunnel);
        return;
      }
      void tunnel.close();
      if (end.type === "finished" || end.type === "left") return;
      local.reset();
      this.#report(end.type === "lost" ? end.error : this.#refusal(remote, end.message));
    } catch (error) {
      local.reset();
      this.#report(error);
    }
  }

  #takeSpare(): Tunnel | undefined {
    const tunnel = this.#spare.pop();
    return tunnel?.isUsable === false ? this.#takeSpare() : tunnel;
  }

  #report(error: unknown): void {
    if (!this.#isClosed) this.#options.onError?.(error);
  }

  #refusal(remote: number, message: string): StreamError {
    const text = `${message}; check that something in the pod listens on the port, on 127.0.0.1 or on all addresses`;
    return new StreamError("PortForwardFailed", `forward port ${remote} of`, this.#target(), text, { retryable: true });
  }

  #target(): ReturnType<ResourceContext["target"]> {
    return { ...this.#context.target(this.#name), subresource: "portforward" };
  }

  #closedError(): StreamError {
    return new StreamError("SessionClosed", "forward ports of", this.#target(), "the port-forward was closed");
  }

  async #openTunnel(): Promise<Tunnel> {
    if (this.#isClosed) throw this.#closedError();
    const verb = {
      verb: "create",
      method: "GET",
      name: this.#name,
      subresource: "portforward",
      webSocketProtocols: [TUNNEL_PROTOCOL],
    };
    const { session, defaultTimeoutMs } = this.#context.client;
    const opening = new AbortController();
    this.#opening.add(opening);
    try {
      const socket = await withDeadline(
        { verb: "create", target: this.#target() },
        { signal: opening.signal, timeoutMs: this.#options.timeoutMs },
        async (inner) => session.openWebSocket(await this.#context.request(verb, inner)),
        defaultTimeoutMs,
      );
      const tunnel = new Tunnel(socket, (ended) => {
        this.#tunnels.delete(ended);
        this.#spare = this.#spare.filter((spare) => spare !== ended);
      });
      this.#tunnels.add(tunnel);
      return tunnel;
    } finally {
      this.#opening.delete(opening);
    }
  }
}
