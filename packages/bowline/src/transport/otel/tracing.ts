/**
 * Requests as OpenTelemetry spans.
 */
import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { KubeError } from "../../core/kube-error.ts";
import type { Interceptor } from "../interceptors.ts";
import { resourceRoute } from "./resource-route.ts";

/** How spans are made. */
export interface TracingOptions {
  /** Default: the one that the program has registered with OpenTelemetry; without one nothing is recorded. */
  readonly tracerProvider?: TracerProvider | undefined;
}

/**
 * An interceptor that makes a client span of each call, retries and the wait for a credential included, up to the head of
 * the answer; and hands the trace on to the server, which has spans of its own. No header but `traceparent` and its like, no
 * body, no credential and no command of an exec is in it. Of a WebSocket its opening is a span. Names and attributes are OpenTelemetry's for HTTP.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 * @see https://kubernetes.io/docs/concepts/cluster-administration/system-traces/
 * @example
 * ```ts
 * import { Client } from "bowline";
 * import { tracing } from "bowline/otel";
 *
 * const client = await Client.connect({ interceptors: [tracing()] });
 * ```
 */
export function tracing(options: TracingOptions = {}): Interceptor {
  const tracer = (options.tracerProvider ?? trace).getTracer("bowline");
  return (next) => async (request) => {
    const url = new URL(request.url);
    const route = resourceRoute(url.pathname);
    const span = tracer.startSpan(`${request.method} ${route}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        "http.request.method": request.method,
        "server.address": url.hostname,
        "server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80),
        "url.full": shownUrl(url),
        "url.template": route,
      },
    });
    const active = trace.setSpan(context.active(), span);
    propagation.inject(active, request.headers, { set: (headers, name, value) => headers.set(name, value) });
    try {
      const response = await context.with(active, () => next(request));
      span.setAttribute("http.response.status_code", response.status);
      if (response.status >= 400) fail(span, String(response.status));
      return response;
    } catch (error) {
      fail(span, error instanceof KubeError ? error.code : error instanceof Error ? error.name : "_OTHER");
      // A text or an Error; both are without secrets where they are ours.
      span.recordException(error instanceof Error ? error : String(error));
      throw error;
    } finally {
      span.end();
    }
  };
}

/** The arguments of a command are no part of a trace: passwords are among them. */
function shownUrl(url: URL): string {
  if (!url.pathname.endsWith("/exec")) return url.href;
  const shown = new URL(url);
  shown.searchParams.delete("command");
  return shown.href;
}

function fail(span: Span, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
