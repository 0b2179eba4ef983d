/**
 * Compares what the server says of custom resources with what a kube-apiserver v1.37 has said, kept in `*.cases.json`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { StatusError } from "../registry/status-error.ts";
import { startTestServer } from "../server/start-test-server.ts";
import { DEFINITION_KIND, DEFINITION_VERSION, type DefinitionSpec } from "./definition.ts";

interface DefinitionCase {
  readonly definition: { readonly metadata: object; readonly spec: DefinitionSpec };
}
type Causes = readonly (readonly [field: string, message: string])[];

function read<T>(name: string): { readonly definition: DefinitionCase["definition"]; readonly cases: readonly T[] } {
  const file = new URL(`./${name}.cases.json`, import.meta.url);
  const [first, ...cases] = JSON.parse(readFileSync(file, "utf8")) as [DefinitionCase, ...T[]];
  return { definition: first.definition, cases };
}

function attempt(write: () => unknown): Causes {
  try {
    write();
    return [];
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 422) throw error;
    return (error.status.details?.causes ?? []).map(({ field = "", message = "" }) => [field, message] as const);
  }
}

/** Causes that come from members of a map, in the order of which the real server is free. */
function unordered(causes: Causes): Causes {
  return [...causes].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

test("checks the values of custom resources as a kube-apiserver does", async () => {
  await using server = await startTestServer();
  interface Case {
    readonly name: string;
    readonly object: { readonly metadata: object };
    readonly causes?: Causes;
    readonly spec?: unknown;
  }
  const { definition, cases } = read<Case>("custom-validation");
  assert.ok(cases.length > 100);
  const { group, names } = definition.spec;
  server.objects.create({ apiVersion: DEFINITION_VERSION, kind: DEFINITION_KIND, ...definition });
  for (const { name, object, causes = [], spec } of cases) {
    const sent = { apiVersion: `${group}/v1`, kind: names.kind, ...structuredClone(object) };
    let stored: { readonly [field: string]: unknown } | undefined;
    const found = attempt(() => {
      stored = server.objects.create(sent);
    });
    assert.deepEqual(unordered(found), unordered(causes), name);
    if (stored === undefined) continue;
    assert.deepEqual(stored["spec"], spec ?? undefined, name);
    server.objects.delete(`${group}/v1`, names.kind, "default", "c");
  }
});

test("evaluates rules as a kube-apiserver does", async () => {
  await using server = await startTestServer();
  interface Case {
    readonly name: string;
    readonly method: "POST" | "PATCH";
    readonly isDryRun: boolean;
    readonly body: Record<string, unknown>;
    readonly causes: Causes;
  }
  const { definition, cases } = read<Case>("rule-validation");
  const { group, names } = definition.spec;
  server.objects.create({ apiVersion: DEFINITION_VERSION, kind: DEFINITION_KIND, ...definition });
  for (const { name, method, isDryRun, body, causes } of cases) {
    const found = attempt(() => {
      if (method === "PATCH") server.objects.patch(`${group}/v1`, names.kind, "default", "r", structuredClone(body));
      else server.objects.create({ apiVersion: `${group}/v1`, kind: names.kind, ...structuredClone(body) });
    });
    assert.deepEqual(found, causes, name);
    if (isDryRun) server.objects.delete(`${group}/v1`, names.kind, "default", "c");
  }
});
