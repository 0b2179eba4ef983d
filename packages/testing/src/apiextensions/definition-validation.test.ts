import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { StatusError } from "../registry/status-error.ts";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";
import { DEFINITION_KIND, DEFINITION_VERSION } from "./definition.ts";

/** What a kube-apiserver v1.37 answered. */
interface Case {
  readonly name: string;
  readonly definition: { readonly metadata: object; readonly spec: object };
  readonly causes: readonly (readonly [field: string, message: string])[];
}

const cases = JSON.parse(
  readFileSync(new URL("./definition-validation.cases.json", import.meta.url), "utf8"),
) as Case[];
let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

function causesOf(write: () => unknown): unknown {
  try {
    write();
    return "accepted";
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return (error.status.details?.causes ?? []).map(({ field, message }) => [field, message]);
  }
}

test("refuses what a kube-apiserver refuses, with the same causes in the same order", () => {
  assert.ok(cases.length > 100);
  for (const { name, definition, causes } of cases) {
    const create = () =>
      server.objects.create({ apiVersion: DEFINITION_VERSION, kind: DEFINITION_KIND, ...structuredClone(definition) });
    assert.deepEqual(causesOf(create), causes, name);
  }
});

test("keeps what an established definition may not change", () => {
  const definition = (group: string, names: object) => ({
    apiVersion: DEFINITION_VERSION,
    kind: DEFINITION_KIND,
    metadata: { name: "locks.keep.example" },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "locks", kind: "Lock", ...names },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  });
  server.objects.create(definition("keep.example", {}));
  const patch = (spec: object) => () =>
    server.objects.patch(DEFINITION_VERSION, DEFINITION_KIND, undefined, "locks.keep.example", { spec });
  assert.deepEqual(causesOf(patch({ scope: "Cluster" })), [
    ["spec.scope", 'Invalid value: "Cluster": field is immutable'],
  ]);
  assert.deepEqual(causesOf(patch({ group: "other.example" })), [
    ["spec.group", 'Invalid value: "other.example": field is immutable'],
  ]);
  assert.deepEqual(
    causesOf(
      patch({
        versions: [{ name: "v2", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
      }),
    ),
    [
      [
        "status.storedVersions[0]",
        'Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions',
      ],
    ],
  );
});
