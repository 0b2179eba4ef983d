import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiObject } from "../registry/strategy.ts";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";

const VERSION = "apiextensions.k8s.io/v1";
const KIND = "CustomResourceDefinition";
const GROUP = "names.example.com";

function define(server: TestServer, plural: string, names: object): void {
  server.objects.create({
    apiVersion: VERSION,
    kind: KIND,
    metadata: { name: `${plural}.${GROUP}` } as ApiObject["metadata"],
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { plural, ...names },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  });
}

function shortNames(server: TestServer, plural: string): unknown {
  const status = server.objects.get(VERSION, KIND, undefined, `${plural}.${GROUP}`)?.["status"] as
    | { readonly acceptedNames: { readonly shortNames?: readonly string[] } }
    | undefined;
  return status?.acceptedNames.shortNames;
}

test("gives a name that has become free to the definition that waits for it", async () => {
  await using server = await startTestServer();
  define(server, "firsts", { kind: "First", shortNames: ["ft"] });
  define(server, "others", { kind: "Other", shortNames: ["ft"] });
  assert.equal(shortNames(server, "others"), undefined);
  server.objects.patch(VERSION, KIND, undefined, `firsts.${GROUP}`, { spec: { names: { shortNames: ["fst"] } } });
  assert.deepEqual(shortNames(server, "firsts"), ["fst"]);
  assert.deepEqual(shortNames(server, "others"), ["ft"]);
});
