// npm run bench: Bowline, the bare HTTP clients below it and @kubernetes/client-node against one neutral server, in one run.
// `npm run bench -- --quick` does fewer rounds, `--json` prints the numbers instead of the table, and `--cpu` compares the
// client's processor time instead of the clock's, for machines that do other things at the same time.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const isQuick = process.argv.includes("--quick");
const isCpu = process.argv.includes("--cpu");
const isJson = process.argv.includes("--json");
const [repeats, rounds] = isQuick ? [1, 2] : [3, 3];
const log = (text) => process.stderr.write(`${text}\n`);

if (!existsSync(join(here, "node_modules", "undici"))) {
  log("installing what is measured against into bench/node_modules ...");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: here,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}
// Always, since an older build would be measured without a word; it takes two seconds.
log("building ...");
execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: ["ignore", "inherit", "inherit"] });

const node = node24();
const folder = mkdtempSync(join(tmpdir(), "bowline-bench-"));
const server = await startServer();
try {
  const results = measureAll();
  process.stdout.write(isJson ? `${JSON.stringify(results, null, 2)}\n` : report(results));
} finally {
  server.process.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}

/** The peer does not start on Node before 24. */
function node24() {
  try {
    const found = createRequire(join(here, "package.json")).resolve("node24/package.json");
    return join(dirname(found), "bin", "node");
  } catch {
    if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
    throw new Error("the bench needs Node 24 or later on this platform: run it with one");
  }
}

async function startServer() {
  const certificates = join(root, "packages", "bowline", "src", "transport", "testdata", "certificates.json");
  const { ca } = JSON.parse(readFileSync(certificates, "utf8"));
  const child = spawn(node, [join(here, "fixture-server.mjs"), certificates], { stdio: ["pipe", "pipe", "inherit"] });
  const fixture = JSON.parse(
    await new Promise((resolve, reject) => {
      child.stdout.once("data", (chunk) => resolve(String(chunk)));
      child.once("exit", () => reject(new Error("the fixture server did not start")));
    }),
  );
  const url = `https://127.0.0.1:${fixture.port}`;
  const kubeconfig = join(folder, "kubeconfig");
  const file = join(folder, "server.json");
  const made = { ...fixture, url, ca: ca.cert, token: "bench-token", kubeconfig };
  writeFileSync(file, JSON.stringify(made));
  writeFileSync(
    kubeconfig,
    [
      "apiVersion: v1",
      "kind: Config",
      "current-context: bench",
      "clusters:",
      `- {name: bench, cluster: {server: "${url}", certificate-authority-data: ${Buffer.from(ca.cert).toString("base64")}}}`,
      "users:",
      `- {name: bench, user: {token: ${made.token}}}`,
      "contexts:",
      "- {name: bench, context: {cluster: bench, user: bench}}",
      "",
    ].join("\n"),
  );
  return { ...made, file, process: child };
}

function run(args) {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: here, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}

/** A quarter of the rounds were faster: on a machine that does other things, too, more telling than the middle. */
function lowerQuartile(values) {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 4)];
}

/** Milliseconds of a task for each client: the clients take turns, so that a busy minute hits all of them. */
function measure(task, clients) {
  const samples = Object.fromEntries(clients.map((client) => [client, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const client of clients) {
      log(`${task}: ${client} (${repeat + 1}/${repeats})`);
      const { ms, cpuMs } = JSON.parse(run(["programs/measure.mjs", client, task, String(rounds), server.file]));
      samples[client].push(...(isCpu ? cpuMs : ms));
    }
  }
  return Object.fromEntries(clients.map((client) => [client, lowerQuartile(samples[client])]));
}

function measureImports() {
  const specifiers = {
    nothing: undefined,
    "bare-https": "node:https",
    "bare-undici": "undici",
    bowline: "bowline",
    "bowline-connected": join(here, "programs", "connected.mjs"),
    "bowline-undici": join(here, "programs", "bowline-with-undici.mjs"),
    "client-node": "@kubernetes/client-node",
  };
  const found = {};
  for (const [name, specifier] of Object.entries(specifiers)) {
    log(`import: ${name}`);
    const args = ["programs/import.mjs", ...(specifier === undefined ? [] : [specifier]), server.kubeconfig];
    const samples = Array.from({ length: isQuick ? 3 : 9 }, () =>
      JSON.parse(run(specifier === undefined ? ["programs/import.mjs"] : args)),
    );
    found[name] = { ms: lowerQuartile(samples.map(({ ms }) => ms)), bytes: median(samples.map(({ bytes }) => bytes)) };
  }
  return found;
}

function measureFirstPod() {
  const found = {};
  for (const name of ["bare-https", "bowline", "client-node"]) {
    log(`first pod: ${name}`);
    const samples = Array.from({ length: isQuick ? 3 : 9 }, () => {
      const started = performance.now();
      const printed = run([`programs/first-pod-${name}.mjs`, server.kubeconfig, server.file]);
      if (!printed.startsWith("shop-")) throw new Error(`${name} printed ${printed}`);
      return performance.now() - started;
    });
    found[name] = lowerQuartile(samples);
  }
  return found;
}

function measureAll() {
  const bare = ["bare-https", "bare-undici"];
  const ours = ["bowline", "bowline-undici"];
  const peer = ["client-node"];
  const all = [...bare, ...ours, ...peer];
  const handshakes = {};
  for (const client of all) {
    log(`handshakes: ${client}`);
    handshakes[client] = JSON.parse(run(["programs/measure.mjs", client, "handshakes", "1", server.file])).handshakes;
  }
  return {
    pods: server.pods,
    listBytes: server.listBytes,
    imports: measureImports(),
    firstPod: measureFirstPod(),
    handshakes,
    list: measure("list", all),
    lean: measure("lean", ours),
    watch: measure("watch", all),
    leanWatch: measure("leanWatch", ours),
    sequential: measure("sequential", all),
    concurrent: measure("concurrent", all),
  };
}

function report(results) {
  const { imports, firstPod, handshakes } = results;
  const version = run(["--print", "process.version"]).trim();
  const columns = ["bare-https", "bare-undici", "bowline", "bowline-undici", "client-node"];
  const lines = [];
  const row = (title, cells) =>
    lines.push([title.padEnd(34), ...columns.map((name) => (cells[name] ?? "").padStart(19))].join(""));
  const ms = (value) => (value === undefined ? "" : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  row(
    `${version}, ${cpus().length} x ${cpus()[0]?.model ?? "?"}`.slice(0, 34),
    Object.fromEntries(columns.map((name) => [name, name])),
  );
  const over = (name) =>
    `${ms(Math.max(0, imports[name].ms - imports.nothing.ms))} ${megabytes(Math.max(0, imports[name].bytes - imports.nothing.bytes))}`;
  row("import, over bare Node", Object.fromEntries(columns.map((name) => [name, over(name)])));
  row("import and Client.connect", { bowline: over("bowline-connected") });
  row(
    "start to first pod printed",
    Object.fromEntries(
      Object.entries(firstPod).map(([name, value]) => [name, `${ms(value)} ${ratio(value / firstPod["client-node"])}`]),
    ),
  );
  row("TLS handshakes for 100 calls", Object.fromEntries(columns.map((name) => [name, String(handshakes[name])])));
  const fastest = (task) => Math.min(results[task]["bare-https"], results[task]["bare-undici"]);
  const rated = (task, base) =>
    Object.fromEntries(
      Object.entries(results[task]).map(([name, value]) => [name, `${ms(value)} ${ratio(base(name) / value)}`]),
    );
  row(
    `list ${results.pods} pods, ${megabytes(results.listBytes)}`,
    rated("list", () => fastest("list")),
  );
  row(
    "  without managedFields",
    rated("lean", () => fastest("list")),
  );
  row(
    `${results.pods} watch events`,
    rated("watch", () => fastest("watch")),
  );
  row(
    "  without managedFields",
    rated("leanWatch", () => fastest("watch")),
  );
  for (const [task, title] of [
    ["sequential", "1000 small GETs, one by one"],
    ["concurrent", "1000 small GETs, 16 at once"],
  ]) {
    row(
      title,
      rated(task, (name) => results[task][name.endsWith("undici") ? "bare-undici" : "bare-https"]),
    );
  }
  lines.push("");
  if (isCpu) lines.push("Lists, watches and GETs: processor time of the client.");
  lines.push(
    "In brackets, rates: of lists and watches over the faster bare client's, of small GETs over the bare client's of the",
  );
  lines.push(
    "same transport (client-node: node:https); and the time to the first pod over client-node's. More is better but there.",
  );
  return `${lines.join("\n")}\n`;
}

function ratio(value) {
  return `(${value.toFixed(2)})`;
}
