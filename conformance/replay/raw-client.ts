/**
 * Sends requests as they are written down, and keeps of an answer what captures keep.
 */

import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Agent, type RequestOptions, request as sendRequest } from "node:https";
import type { Answer, CapturedRequest } from "./capture.ts";

/** Where requests go. */
export interface Target {
  readonly url: string;
  /** PEM; without it the server's certificate is not checked. */
  readonly certificateAuthority?: string | undefined;
  /** By the name in a request's `as`. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** An answer whose body is still coming. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly message: IncomingMessage;
}

const KEPT_HEADERS = [
  "content-type",
  "warning",
  "cache-control",
  "retry-after",
  "etag",
  "allow",
  "location",
  "www-authenticate",
  "vary",
];
/** What a server says for a moment after a CustomResourceDefinition was established. */
const INITIALIZING = "storage is (re)initializing";
/** A server that says nothing for so long has lost the request. */
const SILENCE_MS = 15_000;
const RETRIES = 8;
const RETRY_MS = 500;

/** Sends requests over kept connections. */
export class RawClient {
  readonly #target: Target;
  readonly #agent: Agent;

  constructor(target: Target) {
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 8 });
  }

  async call(request: CapturedRequest): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const { status, headers, message } = await this.open(request);
      const body = decode(headers, await readText(message));
      const isInitializing = status === 429 && (body as { message?: string } | undefined)?.message === INITIALIZING;
      if (!isInitializing || attempt === RETRIES) return { status, headers, body };
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  open(request: CapturedRequest): Promise<OpenAnswer> {
    const { url, certificateAuthority } = this.#target;
    const { hostname, port } = new URL(url);
    const body = bodyText(request.body);
    const headers = this.#headers(request, body);
    const options: RequestOptions = {
      method: request.method,
      hostname,
      port,
      path: encodePath(request.path),
      headers,
      agent: this.#agent,
      rejectUnauthorized: certificateAuthority !== undefined,
      ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
      checkServerIdentity: () => undefined,
    };
    return new Promise((resolve, reject) => {
      const sent = sendRequest(options, (message) => {
        resolve({ status: message.statusCode ?? 0, headers: keptHeaders(message), message });
      });
      sent.once("error", reject);
      sent.setTimeout(SILENCE_MS, () => sent.destroy(new Error(`no answer to ${request.method} ${request.path}`)));
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #headers(request: CapturedRequest, body: string | undefined): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = { "user-agent": "capture/1.0", accept: "application/json" };
    const who = request.as ?? "admin";
    if (who !== "none") headers["authorization"] = `Bearer ${this.#target.tokens[who] ?? who}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      if (value === null) delete headers[name.toLowerCase()];
      else headers[name.toLowerCase()] = typeof value === "string" ? value : [...value];
    }
    if (body !== undefined || ["POST", "PUT", "PATCH"].includes(request.method)) {
      headers["content-length"] = String(Buffer.byteLength(body ?? ""));
    }
    return headers;
  }
}

export async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** JSON where the answer is JSON, else its text. */
export function decode(headers: Readonly<Record<string, unknown>>, text: string): unknown {
  if (!/json/i.test(String(headers["content-type"] ?? "")) && !text.startsWith("{")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** Captured paths may hold characters that a request line may not. */
function encodePath(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character));
}

function keptHeaders(message: IncomingMessage): Record<string, string | readonly string[]> {
  const kept: Record<string, string | readonly string[]> = {};
  for (const name of KEPT_HEADERS) {
    const values = message.headersDistinct[name];
    if (values !== undefined && values.length > 0) kept[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return kept;
}
