/**
 * Runs cases on a server, one after the other, and says of each what became of it.
 */
import { isDeepStrictEqual } from "node:util";
import { type Client, isNotFound, type Warning } from "bowline";
import { withOrderedManagedFields } from "./managed-fields-order.ts";
import { type Answer, flatSteps } from "./replay/capture.ts";
import { compare } from "./replay/compare.ts";
import { Mask } from "./replay/mask.ts";
import { RawClient } from "./replay/raw-client.ts";
import { type RunOptions, runScenario } from "./replay/scenario-run.ts";
import {
  type ClientCase,
  type DifferentialCase,
  type Need,
  namespaceFor,
  type SuiteServer,
  titleOf,
} from "./suite/case.ts";

/** What became of a case on one server. */
export type Outcome =
  | { readonly type: "passed" }
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "skipped"; readonly reason: string };

/** What a server answered to a differential case, masked, by step. */
export type MaskedAnswers = Readonly<Record<string, unknown>>;

/** The real server takes its time over watches, caches and new kinds. */
export const PATIENT: RunOptions = { pauseFactor: 1, lingerMs: 150 };
export const QUICK: RunOptions = { pauseFactor: 0.1, lingerMs: 50 };

const CASE_TIMEOUT_MS = 60_000;
const STUB_ACCOUNT = { metadata: { name: "default" }, automountServiceAccountToken: false };

/** Runs a client case in a namespace of its own. */
export async function runClientCase(one: ClientCase, server: SuiteServer): Promise<Outcome> {
  const lacking = one.needs.filter((need) => !has(server, need));
  if (lacking.length > 0) return { type: "skipped", reason: `needs ${lacking.join(" and ")}` };
  const timer = new AbortController();
  const timeout = setTimeout(
    () => timer.abort(new Error(`not done after ${CASE_TIMEOUT_MS / 1000} s`)),
    CASE_TIMEOUT_MS,
  );
  const cleanups: (() => unknown)[] = [];
  const warnings: Warning[] = [];
  const fixed = namespaceFor(one.area, one.name);
  // Where others are too, a namespace of an earlier run may still be going.
  const name = server.isOwn ? fixed : `${fixed}-${crypto.randomUUID().slice(0, 6)}`;
  try {
    const client = await server.connect({
      fieldManager: "suite",
      namespace: name,
      userAgent: "suite/1.0",
      onWarning: (warning) => warnings.push(warning),
    });
    cleanups.push(() => client.close());
    const namespace = await makeNamespace(client, name, server);
    cleanups.push(() => removeNamespace(client, namespace));
    const cleanup = (work: () => unknown): void => void cleanups.push(work);
    const { signal } = timer;
    const aborted = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    await Promise.race([one.run({ server, client, namespace, warnings, signal, cleanup }), aborted]);
    return { type: "passed" };
  } catch (error) {
    return { type: "failed", reason: describe(error) };
  } finally {
    clearTimeout(timeout);
    timer.abort(new Error("the case is over"));
    for (const work of cleanups.reverse()) await Promise.resolve(work()).catch(() => {});
  }
}

function has(server: SuiteServer, need: Need): boolean {
  switch (need) {
    case "controllers":
      return server.hasControllers;
    case "nodes":
      return server.hasNodes;
    case "processes":
      return server.hasProcesses;
    case "plain user":
      return server.plainToken !== undefined;
    case "own cluster":
      return server.isOwn;
    case "compaction":
      return server.compact !== undefined;
    case "kubectl":
      return server.kubectl !== undefined;
  }
}

/** Without controllers nobody makes the ServiceAccount that Pods need. */
async function makeNamespace(client: Client, name: string, server: SuiteServer): Promise<string> {
  const namespaces = client.resource("v1", "Namespace");
  await namespaces.create({ metadata: { name, labels: { "bowline.example.com/suite": "true" } } });
  const accounts = client.resource("v1", "ServiceAccount", { namespace: name });
  if (server.hasControllers) await accounts.wait("default", () => true, { timeoutMs: 20_000 });
  else await accounts.create(STUB_ACCOUNT);
  return name;
}

async function removeNamespace(client: Client, name: string): Promise<void> {
  try {
    await client.resource("v1", "Namespace").delete(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  const place =
    /\(?[^\s(]*conformance\/suite\/[^\s)]*/.exec(error.stack ?? "")?.[0]?.replace(/^.*conformance\//, "") ?? "";
  return `${typeof code === "string" ? `[${code}] ` : ""}${error.message} (${place})`;
}

const rawClients: WeakMap<SuiteServer, RawClient> = new WeakMap();

/** One for all cases of a server: handshakes would take most of the time. Its connections end with the server. */
function rawClientOf(server: SuiteServer): RawClient {
  let raw = rawClients.get(server);
  if (raw === undefined) {
    const { url, certificateAuthority, adminToken = "", plainToken = "" } = server;
    raw = new RawClient({ url, certificateAuthority, tokens: { admin: adminToken, plain: plainToken } });
    rawClients.set(server, raw);
  }
  return raw;
}

/** Sends a differential case's requests and masks what differs from run to run in the answers. */
export async function runDifferentialCase(
  { scenario }: DifferentialCase,
  server: SuiteServer,
  options: RunOptions,
): Promise<MaskedAnswers> {
  const raw = rawClientOf(server);
  const answers = new Map<string, Answer>();
  let stopped: string | undefined;
  try {
    await runScenario(raw, scenario, options, (step, answer) => answers.set(step.name, answer));
  } catch (error) {
    stopped = error instanceof Error ? error.message : String(error);
  }
  const mask = new Mask(scenario);
  const masked: Record<string, unknown> = {};
  for (const step of flatSteps(scenario.steps)) {
    const answer = answers.get(step.name);
    // Through JSON, so that live and recorded answers compare alike.
    if (answer !== undefined) masked[step.name] = JSON.parse(JSON.stringify(mask.answer(step, answer)));
  }
  if (stopped !== undefined) masked["stopped"] = stopped;
  return masked;
}

/** Whether two servers answered alike; else what differs first. */
export function judgeAnswers(one: DifferentialCase, wanted: MaskedAnswers, answered: MaskedAnswers): Outcome {
  const want = withOrderedManagedFields(wanted) as MaskedAnswers;
  const got = withOrderedManagedFields(answered) as MaskedAnswers;
  if (isDeepStrictEqual(want, got)) {
    if (want["stopped"] === undefined) return { type: "passed" };
    return { type: "failed", reason: `the case itself is wrong: ${String(want["stopped"])}` };
  }
  const lines: string[] = [];
  const requests = new Map([...flatSteps(one.scenario.steps)].map(({ name, request }) => [name, request]));
  for (const name of new Set([...Object.keys(want), ...Object.keys(got)])) {
    const differences = compare(want[name], got[name]).slice(0, 4);
    if (differences.length === 0) continue;
    const request = requests.get(name);
    lines.push(request === undefined ? name : `${name}: ${request.method} ${request.path}`);
    for (const difference of differences)
      lines.push(`  ${difference.path}: want ${brief(difference.want)}, got ${brief(difference.got)}`);
  }
  return { type: "failed", reason: lines.join("\n") };
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "(absent)";
  return text.length <= 240 ? text : `${text.slice(0, 240)}...`;
}

/** A title that must stand for one case only. */
export function checkTitles(cases: readonly (ClientCase | DifferentialCase)[]): void {
  const seen = new Set<string>();
  for (const one of cases) {
    const title = titleOf(one);
    if (seen.has(title)) throw new Error(`two cases are called ${JSON.stringify(title)}`);
    seen.add(title);
  }
}
