import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";
import { DEFINITION_KIND, DEFINITION_VERSION } from "./definition.ts";

const PATH = "/apis/shop.example/v1/namespaces/default/carts";

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(
  server: TestServer,
  path: string,
  { method = "GET", body, headers = {} }: Call = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const options = {
      method,
      ca: server.certificateAuthority,
      headers: { authorization: `Bearer ${server.token}`, ...type, ...headers },
    };
    const outgoing = request(new URL(path, server.url), options, resolve).on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function call(
  server: TestServer,
  path: string,
  details?: Call,
): Promise<{ status: number | undefined; warning: unknown; body: Record<string, unknown> }> {
  const response = await send(server, path, details);
  const body = await text(response);
  return {
    status: response.statusCode,
    warning: response.headers["warning"],
    body: body.startsWith("{") ? JSON.parse(body) : { text: body },
  };
}

function define(server: TestServer, version: object = {}): void {
  const schema = {
    type: "object",
    properties: { spec: { type: "object", properties: { size: { type: "integer" }, zone: { type: "string" } } } },
  };
  server.objects.create({
    apiVersion: DEFINITION_VERSION,
    kind: DEFINITION_KIND,
    metadata: { name: "carts.shop.example" } as never,
    spec: {
      group: "shop.example",
      scope: "Namespaced",
      names: { plural: "carts", kind: "Cart" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
    },
  });
}

const cart = (name: string, spec: object = {}) => ({
  apiVersion: "shop.example/v1",
  kind: "Cart",
  metadata: { name },
  spec,
});

test("warns of unknown fields, and refuses them where validation is strict", async () => {
  await using server = await startTestServer();
  define(server);
  const body = cart("a", { size: 1, colour: "red" });
  const warned = await call(server, PATH, { method: "POST", body });
  assert.deepEqual(
    [warned.status, warned.warning, warned.body["spec"]],
    [201, '299 - "unknown field \\"spec.colour\\""', { size: 1 }],
  );
  const strict = await call(server, `${PATH}?fieldValidation=Strict`, { method: "POST", body });
  assert.equal(
    strict.body["message"],
    'Cart in version "v1" cannot be handled as a Cart: strict decoding error: unknown field "spec.colour"',
  );
});

test("has words of its own for what cannot be done", async () => {
  await using server = await startTestServer();
  define(server);
  const unknown = await call(server, `${PATH}/a/status`);
  assert.deepEqual([unknown.status, unknown.body["message"]], [404, 'carts.shop.example "a" not found']);
  const strategic = await call(server, `${PATH}/a`, {
    method: "PATCH",
    body: {},
    headers: { "content-type": "application/strategic-merge-patch+json" },
  });
  assert.equal(strategic.status, 415);
  const nowhere = await call(server, "/apis/shop.example/v2/carts");
  assert.deepEqual([nowhere.status, nowhere.body["text"]], [404, "404 page not found\n"]);
});

test("scales by the paths of the definition", async () => {
  await using server = await startTestServer();
  define(server, { subresources: { scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.n" } } });
  await call(server, PATH, { method: "POST", body: cart("a", { size: 2 }) });
  const headers = { "content-type": "application/merge-patch+json" };
  const scaled = await call(server, `${PATH}/a/scale`, { method: "PATCH", body: { spec: { replicas: 5 } }, headers });
  assert.deepEqual(scaled.body["spec"], { replicas: 5 });
  assert.deepEqual((await call(server, `${PATH}/a`)).body["spec"], { size: 5 });
});

test("selects by the fields of the definition and prints its columns", async () => {
  await using server = await startTestServer();
  define(server, {
    selectableFields: [{ jsonPath: ".spec.zone" }],
    additionalPrinterColumns: [{ name: "Zone", type: "string", jsonPath: ".spec.zone" }],
  });
  for (const [name, zone] of [
    ["a", "x"],
    ["b", "y"],
  ] as const)
    await call(server, PATH, { method: "POST", body: cart(name, { zone }) });
  const selected = await call(server, `${PATH}?fieldSelector=spec.zone%3Dy`);
  assert.deepEqual(
    (selected.body["items"] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name),
    ["b"],
  );
  const table = await call(server, PATH, { headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } });
  assert.deepEqual(
    (table.body["rows"] as { cells: unknown[] }[]).map(({ cells }) => cells),
    [
      ["a", "x"],
      ["b", "y"],
    ],
  );
});

test("publishes the schema and takes it away again", async () => {
  await using server = await startTestServer();
  define(server);
  const document = await call(server, "/openapi/v3/apis/shop.example/v1");
  const { schemas } = document.body["components"] as { schemas: Record<string, { properties: { spec: unknown } }> };
  assert.deepEqual(schemas["example.shop.v1.Cart"]?.properties.spec, {
    type: "object",
    properties: { size: { type: "integer" }, zone: { type: "string" } },
  });
  const swagger = await call(server, "/openapi/v2");
  assert.ok("example.shop.v1.Cart" in (swagger.body["definitions"] as object));
  server.objects.delete(DEFINITION_VERSION, DEFINITION_KIND, undefined, "carts.shop.example");
  assert.equal((await call(server, "/openapi/v3/apis/shop.example/v1")).status, 404);
});

test("sends the deletions of objects and then ends their watches when the definition goes", async () => {
  await using server = await startTestServer();
  define(server);
  await call(server, PATH, { method: "POST", body: cart("a") });
  const watch = await send(server, `${PATH}?watch=true&resourceVersion=0`);
  server.objects.delete(DEFINITION_VERSION, DEFINITION_KIND, undefined, "carts.shop.example");
  const events = (await text(watch))
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
  assert.deepEqual(events, ["ADDED", "DELETED"]);
});
