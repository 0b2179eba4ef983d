/**
 * A real Kubernetes control plane on loopback: etcd, kube-apiserver and, when asked, kube-controller-manager, and
 * kube-scheduler with a node. The node is a real kubelet, and its containers are processes of this machine.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateAuthority } from "@bowline/testing";
import { buildControlPlane } from "./build-control-plane.ts";

/** How a control plane is started. */
export interface ControlPlaneOptions {
  /** Whether kube-controller-manager runs. Default true. */
  readonly controllers?: boolean | undefined;
  /** Whether there is a node on which Pods run, and a scheduler that gives them to it. Default false. */
  readonly node?: boolean | undefined;
  /** Further flags of kube-apiserver. */
  readonly apiserverFlags?: readonly string[] | undefined;
  /** PEM file of the CA whose client certificates are accepted. Default: none. */
  readonly clientCaFile?: string | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** The processes of a control plane. */
export type ControlPlaneProcess = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kubelet";

/** A running control plane; `close()` ends its processes and removes its files. */
export interface ControlPlane extends AsyncDisposable {
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** Of user `token-admin` (uid 1, group system:masters). */
  readonly adminToken: string;
  /** Of user `plain-user` (uid 2, group devs), who has no rights. */
  readonly plainToken: string;
  readonly kubeconfig: string;
  /** Path of a file that holds {@link kubeconfig}. */
  readonly kubeconfigFile: string;
  /** Path of the program; its first argument is `kubectl`, `etcd`, ... */
  readonly program: string;
  /** Makes etcd forget all but the present state of objects. */
  compact(): Promise<void>;
  /** Kills one of its processes at once, as a crash would. */
  kill(name: ControlPlaneProcess): Promise<void>;
  /** Starts killed ones again, in this order, over what they had stored, and waits until the API server is ready. */
  restart(names: readonly ControlPlaneProcess[]): Promise<void>;
  close(): Promise<void>;
}

/** The Node of a control plane that has one. */
export const NODE_NAME = "bowline-node";

const READY_WITHIN_MS = 60_000;
const CERTIFICATE_LIFETIME_MS = 24 * 3_600_000;
/** What the Node says its address is; of the range for documents, so that nobody has it. */
const NODE_ADDRESS = "192.0.2.10";

/** Builds what is missing, starts everything and waits until the API server is ready. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const program = await buildControlPlane(options.log);
  const folder = await mkdtemp(join(tmpdir(), "bowline-control-plane-"));
  const processes: Map<ControlPlaneProcess, { readonly child: ChildProcess; readonly flags: readonly string[] }> =
    new Map();
  const run = (name: ControlPlaneProcess, flags: readonly string[]): void => {
    const log = openSync(join(folder, `${name}.log`), "a");
    processes.set(name, {
      flags,
      child: spawn(program, [name, ...flags], { cwd: folder, stdio: ["ignore", log, log] }),
    });
    closeSync(log);
  };
  const children = (): ChildProcess[] => [...processes.values()].map(({ child }) => child);
  const close = async (): Promise<void> => {
    for (const child of children().reverse()) await end(child);
    processes.clear();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [clientPort, peerPort, serverPort, controllerPort, schedulerPort, kubeletPort] = await freePorts(6);
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await writeFile(join(folder, "sa.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
    await writeFile(join(folder, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
    await writeFile(
      join(folder, "tokens.csv"),
      'admin-token,token-admin,1,"system:masters"\nplain-token,plain-user,2,"devs"\n',
    );
    const client = `http://127.0.0.1:${clientPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    run("etcd", [
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      "--unsafe-no-fsync",
      "--log-level=error",
    ]);
    run("kube-apiserver", [
      `--etcd-servers=${client}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${serverPort}`,
      `--cert-dir=${join(folder, "certificates")}`,
      "--advertise-address=192.0.2.1",
      "--endpoint-reconciler-type=none",
      "--authorization-mode=RBAC",
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      `--service-account-key-file=${join(folder, "sa.pub")}`,
      `--service-account-signing-key-file=${join(folder, "sa.key")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-cluster-ip-range=10.0.0.0/24",
      ...(options.node === true ? await kubeletTrust(folder) : []),
      ...(options.clientCaFile === undefined ? [] : [`--client-ca-file=${options.clientCaFile}`]),
      ...(options.apiserverFlags ?? []),
    ]);
    const server = `https://127.0.0.1:${serverPort}`;
    const certificate = join(folder, "certificates", "apiserver.crt");
    const isServing = async (): Promise<boolean> => (await probe(`${server}/readyz`)).status === 200;
    await eventually(isServing, children, folder, "kube-apiserver");
    const certificateAuthority = await readFile(certificate, "utf8");
    const kubeconfig = JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "control-plane",
          cluster: { server, "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") },
        },
      ],
      users: [{ name: "admin", user: { token: "admin-token" } }],
      contexts: [{ name: "control-plane", context: { cluster: "control-plane", user: "admin" } }],
      "current-context": "control-plane",
    });
    const kubeconfigFile = join(folder, "kubeconfig");
    await writeFile(kubeconfigFile, kubeconfig, { mode: 0o600 });
    if (options.controllers ?? true) {
      run("kube-controller-manager", [
        `--kubeconfig=${kubeconfigFile}`,
        `--authentication-kubeconfig=${kubeconfigFile}`,
        `--authorization-kubeconfig=${kubeconfigFile}`,
        `--service-account-private-key-file=${join(folder, "sa.key")}`,
        `--root-ca-file=${certificate}`,
        `--cert-dir=${join(folder, "certificates")}`,
        "--use-service-account-credentials=true",
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        `--secure-port=${controllerPort}`,
      ]);
    }
    if (options.node === true) {
      run("kube-scheduler", [
        `--kubeconfig=${kubeconfigFile}`,
        `--authentication-kubeconfig=${kubeconfigFile}`,
        `--authorization-kubeconfig=${kubeconfigFile}`,
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        `--secure-port=${schedulerPort}`,
      ]);
      run("kubelet", [
        `--kubeconfig=${kubeconfigFile}`,
        `--node-name=${NODE_NAME}`,
        `--node-ip=${NODE_ADDRESS}`,
        `--root-dir=${join(folder, "node")}`,
        `--port=${kubeletPort}`,
        `--tls-cert-file=${join(folder, "kubelet.crt")}`,
        `--tls-private-key-file=${join(folder, "kubelet.key")}`,
        `--client-ca-file=${join(folder, "kubelet-ca.crt")}`,
      ]);
      await eventually(() => isNodeReady(server), children, folder, "kubelet");
    }
    return {
      server,
      certificateAuthority,
      adminToken: "admin-token",
      plainToken: "plain-token",
      kubeconfig,
      kubeconfigFile,
      program,
      compact: () => compact(client),
      kill: async (name) => {
        const child = processes.get(name)?.child;
        if (child !== undefined) await end(child, "SIGKILL");
      },
      restart: async (names) => {
        for (const name of names) {
          const stopped = processes.get(name);
          if (stopped === undefined) throw new Error(`${name} was never started`);
          await end(stopped.child);
          run(name, stopped.flags);
        }
        await eventually(isServing, children, folder, "kube-apiserver");
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Through etcd's JSON gateway. */
async function compact(etcd: string): Promise<void> {
  const call = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${etcd}/v3/kv/${path}`, { method: "POST", body: JSON.stringify(body) });
    const answer = (await response.json()) as unknown;
    if (!response.ok) throw new Error(`etcd answered ${response.status} to ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const { header } = (await call("range", { key: "AA==" })) as { header: { revision: string } };
  await call("compaction", { revision: header.revision, physical: true });
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address !== null && typeof address === "object") ports.push(address.port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

/** An authority for the kubelet and its one caller; the flags with which kube-apiserver reaches it at `localhost`. */
async function kubeletTrust(folder: string): Promise<string[]> {
  const authority = new CertificateAuthority("kubelet");
  const serving = authority.server(["localhost"]);
  const calling = authority.client({ user: "kube-apiserver", lifetimeMs: CERTIFICATE_LIFETIME_MS });
  const files = {
    "kubelet-ca.crt": authority.certificate,
    "kubelet.crt": serving.certificate,
    "kubelet.key": serving.key,
    "kubelet-client.crt": calling.certificate,
    "kubelet-client.key": calling.key,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
  return [
    `--kubelet-certificate-authority=${join(folder, "kubelet-ca.crt")}`,
    `--kubelet-client-certificate=${join(folder, "kubelet-client.crt")}`,
    `--kubelet-client-key=${join(folder, "kubelet-client.key")}`,
    "--kubelet-preferred-address-types=InternalDNS",
  ];
}

/** Waits; says what a process had to say where it takes too long or one of them has ended. */
async function eventually(
  isSo: () => Promise<boolean>,
  children: () => readonly ChildProcess[],
  folder: string,
  name: ControlPlaneProcess,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const ended = children().find((child) => child.exitCode !== null || child.signalCode !== null);
    if (ended !== undefined) break;
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const log = await readFile(join(folder, `${name}.log`), "utf8").catch(() => "");
  throw new Error(`${name} did not become ready:\n${log.slice(-3000)}`);
}

async function isNodeReady(server: string): Promise<boolean> {
  const { status, body } = await probe(`${server}/api/v1/nodes/${NODE_NAME}`, { authorization: "Bearer admin-token" });
  if (status !== 200) return false;
  const node = JSON.parse(body) as {
    spec: { taints?: unknown[] };
    status: { conditions?: { type: string; status: string }[] };
  };
  const conditions = node.status.conditions ?? [];
  return node.spec.taints === undefined && conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function probe(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve) => {
    const fail = (): void => resolve({ status: undefined, body: "" });
    request(url, { rejectUnauthorized: false, agent: false, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.once("end", () => resolve({ status: response.statusCode, body })).once("error", fail);
    })
      .once("error", fail)
      .end();
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const hard = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(hard);
}
