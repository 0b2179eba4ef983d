/**
 * Cases of the suite. A client case asserts through the library's public API, on any server. A differential case is a list
 * of requests that is sent as it stands to two servers, whose answers must be the same but for what varies from run to run.
 */
import { createHash } from "node:crypto";
import type { Client, ConnectOptions, Warning } from "bowline";
import type { Scenario } from "../replay/capture.ts";

/** What the cases ask, by topic. */
export type Area =
  | "discovery"
  | "create"
  | "read"
  | "list"
  | "watch"
  | "update"
  | "patch"
  | "apply"
  | "delete"
  | "subresources"
  | "errors"
  | "selectors"
  | "auth"
  | "crd"
  | "admission"
  | "controllers"
  | "streams"
  | "client";

/** What a server must have for a case. */
export type Need =
  /** kube-controller-manager, or what stands for it. */
  | "controllers"
  /** Nodes on which Pods become ready. */
  | "nodes"
  /** Nodes that run the Pods' commands as processes. The test server's do not. */
  | "processes"
  /** A token of a user without rights. */
  | "plain user"
  /** Nobody else uses the cluster, so that cluster-wide objects can be made and whole kinds be counted. */
  | "own cluster"
  /** Its history can be cut off. */
  | "compaction"
  /** The real kubectl. */
  | "kubectl";

/** How cases connect: as anybody, to the server under test. */
export type SuiteConnectOptions = Omit<ConnectOptions, "kubeconfig" | "context" | "cluster">;

/** A server under test. */
export interface SuiteServer extends AsyncDisposable {
  /** For the report: `control plane`, `test server`, ... */
  readonly name: string;
  readonly url: string;
  /** PEM; undefined where the system's authorities vouch for it. */
  readonly certificateAuthority: string | undefined;
  /** The text of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Of the administrator, where it is known. */
  readonly adminToken: string | undefined;
  /** Of a user without rights, `plain-user` of group `devs`. */
  readonly plainToken: string | undefined;
  readonly hasControllers: boolean;
  readonly hasNodes: boolean;
  /** Whether its nodes run the Pods' commands. */
  readonly hasProcesses: boolean;
  /** Whether nobody else uses it. */
  readonly isOwn: boolean;
  /** A client of the administrator. */
  connect(options?: SuiteConnectOptions): Promise<Client>;
  /** A client of whom this token stands for. */
  connectWithToken(token: string, options?: SuiteConnectOptions): Promise<Client>;
  /** Makes it forget what was before the present state. */
  readonly compact?: (() => Promise<void>) | undefined;
  /** The real kubectl on this server; rejects where it fails. */
  readonly kubectl?: ((args: readonly string[]) => Promise<string>) | undefined;
}

/** What a client case runs with. */
export interface CaseContext {
  readonly server: SuiteServer;
  /** The administrator's, with field manager `suite` and this case's namespace as its default. */
  readonly client: Client;
  /** Of this case alone; removed afterwards. */
  readonly namespace: string;
  /** What the server has warned `client` of so far. */
  readonly warnings: readonly Warning[];
  /** Ends all that the case has begun when its time is over. */
  readonly signal: AbortSignal;
  /** Runs when the case is over, the last first. */
  readonly cleanup: (work: () => unknown) => void;
}

/** A case that asserts through the client. */
export interface ClientCase {
  readonly type: "client";
  readonly area: Area;
  readonly name: string;
  readonly needs: readonly Need[];
  readonly run: (context: CaseContext) => Promise<void>;
}

/** Requests that two servers must answer alike. */
export interface DifferentialCase {
  readonly type: "differential";
  readonly area: Area;
  readonly name: string;
  readonly scenario: Scenario;
}

export type SuiteCase = ClientCase | DifferentialCase;

/** A client case. */
export function clientCase(
  area: Area,
  name: string,
  run: (context: CaseContext) => Promise<void>,
  needs: readonly Need[] = [],
): ClientCase {
  return { type: "client", area, name, needs, run };
}

/** Whether a case runs where controllers do; all others run where nothing happens by itself. */
export function needsControllers(one: SuiteCase): boolean {
  if (one.type === "differential") return one.scenario.controllers === true;
  return (["controllers", "nodes", "processes"] as const).some((need) => one.needs.includes(need));
}

/** How a case is called everywhere: `area: name`. */
export function titleOf(one: { readonly area: Area; readonly name: string }): string {
  return `${one.area}: ${one.name}`;
}

/** A name for a namespace, the same in each run, that no other case has. */
export function namespaceFor(area: Area, name: string): string {
  const words = `${area}-${name}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 24)
    .replace(/^-+|-+$/g, "");
  return `${words}-${createHash("sha256").update(`${area}: ${name}`).digest("hex").slice(0, 6)}`;
}
