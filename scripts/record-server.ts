/**
 * Records what a fresh kube-apiserver answers and the test server repeats as facts: the columns of every kind's Table, and the
 * objects that it makes for itself at its first start.
 *
 * usage: node --import tsx scripts/record-server.ts SERVER CA_FILE TOKEN
 */
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { gzipSync } from "node:zlib";

const [server = "", caFile = "", token = ""] = process.argv.slice(2);
const folder = new URL("../packages/testing/data/recorded/", import.meta.url);
const ca = readFileSync(caFile);

interface Listed {
  items?: Record<string, unknown>[];
  groups?: { name: string; versions: { version: string }[] }[];
  resources?: { name: string; kind: string; verbs: string[] }[];
  columnDefinitions?: { name: string; type: string; format: string; description: string; priority: number }[];
}

function get(path: string, accept = "application/json"): Promise<Listed> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept };
    request(new URL(path, server), { ca, headers, checkServerIdentity: () => undefined }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
    })
      .on("error", reject)
      .end();
  });
}

/** Objects that come and go, or that say where the server ran. */
const LEFT_OUT = new Set(["componentstatuses", "configmaps", "events", "leases", "endpointslices", "endpoints"]);

const columns: Record<string, unknown[][]> = {};
const descriptions: string[] = [];
const objects: Record<string, unknown>[] = [];
const groups = (await get("/apis")).groups ?? [];
const versions = [
  "/api/v1",
  ...groups.flatMap(({ name, versions }) => versions.map(({ version }) => `/apis/${name}/${version}`)),
];
for (const base of versions) {
  const groupVersion = base.replace(/^\/apis?\//, "");
  for (const resource of (await get(base)).resources ?? []) {
    if (resource.name.includes("/") || !resource.verbs.includes("list")) continue;
    const table = await get(`${base}/${resource.name}`, "application/json;as=Table;v=v1;g=meta.k8s.io");
    columns[`${groupVersion}/${resource.kind}`] = (table.columnDefinitions ?? []).map((column) => [
      column.name,
      column.type,
      column.format,
      column.priority,
      indexOf(column.description),
    ]);
    if (LEFT_OUT.has(resource.name) || groupVersion === "autoscaling/v1") continue;
    for (const item of (await get(`${base}/${resource.name}`)).items ?? []) {
      objects.push(withoutRun({ apiVersion: groupVersion, kind: resource.kind, ...item }));
    }
  }
}
const texts = descriptions.map((text) => JSON.stringify(text)).join(",\n");
const lines = Object.entries(columns).map(([kind, rows]) => `${JSON.stringify(kind)}:${JSON.stringify(rows)}`);
writeFileSync(new URL("columns.json", folder), `{"descriptions":[\n${texts}\n],"kinds":{\n${lines.join(",\n")}\n}}\n`);
writeFileSync(new URL("bootstrap.json.gz", folder), gzipSync(JSON.stringify(objects), { level: 9 }));
console.log(`${lines.length} kinds, ${objects.length} objects`);

/** Descriptions repeat, so they are kept once. */
function indexOf(description: string): number {
  const known = descriptions.indexOf(description);
  return known >= 0 ? known : descriptions.push(description) - 1;
}

/** Without what only that run had: ids, times. */
function withoutRun(object: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(object, (key, value: unknown) => {
    if (key === "uid" || key === "resourceVersion") return undefined;
    if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return "@now";
    return value;
  });
  return JSON.parse(text) as Record<string, unknown>;
}
