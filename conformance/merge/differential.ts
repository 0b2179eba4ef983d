/**
 * Compares patches and field ownership of the test server with a real kube-apiserver, on random writes.
 *
 * Usage: node --conditions=bowline-source --import tsx conformance/merge/differential.ts --server URL --ca FILE --token TOKEN
 *          [--seed N] [--objects N] [--writes N] [--record FILE]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { parseArgs } from "node:util";
import { applyMergePatch, type JsonRecord } from "../../packages/testing/src/merge/index.ts";
import { type Exchange, judge } from "./judge.ts";
import { pick, randomKinds, randomWrite, seeded } from "./random-writes.ts";

const { values } = parseArgs({
  options: {
    server: { type: "string" },
    ca: { type: "string" },
    token: { type: "string" },
    record: { type: "string" },
    seed: { type: "string", default: "1" },
    objects: { type: "string", default: "20" },
    writes: { type: "string", default: "15" },
  },
});

const contentTypes = {
  apply: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  put: "application/json",
} as const;

async function call(
  method: string,
  path: string,
  body?: unknown,
  type = "application/json",
): Promise<{ status: number; body: JsonRecord }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, values.server),
      {
        method,
        ca: readFileSync(values.ca ?? ""),
        headers: { authorization: `Bearer ${values.token}`, "content-type": type, "user-agent": "creator/1" },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as JsonRecord }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const random = seeded(Number(values.seed));
const namespace = `diff-${values.seed}-${Date.now().toString(36)}`;
await call("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
// Without controllers nobody else makes the account that pods run as.
await call("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, {
  metadata: { name: "default" },
  automountServiceAccountToken: false,
});
let count = 0;
let wrong = 0;
const recorded: Exchange[] = [];
for (let n = 0; n < Number(values.objects); n += 1) {
  const kind = pick(random, randomKinds);
  const base = `${kind.apiVersion === "v1" ? "/api/v1" : `/apis/${kind.apiVersion}`}/namespaces/${namespace}/${kind.plural}`;
  const name = `o${n}`;
  let live: JsonRecord | undefined;
  if (random() < 0.7) {
    const created = await call("POST", base, kind.base(name));
    if (created.status !== 201) throw new Error(JSON.stringify(created.body));
    live = created.body;
  }
  for (let i = 0; i < Number(values.writes); i += 1) {
    const write = randomWrite(random, kind, name);
    if (live === undefined && write.type !== "apply") continue;
    const query = `?fieldManager=${write.manager}${write.force ? "&force=true" : ""}`;
    const body = write.type === "put" ? applyMergePatch(live ?? {}, write.body as JsonRecord) : write.body;
    const answer = await call(
      write.type === "put" ? "PUT" : "PATCH",
      `${base}/${name}${query}`,
      body,
      contentTypes[write.type],
    );
    const exchange: Exchange = {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      namespace,
      live,
      write: { ...write, body },
      status: answer.status,
      answer: answer.body,
    };
    count += 1;
    const verdict = judge(exchange);
    if (verdict !== undefined) {
      wrong += 1;
      if (wrong <= 10)
        console.log(
          `${kind.kind} ${name} write ${i} ${write.type} ${write.manager}: ${verdict}\n  body ${JSON.stringify(write.body)}\n  live ${JSON.stringify(live)}\n`,
        );
    }
    recorded.push(exchange);
    if (answer.status < 300) live = answer.body;
  }
}
console.log(`${count} writes, ${wrong} different`);
if (values.record !== undefined)
  writeFileSync(values.record, `${recorded.map((item) => JSON.stringify(item)).join("\n")}\n`);
await call("DELETE", `/api/v1/namespaces/${namespace}`);
