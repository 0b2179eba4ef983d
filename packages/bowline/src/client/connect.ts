/**
 * From connect options to a client's parts: kubeconfig, credentials, transport. Each is loaded when it is first needed.
 */
import type { Impersonation, ResolvedContext } from "../config/cluster.ts";
import { ConfigError } from "../config/config-error.ts";
import type { KubeConfig } from "../config/kube-config.ts";
import { redactUser } from "../config/redact-user.ts";
import type { ClientParts } from "./client.ts";
import type { ConnectOptions } from "./connect-options.ts";
import { defaultUserAgent } from "./user-agent.ts";

/** Reads files; makes no request and runs no plugin. */
export async function connectParts(options: ConnectOptions): Promise<ClientParts> {
  const [config, { createTransport }] = await Promise.all([
    loadConfig(options.kubeconfig),
    import("../transport/connect-transport.ts"),
  ]);
  const { context, cluster, user, namespace, impersonate } = options;
  const overrides = impersonate === undefined ? options.overrides : { ...options.overrides, impersonate };
  const resolved = withImpersonation(config.resolve({ context, cluster, user, namespace, overrides }), impersonate);
  let { credentials } = options;
  if (credentials === undefined) {
    const { createCredentialSource } = await import("../auth/create-credential-source.ts");
    credentials = createCredentialSource(resolved, { exec: options.exec, oidc: options.oidc });
  } else if (impersonate !== undefined) {
    const message = "`impersonate` has no effect beside `credentials`: let that source give the Impersonate headers";
    throw ConfigError.of("OverrideNotHonoured", message);
  }
  const transport = createTransport({
    cluster: resolved.cluster,
    credentials,
    connector: options.transport,
    interceptors: options.interceptors,
    observer: options.observer,
    retry: options.retry,
  });
  const source = credentials;
  return {
    transport,
    defaultNamespace: resolved.namespace,
    defaultTimeoutMs: resolved.requestTimeoutMs === 0 ? undefined : resolved.requestTimeoutMs,
    fieldManager: options.fieldManager,
    userAgent: options.userAgent ?? defaultUserAgent(),
    onWarning: options.onWarning,
    onClose: () => source.close(),
  };
}

/** Whom the program names is meant whole: groups and extra of the kubeconfig belong to somebody else. */
function withImpersonation(context: ResolvedContext, impersonate: Impersonation | undefined): ResolvedContext {
  return impersonate === undefined ? context : { ...context, user: redactUser({ ...context.user, impersonate }) };
}

async function loadConfig(given: URL | string | KubeConfig | undefined): Promise<KubeConfig> {
  if (given !== undefined && typeof given === "object" && !(given instanceof URL)) return given;
  const { KubeConfig } = await import("../config/kube-config.ts");
  // A path has no line break and is not an object in JSON.
  const isText = typeof given === "string" && (given.includes("\n") || given.trimStart().startsWith("{"));
  return isText ? KubeConfig.parse(given) : KubeConfig.load(given);
}
