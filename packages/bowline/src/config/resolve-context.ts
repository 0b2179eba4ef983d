/**
 * From a loaded kubeconfig to the one cluster, user and namespace that a client is to use.
 */

import { absoluteCluster, absoluteUser } from "./absolute-paths.ts";
import type { Cluster, ExecConfig, FileOrData, Impersonation, ResolvedContext, User } from "./cluster.ts";
import type { ConfigProblem } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";
import type { Host } from "./host.ts";
import { rebasePath, systemReason } from "./host.ts";
import { inClusterNamespace, isInCluster, resolveInCluster } from "./in-cluster.ts";
import { cleanInstallHint } from "./install-hint.ts";
import type {
  ClusterStanza,
  ContextStanza,
  Entry,
  ExecStanza,
  KubeconfigModel,
  UserStanza,
} from "./kubeconfig-stanza.ts";
import type { Overrides } from "./overrides.ts";
import { bringCredential, overrideCluster, overrideUser, touchCluster } from "./overrides.ts";
import { authoritiesOf } from "./pem.ts";
import { redactCluster } from "./redact-cluster.ts";
import { redactUser } from "./redact-user.ts";
import { parseRequestTimeoutMs } from "./request-timeout.ts";
import { readProxyUrl, readServerUrl, writtenProxyUrl } from "./server-url.ts";
import { interactiveModeOf, validateCluster, validateUser } from "./validate-stanza.ts";

/** Which context, and what is to be different in it. */
export interface ResolveOptions {
  /** Default: the current context. */
  readonly context?: string | undefined;
  /** Another cluster than the context's. */
  readonly cluster?: string | undefined;
  /** Another user than the context's. */
  readonly user?: string | undefined;
  /** Another namespace than the context's. */
  readonly namespace?: string | undefined;
  readonly overrides?: Overrides | undefined;
}

/** What is resolved, and how to speak of it. */
export interface ResolveInput {
  readonly host: Host;
  readonly model: KubeconfigModel;
  /** How messages call the configuration: `kubeconfig "/home/a/.kube/config"`. */
  readonly label: string;
  /** Whether a configuration that says nothing means the pod's service account. */
  readonly fallsBackToPod: boolean;
}

const execExtension = "client.authentication.k8s.io/exec";

/**
 * Looks up the context, applies the overrides and checks the result. A configuration that says nothing is the pod's.
 *
 * @throws {@link ConfigError} with every problem of the cluster and user in question; other entries are not looked at.
 */
export function resolveContext(input: ResolveInput, options: ResolveOptions): ResolvedContext {
  const { host, model, label } = input;
  const overrides = options.overrides ?? {};
  const contextName = options.context || model.currentContext;
  const context = findContext(input, contextName, options);
  const clusterName = options.cluster || context.cluster || "";
  const userName = options.user || context.user || "";
  const clusterEntry = model.clusters.get(clusterName);
  const userEntry = model.users.get(userName);
  const problems: ConfigProblem[] = [];

  if (clusterEntry === undefined && clusterName !== "" && (options.cluster || !overrides.server)) {
    problems.push({ code: "ClusterNotFound", message: notFound("cluster", clusterName, label, model.clusters) });
  }
  if (userEntry === undefined && userName !== "" && (options.user || !bringCredential(overrides))) {
    problems.push({ code: "UserNotFound", message: notFound("user", userName, label, model.users) });
  }
  ConfigError.throwIfAny(problems);

  const user = overrideUser(absoluteUser(host, userEntry), overrides);
  problems.push(...validateUser(host, userName, user));
  if (isSilent(clusterEntry) && !touchCluster(overrides)) {
    if (problems.length === 0 && input.fallsBackToPod && isInCluster(host)) {
      return withTimeout(resolveInCluster(host, overrides, options.namespace || undefined), overrides);
    }
    problems.push(emptyProblem(input, contextName));
    throw orderedError(problems);
  }
  const cluster = overrideCluster(absoluteCluster(host, clusterEntry), overrides);
  problems.push(...validateCluster(host, clusterName, cluster));
  ConfigError.throwIfAny(problems);
  const origin = userEntry?.origin && rebasePath(host, host.cwd(), userEntry.origin);
  const resolved = resolve(host, { clusterName, cluster, userName, user, origin });
  return withTimeout(
    {
      context: contextName === "" ? undefined : contextName,
      ...resolved,
      namespace: namespaceOf(input, context, options),
    },
    overrides,
  );
}

function findContext(input: ResolveInput, name: string, options: ResolveOptions): ContextStanza {
  const entry = input.model.contexts.get(name);
  if (entry !== undefined) return entry.stanza;
  if (name === "") return {};
  const what = options.context ? "" : "current-context: ";
  throw ConfigError.of("ContextNotFound", what + notFound("context", name, input.label, input.model.contexts));
}

/** Nothing at all about a cluster; one from a file is at least an entry without a server. */
function isSilent(entry: Entry<ClusterStanza> | undefined): boolean {
  if (entry === undefined) return true;
  if (entry.origin !== undefined) return false;
  const { extensions, ...fields } = entry.stanza;
  return Object.values(fields).every((value) => !value) && !extensions?.length;
}

function emptyProblem({ model, label, fallsBackToPod }: ResolveInput, contextName: string): ConfigProblem {
  const advice = fallsBackToPod ? "; set KUBECONFIG, or run in a pod with a service account" : "";
  if (contextName !== "") {
    const message = `context ${JSON.stringify(contextName)} of ${label} names no cluster with a server`;
    return { code: "KubeconfigEmpty", message };
  }
  if (model.contexts.size > 0) {
    const message = `${label} has no current-context; choose one of ${listNames(model.contexts)}`;
    return { code: "KubeconfigEmpty", message };
  }
  return { code: "KubeconfigEmpty", message: `there is no configuration: ${label} is missing or empty${advice}` };
}

function orderedError(problems: readonly ConfigProblem[]): Error {
  const [first, ...others] = problems;
  return first === undefined ? new TypeError("no problem") : new ConfigError([first, ...others]);
}

interface Chosen {
  readonly clusterName: string;
  readonly cluster: ClusterStanza;
  readonly userName: string;
  readonly user: UserStanza;
  readonly origin: string | undefined;
}

function resolve(host: Host, chosen: Chosen): { readonly cluster: Cluster; readonly user: User } {
  const { clusterName, cluster, userName, user, origin } = chosen;
  const server = readServerUrl(cluster.server ?? "", `cluster ${JSON.stringify(clusterName)}`);
  const proxy = cluster["proxy-url"] ? readProxyUrl(cluster["proxy-url"], clusterName) : undefined;
  const isSecure = server.url.protocol === "https:";
  const certificateAuthority = fileOrData(cluster["certificate-authority"], cluster["certificate-authority-data"]);
  const isInsecure = cluster["insecure-skip-tls-verify"] === true;
  if (isSecure && isInsecure && certificateAuthority !== undefined) {
    throw ConfigError.of(
      "KubeconfigInvalid",
      `cluster ${JSON.stringify(clusterName)} has both a certificate authority and insecure-skip-tls-verify; remove one`,
    );
  }
  if (isSecure) checkCertificateAuthority(host, certificateAuthority, clusterName);
  const extension = cluster.extensions?.findLast(({ name }) => name === execExtension);
  const { userinfo } = server;
  const secureUser = isSecure ? readUser(host, userName, user) : { name: userName };
  const impersonate = impersonationOf(user);
  return {
    cluster: redactCluster({
      name: clusterName,
      server: server.url,
      asWritten: { server: server.text, proxyUrl: proxy && writtenProxyUrl(cluster["proxy-url"] ?? "") },
      // Over plain HTTP nothing that protects or authenticates is used: it would be readable on the way.
      certificateAuthority: isSecure ? certificateAuthority : undefined,
      insecureSkipTlsVerify: isSecure && isInsecure,
      tlsServerName: (isSecure && cluster["tls-server-name"]) || undefined,
      proxyUrl: proxy instanceof URL ? proxy : undefined,
      disableCompression: cluster["disable-compression"] === true,
      ...(extension === undefined ? {} : { execConfig: extension.extension ?? null }),
    }),
    user: redactUser({
      ...secureUser,
      ...(userinfo && { addressLogin: userinfo }),
      impersonate,
      origin,
    }),
  };
}

function readUser(host: Host, name: string, user: UserStanza): User {
  if (user.tokenFile && !user.token) checkTokenFile(host, user.tokenFile, name);
  const clientCertificate = fileOrData(user["client-certificate"], user["client-certificate-data"]);
  const clientKey = fileOrData(user["client-key"], user["client-key-data"]);
  const provider = user["auth-provider"];
  return {
    name,
    token: user.token || undefined,
    tokenFrom: typeof user["tokenFrom"] === "function" ? (user["tokenFrom"] as () => Promise<string>) : undefined,
    tokenFile: user.tokenFile || undefined,
    username: user.username || undefined,
    password: user.password || undefined,
    clientCertificate,
    // A key without a certificate proves nothing.
    clientKey: clientCertificate && clientKey,
    exec: user.exec && execConfigOf(user.exec),
    authProvider: provider && { name: provider.name ?? "", config: provider.config ?? {} },
  };
}

function execConfigOf(exec: ExecStanza): ExecConfig {
  const hint = exec.installHint;
  return {
    apiVersion: exec.apiVersion ?? "",
    command: exec.command ?? "",
    args: exec.args ?? [],
    env: (exec.env ?? []).map(({ name, value }) => ({ name: name ?? "", value: value ?? "" })),
    installHint: hint ? cleanInstallHint(hint) : undefined,
    provideClusterInfo: exec.provideClusterInfo === true,
    interactiveMode: interactiveModeOf(exec) as ExecConfig["interactiveMode"],
  };
}

function impersonationOf(user: UserStanza): Impersonation | undefined {
  if (!user.as) return undefined;
  return { user: user.as, uid: user["as-uid"] || undefined, groups: user["as-groups"], extra: user["as-user-extra"] };
}

function namespaceOf({ host, fallsBackToPod }: ResolveInput, context: ContextStanza, options: ResolveOptions): string {
  const named = options.namespace || context.namespace;
  if (named) return named;
  // In a pod a kubeconfig that names no namespace means the pod's.
  return fallsBackToPod && isInCluster(host) ? inClusterNamespace(host) : "default";
}

function withTimeout(context: ResolvedContext, { timeout }: Overrides): ResolvedContext {
  return timeout ? { ...context, requestTimeoutMs: parseRequestTimeoutMs(timeout) } : context;
}

/** Before a plugin is run for a server that cannot be verified. An empty file, which trusts nobody, is left to the handshake. */
function checkCertificateAuthority(host: Host, authority: FileOrData | undefined, cluster: string): void {
  if (authority === undefined) return;
  let text: string;
  try {
    text = "data" in authority ? authority.data : Buffer.from(host.readFile(authority.file)).toString("utf8");
  } catch (error) {
    throw ConfigError.of(
      "FileUnreadable",
      `the certificate-authority of cluster ${JSON.stringify(cluster)} cannot be read: ${systemReason(error)}`,
    );
  }
  if (text === "" || authoritiesOf(text) !== "") return;
  throw ConfigError.of(
    "KubeconfigInvalid",
    `the certificate-authority of cluster ${JSON.stringify(cluster)} holds no PEM certificate`,
  );
}

function checkTokenFile(host: Host, path: string, user: string): void {
  try {
    host.readFile(path);
  } catch (error) {
    throw ConfigError.of(
      "FileUnreadable",
      `user ${JSON.stringify(user)} names the tokenFile ${JSON.stringify(path)}, which cannot be read: ${systemReason(error)}`,
    );
  }
}

function fileOrData(file: string | undefined, data: string | undefined): FileOrData | undefined {
  if (data) return { data: Buffer.from(data, "base64").toString("utf8") };
  return file ? { file } : undefined;
}

function notFound(what: string, name: string, label: string, known: ReadonlyMap<string, unknown>): string {
  const choices = known.size === 0 ? "it has none" : `it has ${listNames(known)}`;
  return `there is no ${what} ${JSON.stringify(name)} in ${label}; ${choices}`;
}

function listNames(known: ReadonlyMap<string, unknown>): string {
  const names = [...known.keys()].map((name) => JSON.stringify(name));
  return names.length > 10 ? `${names.slice(0, 10).join(", ")} and ${names.length - 10} more` : names.join(", ");
}
