import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { readFolder, readServer } from "./read-documents.ts";

async function inFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-generate-"));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("reads plain and compressed documents of a folder, in the order of their names", async () => {
  const files = {
    "b.json.gz": gzipSync('{"openapi":"3.0.0","b":1}'),
    "a.json": '{"openapi":"3.0.0","a":1}',
    "README.md": "no",
  };
  await inFolder(files, async (folder) => {
    assert.deepEqual(await readFolder(folder), [
      { openapi: "3.0.0", a: 1 },
      { openapi: "3.0.0", b: 1 },
    ]);
  });
});

test("says which file is no document", async () => {
  await inFolder({ "a.json": '{"swagger":"2.0"}' }, (folder) =>
    assert.rejects(readFolder(folder), /a\.json is no OpenAPI v3 document/),
  );
  await inFolder({ "a.json": "{" }, (folder) => assert.rejects(readFolder(folder), /a\.json is not JSON/));
  await inFolder({ "a.txt": "" }, (folder) => assert.rejects(readFolder(folder), /no OpenAPI document/));
});

test("reads the wanted groups and versions of a server by the addresses in its index", async () => {
  const asked: string[] = [];
  const paths = {
    api: { serverRelativeURL: "/openapi/v3/api" },
    "api/v1": { serverRelativeURL: "/openapi/v3/api/v1?hash=1" },
    "apis/example.com": { serverRelativeURL: "/openapi/v3/apis/example.com" },
    "apis/example.com/v1": { serverRelativeURL: "/openapi/v3/apis/example.com/v1?hash=2" },
    version: { serverRelativeURL: "/openapi/v3/version" },
  };
  const get = async (path: string): Promise<unknown> => {
    asked.push(path);
    return path === "/openapi/v3" ? { paths } : { openapi: "3.0.0", path };
  };
  assert.equal((await readServer(get)).length, 2);
  const documents = await readServer(get, (apiVersion) => apiVersion === "example.com/v1");
  assert.deepEqual(documents, [{ openapi: "3.0.0", path: "/openapi/v3/apis/example.com/v1?hash=2" }]);
  assert.deepEqual(asked.slice(-2), ["/openapi/v3", "/openapi/v3/apis/example.com/v1?hash=2"]);
});

test("says what a server without /openapi/v3 lacks", async () => {
  await assert.rejects(
    readServer(async () => ({ kind: "Status" })),
    /Kubernetes 1\.27 or later/,
  );
});
