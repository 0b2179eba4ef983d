/**
 * What a client would do to authenticate, said without doing it: for `bowline credentials`, and for anybody who wonders.
 */
import type { FileOrData, ResolvedContext, User } from "../config/cluster.ts";
import type { Host } from "../config/host.ts";
import { nodeHost } from "../config/host.ts";
import { withoutUserinfo } from "../config/server-url.ts";
import { KubeError } from "../core/kube-error.ts";
import type { CredentialOptions } from "./create-credential-source.ts";
import { createCredentialSource } from "./create-credential-source.ts";
import { execInfoVariable } from "./exec/exec-info.ts";
import { isInteractive } from "./exec/interactivity.ts";
import { policyRefusal } from "./exec/plugin-policy.ts";
import type { CommandFailure } from "./exec/resolve-command.ts";
import { lookUpCommand } from "./exec/resolve-command.ts";

/** A way to authenticate. */
export type CredentialMethod =
  | "addressLogin"
  | "tokenFile"
  | "token"
  | "tokenFunction"
  | "basic"
  | "exec"
  | "oidc"
  | "clientCertificate";

/** What {@link explainCredentials} finds out. Holds no secret: not the plugin's arguments, nor the values of its variables. */
export interface CredentialExplanation {
  readonly context: string | undefined;
  readonly cluster: string;
  readonly server: string;
  readonly user: string;
  /** The kubeconfig that defined the user. */
  readonly origin: string | undefined;
  readonly namespace: string;
  /** What is used: one for the Authorization header at most, and a client certificate, or a plugin for one, beside it. None is anonymous. */
  readonly methods: readonly CredentialMethod[];
  /** What the user has too, and is not used because another one wins. */
  readonly overshadowed: readonly CredentialMethod[];
  readonly impersonates: string | undefined;
  readonly tokenFile: string | undefined;
  readonly clientCertificate: { readonly from: "data" | "file"; readonly path?: string | undefined } | undefined;
  /** The plugin, whether it is used or overshadowed. */
  readonly plugin: PluginExplanation | undefined;
  /** Why a request would fail before it is sent; a plugin that fails is not among them, since none is run. */
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

/** What would be run. */
export interface PluginExplanation {
  readonly apiVersion: string;
  /** As configured. */
  readonly command: string;
  /** The file that would be run. */
  readonly path: string | undefined;
  /** Why there is none. */
  readonly failure: CommandFailure | undefined;
  readonly argumentCount: number;
  /** Names of the variables that the kubeconfig sets, and of the one that is always set. */
  readonly variables: readonly string[];
  readonly providesClusterInfo: boolean;
  readonly interactiveMode: string;
  /** Whether it would get this terminal; `undefined` where it would not run for want of one. */
  readonly interactive: boolean | undefined;
  readonly policy: { readonly type: string; readonly allowed: boolean; readonly reason: string | undefined };
  readonly installHint: string | undefined;
}

/** Explains a resolved context. Runs no plugin, sends nothing, and reads only what making a client reads. */
export function explainCredentials(context: ResolvedContext, options: CredentialOptions = {}): CredentialExplanation {
  const host = options.host ?? nodeHost;
  const { cluster, user } = context;
  const methods = methodsOf(user);
  const present = presentMethods(user);
  return {
    context: context.context,
    cluster: cluster.name,
    // As written, an address may hold a password.
    server: withoutUserinfo(cluster.asWritten?.server ?? cluster.server.href),
    user: user.name,
    origin: user.origin,
    namespace: context.namespace,
    methods,
    overshadowed: present.filter((method) => !methods.includes(method)),
    impersonates: user.impersonate?.user,
    tokenFile: user.tokenFile,
    clientCertificate: user.clientCertificate && user.clientKey ? placeOf(user.clientCertificate) : undefined,
    plugin: explainPlugin(user, host, options),
    problems: problemsOf(context, options, methods.includes("exec"), host),
  };
}

/** In the order in which they win. */
function presentMethods(user: User): readonly CredentialMethod[] {
  const has: readonly (readonly [CredentialMethod, boolean])[] = [
    ["clientCertificate", user.clientCertificate !== undefined && user.clientKey !== undefined],
    ["addressLogin", user.addressLogin !== undefined],
    ["tokenFile", Boolean(user.tokenFile)],
    ["token", Boolean(user.token)],
    ["tokenFunction", user.tokenFrom !== undefined],
    ["basic", Boolean(user.username)],
    ["exec", user.exec !== undefined],
    ["oidc", user.authProvider?.name === "oidc"],
  ];
  return has.filter(([, isPresent]) => isPresent).map(([method]) => method);
}

function methodsOf(user: User): readonly CredentialMethod[] {
  const present = presentMethods(user);
  const hasCertificate = present.includes("clientCertificate");
  const [header, next] = present.filter(
    (method) => method !== "clientCertificate" && !(method === "exec" && hasCertificate),
  );
  // A plugin beside a login in the address may still yield a client certificate.
  const runsForCertificate = header === "addressLogin" && next === "exec";
  return [
    ...(hasCertificate ? (["clientCertificate"] as const) : []),
    ...(header ? [header] : []),
    ...(runsForCertificate ? (["exec"] as const) : []),
  ];
}

function placeOf(value: FileOrData): CredentialExplanation["clientCertificate"] {
  return "file" in value ? { from: "file", path: value.file } : { from: "data" };
}

function explainPlugin(user: User, host: Host, options: CredentialOptions): PluginExplanation | undefined {
  const { exec } = user;
  if (exec === undefined) return undefined;
  const resolved = lookUpCommand(host, exec.command);
  const policy = options.exec?.policy ?? { type: "AllowAll" };
  const reason = policyRefusal(policy, resolved, host);
  return {
    apiVersion: exec.apiVersion,
    command: exec.command,
    path: resolved.path,
    failure: resolved.failure,
    argumentCount: exec.args.length,
    variables: [...new Set([...exec.env.map(({ name }) => name), execInfoVariable])],
    providesClusterInfo: exec.provideClusterInfo,
    interactiveMode: exec.interactiveMode,
    interactive: attempt(() => isInteractive(exec, options.exec ?? {}, host)).value,
    policy: { type: policy.type, allowed: reason === undefined, reason },
    installHint: exec.installHint,
  };
}

function problemsOf(
  context: ResolvedContext,
  options: CredentialOptions,
  runsPlugin: boolean,
  host: Host,
): CredentialExplanation["problems"] {
  const { exec } = context.user;
  const made = attempt(() => createCredentialSource(context, options));
  const checks: readonly (KubeError | undefined)[] = [
    made.error,
    exec && runsPlugin ? attempt(() => isInteractive(exec, options.exec ?? {}, host)).error : undefined,
  ];
  made.value?.close();
  return checks.flatMap((error) => (error === undefined ? [] : [{ code: error.code, message: error.message }]));
}

function attempt<T>(act: () => T): { readonly value?: T; readonly error?: KubeError } {
  try {
    return { value: act() };
  } catch (error) {
    if (error instanceof KubeError) return { error };
    throw error;
  }
}
