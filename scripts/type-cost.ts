/**
 * Measures what the types cost a user's compiler: the time of `tsc` over a program that uses ten kinds, against an empty one.
 *
 * `node --conditions=bowline-source --import tsx scripts/type-cost.ts [--runs 7] [--limit 1.3]`. Fails where the ratio of
 * medians is above the limit under the compiler of the workspace. TypeScript 5.9 has to compile it too; its time is shown.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root: string = dirname(dirname(fileURLToPath(import.meta.url)));
const folder: string = join(root, ".cache", "type-cost");
const compiler: string = join(root, "node_modules", "typescript", "bin", "tsc");
const oldCompiler: string = join(root, "tools", "node_modules", "typescript59", "bin", "tsc");

const OPTIONS = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
  },
};

const KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ["v1", "Pod"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["batch/v1", "Job"],
  ["batch/v1", "CronJob"],
  ["networking.k8s.io/v1", "Ingress"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
];

/** Ten handles, each read from, listed and patched; three kinds applied by literal, one watched. */
function clientProgram(): string {
  const metadata = `metadata: { name: "a", labels: { app: "shop" } }`;
  const uses = KINDS.map(
    ([apiVersion, kind], index) => `const k${index} = client.resource("${apiVersion}", "${kind}", { namespace: "web" });
console.log((await k${index}.get("a")).metadata.uid, (await k${index}.list({ labelSelector: { app: "shop" } })).items.length);
await k${index}.patch("a", { metadata: { labels: { app: "shop" } } });`,
  );
  const applies = KINDS.slice(2, 5).map(
    ([apiVersion, kind]) => `await client.apply({ apiVersion: "${apiVersion}", kind: "${kind}", ${metadata} });`,
  );
  const watch = "for await (const event of k0.watch()) console.log(event.type, event.object.metadata.name);";
  return `import { Client } from "bowline";
const client = await Client.connect();\n${[...uses, ...applies, watch].join("\n")}\nexport {};\n`;
}

/** The same kinds by name, without a client. */
function kindsProgram(): string {
  const uses = KINDS.map(
    ([apiVersion, kind], index) => `declare const k${index}: BuiltInKinds["${apiVersion}/${kind}"];
const s${index}: ScopeOf<typeof k${index}> = "Namespaced";
console.log(k${index}.metadata.name, s${index});`,
  );
  return `import type { BuiltInKinds } from "bowline/kinds/built-in-kinds";
import type { ScopeOf } from "bowline/kinds/kind-facts";\n${uses.join("\n")}\nexport {};\n`;
}

/** Declarations as a user gets them, in a node_modules of their own. */
function installDeclarations(): boolean {
  const installed = join(folder, "node_modules", "bowline");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "packages", "bowline", "package.json"), join(installed, "package.json"));
  const project = join(root, "packages", "bowline", "tsconfig.build.json");
  try {
    execFileSync(
      process.execPath,
      [compiler, "-p", project, "--emitDeclarationOnly", "--outDir", join(installed, "dist")],
      { stdio: "pipe" },
    );
  } catch (error) {
    // Declarations are written all the same; errors in the sources are the type check's to report.
    if (!existsSync(join(installed, "dist"))) throw error;
  }
  return existsSync(join(installed, "dist", "index.d.ts"));
}

function writeProject(name: string, program: string): string {
  const project = join(folder, name);
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ ...OPTIONS, include: ["program.ts"] }, undefined, 2));
  writeFileSync(join(project, "program.ts"), program);
  return project;
}

function compileMs(tsc: string, project: string): number {
  const start = performance.now();
  execFileSync(process.execPath, [tsc, "-p", project], { stdio: ["ignore", "inherit", "inherit"] });
  return performance.now() - start;
}

/** Runs both in turn, so that a slow spell of the machine falls on both. */
function compare(
  tsc: string,
  projects: readonly [string, string],
  runs: number,
): { readonly empty: number; readonly used: number } {
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run <= runs; run++) {
    const measured = projects.map((project) => compileMs(tsc, project));
    // The first run fills the file cache.
    if (run > 0) for (const index of [0, 1] as const) times[index].push(measured[index] ?? Number.NaN);
  }
  return { empty: median(times[0]), used: median(times[1]) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function main(): void {
  const { values } = parseArgs({
    options: { runs: { type: "string", default: "7" }, limit: { type: "string", default: "1.3" } },
  });
  const hasClient = installDeclarations();
  const projects = [
    writeProject("empty", "export {};\n"),
    writeProject("used", hasClient ? clientProgram() : kindsProgram()),
  ] as const;
  console.log(
    `ten kinds ${hasClient ? "through the client" : "by name"} against an empty program, medians of ${values.runs} runs`,
  );
  for (const [label, tsc] of [
    ["workspace", compiler],
    ["5.9", oldCompiler],
  ] as const) {
    if (!existsSync(tsc)) continue;
    const { empty, used } = compare(tsc, [...projects], label === "5.9" ? 3 : Number(values.runs));
    console.log(
      `TypeScript ${label}: ${empty.toFixed(0)} ms -> ${used.toFixed(0)} ms, ratio ${(used / empty).toFixed(2)}`,
    );
    if (label === "workspace" && !(used / empty <= Number(values.limit))) {
      console.error(`type cost: ratio is above ${values.limit}`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
