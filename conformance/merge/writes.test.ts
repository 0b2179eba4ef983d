import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Exchange, judge } from "./judge.ts";

test("patches and owns as kube-apiserver v1.37.2 did in 338 random writes", () => {
  const file = gunzipSync(readFileSync(new URL("./exchanges.jsonl.gz", import.meta.url))).toString("utf8");
  const exchanges = file
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Exchange);
  assert.equal(exchanges.length, 338);
  const wrong = exchanges.flatMap((exchange) => {
    const verdict = judge(exchange);
    return verdict === undefined ? [] : [`${exchange.kind} ${JSON.stringify(exchange.write)}\n  ${verdict}`];
  });
  assert.deepEqual(wrong, []);
});
