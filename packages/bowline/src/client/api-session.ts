/**
 * Requests to the Kubernetes API as the verbs need them: headers, JSON both ways, warnings, typed errors.
 */

import type { ApiTarget } from "../core/api-target.ts";
import type { Transport, TransportResponse, WebSocketConnection } from "../transport/transport.ts";
import { answerError, decodeText, malformed, parseAnswer } from "./answer.ts";
import { type Query, queryString } from "./resource-path.ts";
import { UsageError } from "./usage-error.ts";
import { parseWarnings, type Warning } from "./warning-header.ts";

/** One request of a verb. */
export interface ApiRequest {
  /** The verb of RBAC, for errors: `get`, `list`, `deletecollection`. */
  readonly verb: string;
  readonly target: ApiTarget;
  readonly method: string;
  readonly path: string;
  readonly query?: Query | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string | undefined;
  /** Default `application/json`. */
  readonly accept?: string | undefined;
  /** Asks for a WebSocket that speaks one of these, the first of them best. */
  readonly webSocketProtocols?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a session is made from. */
export interface ApiSessionConfig {
  readonly transport: Transport;
  readonly userAgent: string;
  /** Default for writes. */
  readonly fieldManager?: string | undefined;
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}

/** Sends requests over one transport. Knows nothing of resources. */
export class ApiSession {
  readonly fieldManager: string | undefined;
  readonly #transport: Transport;
  readonly #userAgent: string;
  readonly #onWarning: ((warning: Warning) => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(config: ApiSessionConfig) {
    this.#transport = config.transport;
    this.#userAgent = config.userAgent;
    this.fieldManager = config.fieldManager;
    this.#onWarning = config.onWarning;
  }

  /**
   * The answer's head, for bodies that are read as they come. Rejects with an ApiError where the status is no success.
   *
   * @throws {ApiError} for any other status than 2xx.
   * @throws {UsageError} `ClientClosed` after {@link close}.
   */
  async open(request: ApiRequest): Promise<TransportResponse> {
    if (this.#closed !== undefined) throw new UsageError("ClientClosed", "the client is closed: make another one");
    request.signal?.throwIfAborted();
    const headers: Record<string, string> = {
      accept: request.accept ?? "application/json",
      "user-agent": this.#userAgent,
    };
    let body: string | undefined;
    if (request.body !== undefined) {
      headers["content-type"] = request.contentType ?? "application/json";
      body = JSON.stringify(request.body);
    }
    const response = await this.#transport.send({
      method: request.method,
      path: request.path + queryString(request.query),
      headers,
      body,
      signal: request.signal,
      webSocketProtocols: request.webSocketProtocols,
    });
    // The usual answer needs no look, and not a turn of the microtask queue either.
    if (response.status >= 300 || response.headers["warning"] !== undefined) {
      await this.check(response, request.verb, request.target);
    }
    return response;
  }

  /** Hands warnings on, and rejects with an ApiError where the status is no success. */
  async check(response: TransportResponse, verb: string, target: ApiTarget): Promise<void> {
    const warning = response.headers["warning"];
    if (warning !== undefined && this.#onWarning !== undefined) {
      for (const one of parseWarnings(warning)) this.#onWarning(one);
    }
    if (response.status < 300) return;
    throw await answerError(response, verb, target);
  }

  /** The whole body as bytes. */
  async bytes(request: ApiRequest): Promise<Uint8Array> {
    const response = await this.open(request);
    return response.bytes();
  }

  /**
   * The whole body as JSON.
   *
   * @throws {AnswerError} where it is not JSON.
   */
  async json(request: ApiRequest): Promise<unknown> {
    const response = await this.open(request);
    return parseAnswer(await response.bytes(), response, request.verb, request.target);
  }

  /** The whole body as text. */
  async text(request: ApiRequest): Promise<string> {
    return decodeText(await this.bytes(request));
  }

  /**
   * The WebSocket that `webSocketProtocols` asks for.
   *
   * @throws {ApiError} where the server refuses it.
   * @throws {AnswerError} `UnexpectedAnswer` where it answers with success and opens none.
   */
  async openWebSocket(request: ApiRequest): Promise<WebSocketConnection> {
    // Kubelets, which answer for the API server, have no JSON to offer and refuse who accepts nothing else.
    const response = await this.open({ ...request, accept: "application/json, */*" });
    if (response.webSocket !== undefined) return response.webSocket;
    response.discard();
    throw malformed(
      response.status,
      request.verb,
      request.target,
      "no WebSocket, which something between here and the server may not pass on",
    );
  }

  /** The transport itself, for `raw`. */
  get transport(): Transport {
    if (this.#closed !== undefined) throw new UsageError("ClientClosed", "the client is closed: make another one");
    return this.#transport;
  }

  get userAgent(): string {
    return this.#userAgent;
  }

  /** Closes the transport. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#transport.close();
    return this.#closed;
  }
}
