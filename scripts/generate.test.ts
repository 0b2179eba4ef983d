import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import { readApi } from "../packages/cli/src/generate/api-model.ts";
import { generateKinds } from "../packages/cli/src/generate/generate-kinds.ts";
import { compareFiles } from "../packages/cli/src/generate/generated-files.ts";
import { OPEN_ENUMS, WRITTEN_TYPES } from "../packages/cli/src/generate/known-schemas.ts";
import { readFolder } from "../packages/cli/src/generate/read-documents.ts";
import { SOURCE, TARGET } from "./generate.ts";
import { stripDescriptions } from "./import-openapi.ts";

test("the generated kinds are what the generator writes today", async () => {
  const files = generateKinds(await readFolder(SOURCE));
  assert.deepEqual(await compareFiles(TARGET, files), { changed: [], stale: [] });
  files.delete("apps/v1.ts");
  files.set("v1.ts", "");
  assert.deepEqual(await compareFiles(TARGET, files), { changed: ["v1.ts"], stale: ["apps/v1.ts"] });
});

test("descriptions are stripped from schemas and parameters, not from responses nor from fields of that name", () => {
  const document = {
    paths: {
      "/a": {
        get: {
          description: "x",
          parameters: [{ name: "p", description: "x" }],
          responses: { "200": { description: "OK" } },
        },
      },
    },
    components: {
      schemas: { A: { description: "x", properties: { description: { type: "string", description: "x" } } } },
    },
  };
  assert.deepEqual(stripDescriptions(document), {
    paths: { "/a": { get: { parameters: [{ name: "p" }], responses: { "200": { description: "OK" } } } } },
    components: { schemas: { A: { properties: { description: { type: "string" } } } } },
  });
});

test("the imported documents have no descriptions left", () => {
  for (const name of readdirSync(SOURCE)) {
    const text = gunzipSync(readFileSync(join(SOURCE, name))).toString("utf8");
    assert.equal(JSON.stringify(stripDescriptions(JSON.parse(text))), text, name);
  }
});

test("every enum that is said to be open is one in the documents, and every written type a schema", async () => {
  const { schemas } = readApi(await readFolder(SOURCE));
  for (const path of OPEN_ENUMS) {
    const at = path.lastIndexOf(".");
    const field = schemas.get(path.slice(0, at))?.properties?.[path.slice(at + 1)];
    const values = typeof field?.additionalProperties === "object" ? field.additionalProperties : undefined;
    assert.ok((field?.items ?? values ?? field)?.enum, path);
  }
  for (const name of Object.keys(WRITTEN_TYPES)) assert.ok(schemas.has(name), name);
});
