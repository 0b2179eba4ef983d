/**
 * The steps of the tour, each a few calls as a program of yours would make them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, type Existing, isConditionTrue, isConflict, isNotFound, type KindMap } from "bowline";
import type { EmbeddedCluster } from "./embedded-cluster.ts";
import type { Terminal } from "./terminal.ts";

type Pod = Existing<KindMap["v1/Pod"]>;

/** What the tour runs on. */
export interface Tour {
  readonly client: Client;
  readonly terminal: Terminal;
  /** The cluster in memory, unless the tour runs on a real one. */
  readonly embedded: EmbeddedCluster | undefined;
  readonly signal: AbortSignal;
}

const READY_WITHIN_MS = 120_000;
const NAME = "shop";

/** Runs all steps; the namespace that it makes is gone afterwards, whatever happens. */
export async function runTour(tour: Tour): Promise<void> {
  const { client, terminal, signal } = tour;
  await showIdentity(tour);
  await showNodes(tour);

  const namespaces = client.resource("v1", "Namespace");
  const { metadata } = await namespaces.create({ metadata: { generateName: "bowline-tour-" } }, { signal });
  const namespace = metadata.name;
  try {
    await applyDeployment(tour, namespace);
    await followPods(tour, namespace, 3);
    await patchAndScale(tour, namespace);
    await followPods(tour, namespace, 5);
    await readBack(tour, namespace);
    await showErrors(tour, namespace);
    await outliveTheCredential(tour);
  } finally {
    terminal.step("Clean up", `namespaces.delete("${namespace}", { wait: true })`);
    await namespaces.delete(namespace, { wait: true, timeoutMs: READY_WITHIN_MS });
    terminal.line("  the namespace and all that was in it are gone");
  }
  terminal.line(`\n${terminal.green("Done.")} The program of each step is in examples/tour/tour.ts.`);
}

async function showIdentity({ client, terminal, embedded, signal }: Tour): Promise<void> {
  terminal.step("Who am I", "client.whoami()");
  const { username, groups } = await client.whoami({ signal });
  const { gitVersion } = await client.version({ signal });
  terminal.line(`  ${username}, of ${groups.join(", ")}; the server is ${gitVersion}`);
  const first = embedded?.issued[0];
  if (first !== undefined) {
    terminal.line(
      `  the exec plugin ran once and gave a ${first.what} that expires in ${secondsUntil(first.expiresAt)} s`,
    );
  }
}

async function showNodes({ client, terminal, signal }: Tour): Promise<void> {
  terminal.step("The nodes", 'client.resource("v1", "Node").iterate()');
  const rows = [["NAME", "STATUS", "VERSION", "CPU", "MEMORY"].map((title) => terminal.dim(title))];
  for await (const node of client.resource("v1", "Node").iterate({ signal })) {
    const { nodeInfo, capacity } = node.status ?? {};
    rows.push([
      node.metadata.name,
      isConditionTrue(node, "Ready") ? terminal.green("Ready") : terminal.yellow("NotReady"),
      nodeInfo?.kubeletVersion ?? "",
      String(capacity?.["cpu"] ?? ""),
      String(capacity?.["memory"] ?? ""),
    ]);
  }
  terminal.table(rows);
}

async function applyDeployment({ client, terminal, signal }: Tour, namespace: string): Promise<void> {
  terminal.step("Apply a Deployment", 'client.apply({ apiVersion: "apps/v1", kind: "Deployment", ... })');
  const deployment = await client.apply(
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: NAME, namespace, labels: { app: NAME } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: NAME } },
        template: {
          metadata: { labels: { app: NAME } },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [{ name: "web", image: "nginx:1.29-alpine", ports: [{ containerPort: 80 }] }],
          },
        },
      },
    },
    { signal },
  );
  const managers = deployment.metadata.managedFields?.map(({ manager, operation }) => `${manager} (${operation})`);
  terminal.line(`  ${namespace}/${deployment.metadata.name} is there; its fields belong to ${managers?.join(", ")}`);
}

/** Shows the Deployment's Pods as they change, until all of them are ready. */
async function followPods({ client, terminal, signal }: Tour, namespace: string, count: number): Promise<void> {
  terminal.step("Follow its Pods", `pods.watch({ labelSelector: { app: "${NAME}" } })`);
  const pods = new Map<string, Pod>();
  const begin = performance.now();
  const events = client
    .resource("v1", "Pod", { namespace })
    .watch({ labelSelector: { app: NAME }, signal, timeoutMs: READY_WITHIN_MS });
  for await (const { type, object } of events) {
    const { name } = object.metadata;
    const before = describePod(pods.get(name));
    if (type === "DELETED") pods.delete(name);
    else pods.set(name, object);
    const after = type === "DELETED" ? "Gone" : describePod(object);
    const present = [...pods.values()].sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
    const ready = present.filter(isSettled).length;
    terminal.redraw(
      [
        ...present.map((pod) => [pod.metadata.name, paintPod(terminal, pod), pod.spec.nodeName ?? ""]),
        [terminal.dim(`${bar(ready, count)} ${ready} of ${count} ready`)],
      ],
      before === after ? undefined : `${name}: ${after}`,
    );
    if (ready === count && present.length === count) {
      terminal.line(`  ${count} Pods are ready, after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      return;
    }
  }
  throw new Error(`the Pods of ${namespace}/${NAME} were not ready within ${READY_WITHIN_MS / 1000} s`);
}

async function patchAndScale({ client, terminal, signal }: Tour, namespace: string): Promise<void> {
  const deployments = client.resource("apps/v1", "Deployment", { namespace });
  terminal.step("Patch it", `deployments.patch("${NAME}", { ... }, { type: "strategic" })`);
  const patched = await deployments.patch(
    NAME,
    { spec: { template: { spec: { containers: [{ name: "web", image: "nginx:1.30-alpine" }] } } } },
    { type: "strategic", signal },
  );
  terminal.line(`  a new image, so a rolling update begins: generation ${patched.metadata.generation}`);
  terminal.step("Scale it", `deployments.scale.patch("${NAME}", { spec: { replicas: 5 } })`);
  const scale = await deployments.scale.patch(NAME, { spec: { replicas: 5 } }, { signal });
  terminal.line(`  from ${scale.status?.replicas ?? 0} to ${scale.spec?.replicas ?? 0} replicas`);
}

async function readBack({ client, terminal, signal }: Tour, namespace: string): Promise<void> {
  terminal.step("Read it back", `deployments.wait("${NAME}", ...)`);
  const deployment = await client
    .resource("apps/v1", "Deployment", { namespace })
    .wait(
      NAME,
      ({ status, spec }) => status?.availableReplicas === spec.replicas && status?.updatedReplicas === spec.replicas,
      {
        signal,
        timeoutMs: READY_WITHIN_MS,
      },
    );
  const { strategy, template } = deployment.spec;
  terminal.line(
    `  ${deployment.status?.availableReplicas} available, image ${template.spec?.containers[0]?.image}, strategy ${strategy?.type}`,
  );
}

async function showErrors({ client, terminal, signal }: Tour, namespace: string): Promise<void> {
  const deployments = client.resource("apps/v1", "Deployment", { namespace });
  terminal.step("A conflict", `deployments.apply("${NAME}", { ... }, { fieldManager: "somebody-else" })`);
  try {
    await deployments.apply(
      NAME,
      { spec: { template: { spec: { containers: [{ name: "web", image: "httpd:2" }] } } } },
      { fieldManager: "somebody-else", signal },
    );
    throw new Error("two managers own one field");
  } catch (error) {
    if (!isConflict(error)) throw error;
    terminal.line(`  ${terminal.yellow(error.message)}`);
  }
  terminal.step("Not found", 'deployments.get("shpo")');
  try {
    await deployments.get("shpo", { signal });
    throw new Error("there is a Deployment shpo");
  } catch (error) {
    if (!isNotFound(error)) throw error;
    terminal.line(`  ${terminal.yellow(error.message)}`);
  }
}

/** Waits until the plugin's first credential has expired: the next request runs the plugin again, unseen by the program. */
async function outliveTheCredential({ client, terminal, embedded, signal }: Tour): Promise<void> {
  const first = embedded?.issued[0];
  if (embedded === undefined || first === undefined) return;
  terminal.step("When the credential expires", "client.whoami()");
  for (let left = secondsUntil(first.expiresAt); left > 0; left = secondsUntil(first.expiresAt)) {
    terminal.redraw([[`the ${first.what} expires in ${left} s`]], undefined);
    await sleep(Math.min(250, first.expiresAt.getTime() - Date.now()), undefined, { signal });
  }
  const { username } = await client.whoami({ signal });
  const last = embedded.issued.at(-1);
  terminal.redraw([[`the ${first.what} has expired`]], `the ${first.what} has expired`);
  terminal.line(
    `  the plugin ran ${embedded.issued.length === 2 ? "a second time" : `${embedded.issued.length} times`} and gave a ${last?.what}; still ${username}`,
  );
}

function describePod(pod: Pod | undefined): string | undefined {
  if (pod === undefined) return undefined;
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (isConditionTrue(pod, "Ready")) return "Ready";
  return pod.status?.phase ?? "Pending";
}

function isSettled(pod: Pod): boolean {
  return describePod(pod) === "Ready";
}

function paintPod(terminal: Terminal, pod: Pod): string {
  const text = describePod(pod) ?? "";
  return isSettled(pod) ? terminal.green(text) : text === "Terminating" ? terminal.dim(text) : terminal.yellow(text);
}

function bar(done: number, of: number): string {
  const filled = Math.round((Math.min(done, of) / of) * 20);
  return "█".repeat(filled) + "░".repeat(20 - filled);
}

function secondsUntil(time: Date): number {
  return Math.max(0, Math.ceil((time.getTime() - Date.now()) / 1000));
}
