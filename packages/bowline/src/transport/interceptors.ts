/**
 * Interceptors: `next => request => response` around every request, in web types.
 */
import { KubeError } from "../core/kube-error.ts";
import type { Transport, TransportRequest, TransportResponse, WebSocketConnection } from "./transport.ts";

/**
 * Sees, changes or answers requests. The request has no credentials yet; retries and the second try after a 401 happen
 * within `next`. A request to another server than the client's is refused.
 *
 * A WebSocket is asked for by a GET with the header `upgrade: websocket`. Where it opens, `next` resolves with status 200 and
 * the same header, since a web Response cannot say 101; what is sent over it passes no interceptor.
 */
export type Interceptor = (next: (request: Request) => Promise<Response>) => (request: Request) => Promise<Response>;

/** Wraps a transport; the first interceptor is the outermost. */
export function withInterceptors(transport: Transport, interceptors: readonly Interceptor[], server: URL): Transport {
  const base = server.href.replace(/\/+$/, "");
  const innermost = async (request: Request): Promise<Response> =>
    webResponse(await transport.send(await transportRequest(request, base)), request.method);
  const chain = interceptors.reduceRight((next, interceptor) => interceptor(next), innermost);
  const upgrade = async (request: TransportRequest): Promise<TransportResponse> => {
    // Of its own for each WebSocket: no web Response could carry it.
    let opened: WebSocketConnection | undefined;
    const last = async (web: Request): Promise<Response> => {
      const { webSocketProtocols } = request;
      const answer = await transport.send({ ...(await transportRequest(web, base)), webSocketProtocols });
      // One that was opened by an earlier `next` would be lost.
      await opened?.close();
      opened = answer.webSocket;
      if (opened === undefined) return webResponse(answer, web.method);
      return new Response(null, { status: 200, headers: { upgrade: "websocket" } });
    };
    const asked = { ...request, headers: { ...request.headers, upgrade: "websocket" } };
    const first = interceptors.reduceRight((next, interceptor) => interceptor(next), last);
    try {
      const response = await first(webRequest(asked, base));
      if (opened !== undefined && response.ok)
        return { ...transportResponse(response), status: 101, webSocket: opened };
      await opened?.close();
      return transportResponse(response);
    } catch (error) {
      await opened?.close();
      throw error;
    }
  };
  return {
    send: async (request) =>
      request.webSocketProtocols === undefined
        ? transportResponse(await chain(webRequest(request, base)))
        : upgrade(request),
    close: () => transport.close(),
  };
}

function headersOf(source: TransportRequest["headers"] | TransportResponse["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(source)) {
    for (const one of typeof value === "string" ? [value] : (value ?? [])) headers.append(name, one);
  }
  return headers;
}

function webRequest(request: TransportRequest, base: string): Request {
  return new Request(base + request.path, {
    method: request.method,
    headers: headersOf(request.headers),
    ...(request.body === undefined ? {} : { body: request.body as NonNullable<RequestInit["body"]> }),
    ...(request.body instanceof ReadableStream ? { duplex: "half" as const } : {}),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
}

/** The body is read, so that it can be sent again after a 401 or 429. */
async function transportRequest(request: Request, base: string): Promise<TransportRequest> {
  if (!request.url.startsWith(`${base}/`)) {
    throw new KubeError(
      "RequestInvalid",
      `an interceptor sent a request to ${new URL(request.url).origin}; only ${base} is reached with this client`,
    );
  }
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  const { upgrade: _, ...headers } = Object.fromEntries(request.headers);
  return {
    method: request.method,
    path: request.url.slice(base.length),
    headers,
    body: body?.length === 0 ? undefined : body,
    signal: request.signal,
  };
}

/** Statuses whose responses have no body; `Response` refuses one. */
function hasNoBody(status: number, method: string): boolean {
  return status === 204 || status === 205 || status === 304 || method === "HEAD";
}

/** A transport's answer as a web Response, its body read as it is asked for. */
export function webResponse(response: TransportResponse, method: string): Response {
  const init = { status: response.status, headers: headersOf(response.headers) };
  // The body is handed on decompressed.
  init.headers.delete("content-encoding");
  if (response.headers["content-encoding"] !== undefined) init.headers.delete("content-length");
  if (hasNoBody(response.status, method)) {
    response.discard();
    return new Response(null, init);
  }
  let chunks: AsyncIterator<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        chunks ??= response.stream()[Symbol.asyncIterator]();
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        if (chunks === undefined) response.discard();
        else await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, init);
}

function transportResponse(response: Response): TransportResponse {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    bytes: async () => new Uint8Array(await response.arrayBuffer()),
    stream: () => chunksOf(response.body),
    discard: () => void response.body?.cancel().catch(() => undefined),
  };
}

/** Not every runtime's ReadableStream is an AsyncIterable that cancels on return(). */
async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        isDone = true;
        return;
      }
      yield value;
    }
  } finally {
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}
