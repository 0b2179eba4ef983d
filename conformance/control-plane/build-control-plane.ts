/**
 * Builds the program that holds etcd, kube-apiserver, kube-controller-manager, kube-scheduler, a kubelet and kubectl from
 * their Go modules, once for each state of its sources. Minutes on a machine that never built it, nothing where the result
 * is at hand.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const sources = dirname(fileURLToPath(import.meta.url));
/** Folders of its packages, beside the main one. */
const packages = [".", "kubelet", "processruntime"];
const cache = join(sources, "..", "..", ".cache", "control-plane");
/** What a release is stamped with; modules alone do not say it. */
const VERSION = { gitVersion: "v1.37.2", gitMajor: "1", gitMinor: "37" };
const stamps = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((path) =>
  Object.entries(VERSION).map(([name, value]) => `-X ${path}.${name}=${value}`),
);
const linkerFlags = ["-s", "-w", ...stamps].join(" ");

/** Path of the built program. Progress, a line a step, goes to `log`. */
export async function buildControlPlane(log: (line: string) => void = () => {}): Promise<string> {
  const hash = createHash("sha256");
  for (const path of await sourceFiles()) hash.update(path).update(await readFile(join(sources, path)));
  hash.update(linkerFlags);
  const folder = join(cache, hash.digest("hex").slice(0, 16));
  const program = join(folder, "control-plane");
  if (await exists(program)) return program;
  await mkdir(folder, { recursive: true });
  log("building the control plane from its Go modules (about 7 minutes the first time, on two cores)");
  const unfinished = `${program}.${process.pid}`;
  await go(["build", "-trimpath", `-ldflags=${linkerFlags}`, "-o", unfinished, "."]);
  await rename(unfinished, program);
  return program;
}

async function sourceFiles(): Promise<string[]> {
  const folders = packages.map(async (folder) =>
    (await readdir(join(sources, folder))).filter((name) => /\.go$|^go\./.test(name)).map((name) => join(folder, name)),
  );
  return (await Promise.all(folders)).flat().sort();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function go(args: readonly string[]): Promise<void> {
  const child = spawn("go", args, {
    cwd: sources,
    env: { ...process.env, CGO_ENABLED: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(new Error("cannot run go: install Go 1.26 or later", { cause: error })));
    child.once("close", resolve);
  });
  if (status !== 0) throw new Error(`go ${args[0]} failed with exit code ${status}:\n${output.slice(-4000)}`);
}
