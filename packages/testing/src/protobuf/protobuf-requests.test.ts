import assert from "node:assert/strict";
import { request } from "node:https";
import { test } from "node:test";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";

const MAGIC = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

interface Answer {
  readonly status: number;
  readonly body: { readonly message?: string; readonly [name: string]: unknown };
}

function send(server: TestServer, method: string, path: string, body: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, server.url),
      {
        method,
        ca: server.certificateAuthority,
        agent: false,
        headers: {
          authorization: `Bearer ${server.token}`,
          "content-type": "application/vnd.kubernetes.protobuf",
          // Without, Node sends the body of a DELETE as if it was another request.
          "content-length": String(body.length),
          accept: "application/vnd.kubernetes.protobuf,application/json",
        },
      },
      (message) => {
        const chunks: Buffer[] = [];
        message.on("data", (chunk: Buffer) => chunks.push(chunk));
        message.on("error", reject);
        message.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if (text === "") return reject(new Error(`${method} ${path}: ${message.statusCode} without a body`));
          resolve({ status: message.statusCode ?? 0, body: JSON.parse(text) as Answer["body"] });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A field whose value is text or a message of less than 128 bytes. */
function field(number: number, value: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(value);
  return new Uint8Array(Buffer.concat([Uint8Array.of((number << 3) | 2, bytes.length), bytes]));
}

function envelope(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const type = Buffer.concat([field(1, apiVersion), field(2, kind)]);
  return new Uint8Array(Buffer.concat([MAGIC, field(1, type), field(2, raw)]));
}

const COLLECTION = "/api/v1/namespaces/default/configmaps";
const named = (name: string): Uint8Array => field(1, field(1, name));

test("an object in protobuf is created, replaced and deleted, and answered in JSON", async () => {
  await using server = await startTestServer();
  const data = field(2, Buffer.concat([field(1, "k"), field(2, "v")]));
  const binary = field(3, Buffer.concat([field(1, "b"), field(2, Uint8Array.of(0xff, 0xfe))]));
  const object = envelope("v1", "ConfigMap", new Uint8Array(Buffer.concat([named("c"), data, binary])));
  const created = await send(server, "POST", COLLECTION, object);
  assert.equal(created.status, 201);
  assert.deepEqual([created.body["data"], created.body["binaryData"]], [{ k: "v" }, { b: "//4=" }]);

  const replaced = await send(server, "PUT", `${COLLECTION}/c`, envelope("v1", "ConfigMap", named("c")));
  assert.deepEqual([replaced.status, replaced.body["data"]], [200, undefined]);

  const options = envelope("v1", "DeleteOptions", field(4, "Background"));
  const deleted = await send(server, "DELETE", `${COLLECTION}/c`, options);
  assert.deepEqual([deleted.status, deleted.body["status"]], [200, "Success"]);
});

test("a body that cannot be read is refused in the words of the real server", async () => {
  await using server = await startTestServer();
  const refusal = async (body: Uint8Array, method = "POST", path = COLLECTION) => {
    const { status, body: answer } = await send(server, method, path, body);
    return [status, answer.message];
  };
  const prefix = "the object provided is unrecognized (must be of type ConfigMap):";
  assert.deepEqual(await refusal(new Uint8Array()), [400, `${prefix} empty data (<empty>)`]);
  assert.deepEqual(await refusal(MAGIC), [400, `${prefix} empty body (6b387300)`]);
  assert.deepEqual(await refusal(Buffer.from('{"kind":"ConfigMap"}')), [
    400,
    `${prefix} provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({"kind":"ConfigMap"})`,
  ]);
  assert.deepEqual(await refusal(Uint8Array.of(...MAGIC, 0xff)), [400, `${prefix} unexpected EOF (6b387300ff)`]);
  const cannot = 'in version "v1" cannot be handled as a ConfigMap:';
  assert.deepEqual(await refusal(envelope("v1", "ConfigMap", Uint8Array.of(0x0a, 0x02, 0x28, 0x03))), [
    400,
    `ConfigMap ${cannot} proto: wrong wireType = 0 for field UID`,
  ]);
  assert.deepEqual(await refusal(envelope("v1", "Secret", named("s"))), [
    400,
    `Secret ${cannot} converting (v1.Secret) to (core.ConfigMap): unknown conversion`,
  ]);
  assert.deepEqual(await refusal(Uint8Array.of(...MAGIC, 0xff), "DELETE", `${COLLECTION}/kube-root-ca.crt`), [
    400,
    "unexpected EOF",
  ]);
});
