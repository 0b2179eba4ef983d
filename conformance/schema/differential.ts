/**
 * Compares decoding by the test server's schemas with a real kube-apiserver, on random bodies with faults.
 *
 * Usage: node --conditions=bowline-source --import tsx conformance/schema/differential.ts --server URL --ca FILE --token TOKEN
 *          [--seed N] [--bodies N] [--record FILE]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { parseArgs } from "node:util";
import { seeded } from "../merge/random-writes.ts";
import { type DecodeExchange, judgeDecoding } from "./judge.ts";
import { randomBody } from "./random-bodies.ts";

const { values } = parseArgs({
  options: {
    server: { type: "string" },
    ca: { type: "string" },
    token: { type: "string" },
    record: { type: "string" },
    seed: { type: "string", default: "1" },
    bodies: { type: "string", default: "200" },
  },
});

async function post(path: string, body: string): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, values.server),
      {
        method: "POST",
        ca: readFileSync(values.ca ?? ""),
        headers: {
          authorization: `Bearer ${values.token}`,
          "content-type": "application/json",
          "user-agent": "decode/1",
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const random = seeded(Number(values.seed));
const recorded: DecodeExchange[] = [];
let wrong = 0;
for (let n = 0; n < Number(values.bodies); n += 1) {
  const body = randomBody(random, `d${n}`);
  const base = `${body.apiVersion === "v1" ? "/api/v1" : `/apis/${body.apiVersion}`}/namespaces/default/${body.plural}?dryRun=All&fieldValidation=`;
  const strict = await post(`${base}Strict`, body.text);
  const lax = await post(`${base}Ignore`, body.text);
  const exchange: DecodeExchange = {
    apiVersion: body.apiVersion,
    kind: body.kind,
    text: body.text,
    strictStatus: strict.status,
    strict: strict.status === 400 ? String(strict.body["message"]) : "",
    laxStatus: lax.status,
    lax: lax.status === 400 ? String(lax.body["message"]) : "",
    object: lax.status === 201 ? lax.body : undefined,
  };
  recorded.push(exchange);
  const verdict = judgeDecoding(exchange);
  if (verdict === undefined) continue;
  wrong += 1;
  if (wrong <= 25) console.log(`${body.text}\n  ${verdict}`);
}
console.log(`${values.bodies} bodies, ${wrong} different`);
if (values.record !== undefined)
  writeFileSync(values.record, `${recorded.map((item) => JSON.stringify(item)).join("\n")}\n`);
