import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type DecodeExchange, judgeDecoding } from "./judge.ts";

test("decodes 300 faulty bodies as kube-apiserver v1.37.2 did", () => {
  const file = gunzipSync(readFileSync(new URL("./bodies.jsonl.gz", import.meta.url))).toString("utf8");
  const exchanges = file
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as DecodeExchange);
  assert.equal(exchanges.length, 300);
  const wrong = exchanges.flatMap((exchange) => {
    const verdict = judgeDecoding(exchange);
    return verdict === undefined ? [] : [`${exchange.text}\n  ${verdict}`];
  });
  assert.deepEqual(wrong, []);
});
