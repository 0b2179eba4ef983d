/**
 * `client.raw`: a web request and response over the client's transport.
 */
import { webResponse } from "../transport/interceptors.ts";
import type { TransportRequest, TransportResponse } from "../transport/transport.ts";
import { DEFAULT_TIMEOUT_MS, MAX_TIMER_MS } from "./deadline.ts";
import type { ClientContext } from "./resource-context.ts";
import { TimedOutError } from "./timed-out-error.ts";
import { UsageError } from "./usage-error.ts";

/** As for `fetch`, and a time in milliseconds for the answer's head: default 30 000, 0 for none. */
export type RawInit = RequestInit & { readonly timeoutMs?: number | undefined };

/** Sends one request. With `isProxied`, the answer is of another server, and no status of it is an error. */
export async function rawRequest(
  context: ClientContext,
  path: string,
  init: RawInit = {},
  isProxied = false,
): Promise<Response> {
  if (!path.startsWith("/")) {
    throw new UsageError("PathInvalid", `${JSON.stringify(path)} is no path of the API server: it begins with "/"`);
  }
  const { session } = context;
  const method = (init.method ?? "GET").toUpperCase();
  const target = { apiVersion: "", kind: "", plural: path };
  const timeoutMs = init.timeoutMs ?? context.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const outer = init.signal ?? undefined;
  outer?.throwIfAborted();
  const controller = new AbortController();
  // The caller's abort counts as long as the body is read, the time for the head does not.
  const signal = outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]);
  const timer =
    timeoutMs > 0 && timeoutMs < MAX_TIMER_MS
      ? setTimeout(() => controller.abort(new TimedOutError(method, target, timeoutMs)), timeoutMs)
      : undefined;
  try {
    const { headers, body } = await rawBody(init);
    const response = await session.transport.send({
      method,
      path,
      headers: { accept: isProxied ? "*/*" : "application/json", "user-agent": session.userAgent, ...headers },
      body,
      signal,
    });
    if (!isProxied) await session.check(response, method, target);
    return webResponse(await readEarly(response, method), method);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** A body up to this is read at once, so that a caller who does not read it holds no connection. */
const EARLY_BYTES = 64 * 1024;

async function readEarly(response: TransportResponse, method: string): Promise<TransportResponse> {
  const { status, headers } = response;
  const length = headers["content-length"];
  if (method === "HEAD" || typeof length !== "string" || !(Number(length) <= EARLY_BYTES)) return response;
  const bytes = await response.bytes();
  return {
    status,
    headers,
    bytes: async () => bytes,
    async *stream() {
      yield bytes;
    },
    discard: () => {},
  };
}

async function rawBody(init: RawInit): Promise<Pick<TransportRequest, "body"> & { headers: Record<string, string> }> {
  const given = Object.fromEntries(new Headers(init.headers));
  const { body } = init;
  if (body === undefined || body === null) return { headers: given, body: undefined };
  if (typeof body === "string" || body instanceof Uint8Array) {
    return { headers: { "content-type": "application/json", ...given }, body };
  }
  if (body instanceof ReadableStream) return { headers: given, body: body as ReadableStream<Uint8Array> };
  // Forms, blobs and buffers: the runtime knows how they are written, and their type.
  const response = new Response(body);
  const type = response.headers.get("content-type");
  return {
    headers: { ...(type === null ? {} : { "content-type": type }), ...given },
    body: new Uint8Array(await response.arrayBuffer()),
  };
}
