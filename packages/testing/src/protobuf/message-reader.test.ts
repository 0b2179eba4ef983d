import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { decodeBody } from "../http/body-decoder.ts";
import { schemaFor } from "../schema/index.ts";
import { readEnvelope } from "./envelope.ts";

/** A body that a Go client sent, and what a kube-apiserver stored of it. */
interface SentBody {
  readonly command: string;
  readonly body: string;
  readonly stored?: Fields;
}

type Fields = { readonly [name: string]: unknown };

const sentBodies = (JSON.parse(readTestdata("kubectl-bodies.json").toString()) as { readonly requests: SentBody[] })
  .requests;
const everyKind = gunzipSync(readTestdata("every-kind.jsonl.gz")).toString().trimEnd().split("\n");

function readTestdata(name: string): Buffer {
  return readFileSync(new URL(`./testdata/${name}`, import.meta.url));
}

/** Decodes a body as the server does, as the kind that it says it is. */
function decodeSent(base64: string): Fields {
  const bytes = Buffer.from(base64, "base64");
  const { apiVersion, kind } = readEnvelope(bytes);
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const expected = { group, version, kind, isCustom: false };
  const warn = (text: string) => assert.fail(text);
  return decodeBody(bytes.toString("latin1"), "protobuf", expected, { validation: "Strict", warn });
}

for (const { command, body, stored } of sentBodies) {
  test(`${command} is understood`, () => {
    const decoded = decodeSent(body);
    if (stored !== undefined) assertPartOf(decoded, stored, "");
  });
}

test("every field of every kind is read as Go's JSON writes it", () => {
  let kinds = 0;
  for (const line of everyKind) {
    const { body, object } = JSON.parse(line) as { readonly body: string; readonly object: Fields };
    const [version = "", group = ""] = String(object["apiVersion"]).split("/").reverse();
    if (schemaFor(group, version, String(object["kind"])) === undefined) continue;
    kinds += 1;
    const decoded: Record<string, unknown> = { ...decodeSent(body) };
    if (object["metadata"] === undefined) delete decoded["metadata"];
    assert.deepEqual(decoded, object, `${object["apiVersion"]} ${object["kind"]}`);
  }
  assert.ok(kinds > 60, `only ${kinds} kinds were compared`);
});

/** What was sent must be in what was stored; the server adds defaults. */
function assertPartOf(sent: unknown, stored: unknown, path: string): void {
  if (Array.isArray(sent)) {
    assert.ok(Array.isArray(stored) && stored.length === sent.length, path);
    for (const [index, item] of sent.entries()) assertPartOf(item, stored[index], `${path}[${index}]`);
  } else if (typeof sent === "object" && sent !== null) {
    for (const [name, value] of Object.entries(sent)) {
      if (path === "" && name === "status") continue;
      // What Go cannot leave out, the server may.
      const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
      if (value !== null && !isEmpty) assertPartOf(value, (stored as Fields | undefined)?.[name], `${path}.${name}`);
    }
  } else assert.deepEqual(stored, sent, path);
}
