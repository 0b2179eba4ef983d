import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  type Attributes,
  propagation,
  type Span,
  type SpanOptions,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { ConnectionError } from "../connection-error.ts";
import { resourceRoute } from "./resource-route.ts";
import { tracing } from "./tracing.ts";

interface Recorded {
  readonly name: string;
  readonly attributes: Attributes;
  readonly exceptions: unknown[];
  status: number | undefined;
  ends: number;
}

/** Records what is done with spans. */
function recorder(): { readonly spans: Recorded[]; readonly tracerProvider: TracerProvider } {
  const spans: Recorded[] = [];
  const startSpan = (name: string, { attributes = {} }: SpanOptions = {}): Span => {
    const recorded: Recorded = { name, attributes: { ...attributes }, exceptions: [], status: undefined, ends: 0 };
    spans.push(recorded);
    const spanContext = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
    return Object.assign(trace.wrapSpanContext(spanContext), {
      setAttribute(key: string, value: Attributes[string]) {
        recorded.attributes[key] = value;
        return this;
      },
      setStatus({ code }: { code: number }) {
        recorded.status = code;
        return this;
      },
      recordException: (error: unknown) => void recorded.exceptions.push(error),
      end: () => {
        recorded.ends += 1;
      },
    }) as Span;
  };
  const tracerProvider = { getTracer: () => ({ startSpan }) } as unknown as TracerProvider;
  return { spans, tracerProvider };
}

afterEach(() => propagation.disable());

const request = (): Request => new Request("https://10.0.0.1:6443/api/v1/namespaces/web/pods/shop-0?pretty=1");

test("a call is one span with OpenTelemetry's attributes, and the trace goes along", async () => {
  propagation.setGlobalPropagator({
    inject: (context, carrier, setter) =>
      setter.set(carrier, "traceparent", `00-${trace.getSpanContext(context)?.traceId}`),
    extract: (context) => context,
    fields: () => ["traceparent"],
  });
  const { spans, tracerProvider } = recorder();
  let sent: string | null = null;
  const call = tracing({ tracerProvider })(async (seen) => {
    sent = seen.headers.get("traceparent");
    return new Response("{}");
  });
  assert.equal(await (await call(request())).text(), "{}");
  assert.equal(sent, "00-0af7651916cd43dd8448eb211c80319c");
  assert.deepEqual(spans, [
    {
      name: "GET /api/v1/namespaces/{namespace}/pods/{name}",
      attributes: {
        "http.request.method": "GET",
        "server.address": "10.0.0.1",
        "server.port": 6443,
        "url.full": "https://10.0.0.1:6443/api/v1/namespaces/web/pods/shop-0?pretty=1",
        "url.template": "/api/v1/namespaces/{namespace}/pods/{name}",
        "http.response.status_code": 200,
      },
      exceptions: [],
      status: undefined,
      ends: 1,
    },
  ]);
});

test("an answer of 400 and above, and a call that fails, are errors of their kind", async () => {
  const { spans, tracerProvider } = recorder();
  const interceptor = tracing({ tracerProvider });
  assert.equal((await interceptor(async () => new Response("", { status: 404 }))(request())).status, 404);
  const lost = new ConnectionError("ConnectionReset", "reset", { server: "s" });
  await assert.rejects(interceptor(() => Promise.reject(lost))(request()), lost);
  assert.deepEqual(
    spans.map(({ attributes, status, exceptions, ends }) => [attributes["error.type"], status, exceptions, ends]),
    [
      ["404", 2, [], 1],
      ["ConnectionReset", 2, [lost], 1],
    ],
  );
});

test("without an OpenTelemetry SDK nothing changes", async () => {
  const call = tracing()(async (seen) => new Response([...seen.headers.keys()].join()));
  assert.equal(await (await call(request())).text(), "");
});

test("the route of a path leaves names out and all else in", () => {
  const routes: readonly (readonly [string, string])[] = [
    ["/version", "/version"],
    ["/apis", "/apis"],
    ["/apis/apps/v1", "/apis/apps/v1"],
    ["/api/v1/nodes", "/api/v1/nodes"],
    ["/api/v1/nodes/n1/status", "/api/v1/nodes/{name}/status"],
    ["/api/v1/namespaces", "/api/v1/namespaces"],
    ["/api/v1/namespaces/web", "/api/v1/namespaces/{name}"],
    ["/api/v1/namespaces/web/finalize", "/api/v1/namespaces/{name}/finalize"],
    ["/apis/apps/v1/namespaces/web/deployments", "/apis/apps/v1/namespaces/{namespace}/deployments"],
    [
      "/apis/apps/v1/namespaces/web/deployments/a/scale",
      "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale",
    ],
    ["/api/v1/namespaces/web/pods/a/proxy/b/c", "/api/v1/namespaces/{namespace}/pods/{name}/proxy/{path}"],
    ["/k8s/clusters/c-1/api/v1/pods", "/k8s/clusters/c-1/api/v1/pods"],
  ];
  for (const [path, route] of routes) assert.equal(resourceRoute(path), route);
});

test("the command of an exec is in no span", async () => {
  const { spans, tracerProvider } = recorder();
  const url = "https://10.0.0.1:6443/api/v1/namespaces/web/pods/a/exec?command=mysql&command=-psecret&container=db";
  const answer = async (): Promise<Response> => new Response(null, { status: 200 });
  await tracing({ tracerProvider })(answer)(new Request(url, { headers: { upgrade: "websocket" } }));
  assert.equal(spans[0]?.name, "GET /api/v1/namespaces/{namespace}/pods/{name}/exec");
  assert.equal(
    spans[0]?.attributes["url.full"],
    "https://10.0.0.1:6443/api/v1/namespaces/web/pods/a/exec?container=db",
  );
});
