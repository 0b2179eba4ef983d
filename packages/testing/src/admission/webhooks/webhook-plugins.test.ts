import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";
import { test } from "node:test";
import { CertificateAuthority } from "../../http/certificates.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { startTestServer, type TestServer } from "../../server/start-test-server.ts";

type Review = {
  readonly uid: string;
  readonly operation: string;
  readonly object: ApiObject | null;
  readonly oldObject: ApiObject | null;
  readonly dryRun: boolean;
};
type Respond = (review: Review) => Readonly<Record<string, unknown>>;

interface Hook extends AsyncDisposable {
  readonly clientConfig: { readonly url: string; readonly caBundle: string };
  readonly reviews: Review[];
}

/** An HTTPS server that answers reviews. */
async function startHook(respond: Respond): Promise<Hook> {
  const authority = new CertificateAuthority("webhook", () => new Date());
  const reviews: Review[] = [];
  const { certificate, key } = authority.server(["127.0.0.1"]);
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { request: review } = (await json(incoming)) as { request: Review };
    reviews.push(review);
    const response = { uid: review.uid, allowed: true, ...respond(review) };
    outgoing.setHeader("content-type", "application/json");
    outgoing.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response }));
  };
  const server = createServer({ cert: certificate, key }, (incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const caBundle = Buffer.from(authority.certificate).toString("base64");
  return {
    clientConfig: { url: `https://127.0.0.1:${port}/review`, caBundle },
    reviews,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function register(
  server: TestServer,
  kind: "Mutating" | "Validating",
  name: string,
  clientConfig: object,
  more: object = {},
): void {
  const rules = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] }];
  const hook = {
    name: `${name}.shop.example`,
    clientConfig,
    rules,
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    ...more,
  };
  server.objects.create({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: `${kind}WebhookConfiguration`,
    metadata: { name } as ApiObject["metadata"],
    webhooks: [hook],
  });
}

async function call(
  server: TestServer,
  method: string,
  path: string,
  body?: unknown,
  type = "application/json",
): Promise<{ status: number | undefined; body: Record<string, unknown>; warning: unknown }> {
  const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${server.token}`,
      ...(body === undefined ? {} : { "content-type": type }),
    };
    const outgoing = request(
      new URL(path, server.url),
      { method, headers, ca: server.certificateAuthority },
      resolve,
    ).on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
  return {
    status: response.statusCode,
    body: JSON.parse(await text(response)) as Record<string, unknown>,
    warning: response.headers["warning"],
  };
}

const PATH = "/api/v1/namespaces/default/configmaps";
const configMap = (name: string, data: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});
const patchOf = (operations: unknown[]) => ({
  patchType: "JSONPatch",
  patch: Buffer.from(JSON.stringify(operations)).toString("base64"),
});

test("lets mutating webhooks change objects one after the other, and validating ones see the outcome", async () => {
  await using server = await startTestServer();
  await using first = await startHook(() => patchOf([{ op: "add", path: "/data/first", value: "1" }]));
  await using second = await startHook(({ object }) =>
    patchOf([{ op: "add", path: "/data/seen", value: Object.keys((object?.["data"] ?? {}) as object).join() }]),
  );
  await using check = await startHook(() => ({ warnings: ["looked at"] }));
  register(server, "Mutating", "a", first.clientConfig);
  register(server, "Mutating", "b", second.clientConfig);
  register(server, "Validating", "c", check.clientConfig);
  const created = await call(server, "POST", PATH, configMap("one", { own: "x" }));
  assert.deepEqual([created.status, created.body["data"]], [201, { first: "1", own: "x", seen: "first,own" }]);
  assert.equal(created.warning, '299 - "looked at"');
  assert.deepEqual(
    check.reviews.map(({ operation, object }) => [operation, object?.["data"]]),
    [["CREATE", { first: "1", own: "x", seen: "first,own" }]],
  );
});

test("sends both objects of an update, and the old one of a delete", async () => {
  await using server = await startTestServer();
  await using hook = await startHook(() => ({}));
  await call(server, "POST", PATH, configMap("one", { a: "1" }));
  register(server, "Validating", "c", hook.clientConfig);
  await call(server, "PATCH", `${PATH}/one`, { data: { a: "2" } }, "application/merge-patch+json");
  await call(server, "DELETE", `${PATH}/one`);
  const data = (object: ApiObject | null) => object?.["data"] ?? null;
  assert.deepEqual(
    hook.reviews.map(({ operation, object, oldObject }) => [operation, data(object), data(oldObject)]),
    [
      ["UPDATE", { a: "2" }, { a: "1" }],
      ["DELETE", null, { a: "2" }],
    ],
  );
});

test("refuses with the webhook's own status", async () => {
  await using server = await startTestServer();
  await using hook = await startHook(() => ({
    allowed: false,
    status: { code: 403, message: "not on a Friday", reason: "Forbidden" },
  }));
  register(server, "Validating", "c", hook.clientConfig);
  const { status, body } = await call(server, "POST", PATH, configMap("one"));
  assert.deepEqual(
    [status, body["reason"], body["message"]],
    [403, "Forbidden", 'admission webhook "c.shop.example" denied the request: not on a Friday'],
  );
  assert.equal(server.objects.get("v1", "ConfigMap", "default", "one"), undefined);
});

test("fails or goes on without a webhook that cannot be called, as its failure policy says", async () => {
  await using server = await startTestServer();
  const nobody = { service: { namespace: "default", name: "none", path: "/x" } };
  register(server, "Validating", "c", nobody, { failurePolicy: "Ignore" });
  assert.equal((await call(server, "POST", PATH, configMap("one"))).status, 201);
  register(server, "Validating", "d", nobody);
  const { status, body } = await call(server, "POST", PATH, configMap("two"));
  const why = 'Post "https://none.default.svc:443/x?timeout=10s": service "none" not found';
  assert.deepEqual(
    [status, body["message"]],
    [500, `Internal error occurred: failed calling webhook "d.shop.example": failed to call webhook: ${why}`],
  );
});

test("asks a mutating webhook once more where it wants to and one after it changed the object", async () => {
  await using server = await startTestServer();
  await using count = await startHook(({ object }) => {
    const number = Number(((object?.["data"] ?? {}) as Record<string, string>)["count"] ?? "0") + 1;
    return patchOf([{ op: "add", path: "/data/count", value: String(number) }]);
  });
  await using later = await startHook(() => patchOf([{ op: "add", path: "/data/later", value: "x" }]));
  register(server, "Mutating", "a", count.clientConfig, { reinvocationPolicy: "IfNeeded" });
  register(server, "Mutating", "b", later.clientConfig);
  const created = await call(server, "POST", PATH, configMap("one", { own: "x" }));
  assert.deepEqual(created.body["data"], { count: "2", later: "x", own: "x" });
});

test("shows validating webhooks the very object that is stored", async () => {
  await using server = await startTestServer();
  await using first = await startHook(() => ({}));
  await using second = await startHook(() => ({}));
  register(server, "Validating", "a", first.clientConfig);
  register(server, "Validating", "b", second.clientConfig);
  const created = await call(server, "POST", PATH, { ...configMap(""), metadata: { generateName: "some-" } });
  const { name, uid } = created.body["metadata"] as Record<string, unknown>;
  for (const { reviews } of [first, second]) {
    assert.deepEqual(
      reviews.map(({ object }) => object?.["metadata"] as Record<string, unknown>).map((m) => [m["name"], m["uid"]]),
      [[name, uid]],
    );
  }
});

test("asks anew where the object was changed while a webhook was asked", async () => {
  await using server = await startTestServer();
  const PATCH = "application/merge-patch+json";
  await call(server, "POST", PATH, configMap("one", { own: "x" }));
  let isFirst = true;
  await using hook = await startHook(() => {
    if (isFirst) {
      isFirst = false;
      server.objects.patch("v1", "ConfigMap", "default", "one", { data: { own: "y" } });
    }
    return {};
  });
  register(server, "Validating", "a", hook.clientConfig);
  const patched = await call(server, "PATCH", `${PATH}/one`, { data: { more: "z" } }, PATCH);
  assert.deepEqual(patched.body["data"], { more: "z", own: "y" });
  assert.deepEqual(
    hook.reviews.map(({ object }) => object?.["data"]),
    [
      { more: "z", own: "x" },
      { more: "z", own: "y" },
    ],
  );
});

test("calls a webhook only where its match conditions are met", async () => {
  await using server = await startTestServer();
  await using hook = await startHook(() => ({ allowed: false, status: { message: "no" } }));
  register(server, "Validating", "a", hook.clientConfig, {
    matchConditions: [{ name: "guarded", expression: "object.data.guarded == 'yes'" }],
  });
  const guarded = await call(server, "POST", PATH, configMap("one", { guarded: "yes" }));
  assert.equal(guarded.body["message"], 'admission webhook "a.shop.example" denied the request: no');
  assert.equal((await call(server, "POST", PATH, configMap("two", { guarded: "no" }))).status, 201);
  const unclear = await call(server, "POST", `${PATH}`, configMap("three"));
  assert.equal(unclear.status, 403);
  assert.match(
    String(unclear.body["message"]),
    /expression 'object\.data\.guarded == 'yes'' resulted in error: no such key: /,
  );
  assert.equal(hook.reviews.length, 1);
});
