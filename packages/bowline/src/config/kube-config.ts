/**
 * A kubeconfig: loaded from files, read from text or made in code, and resolved to what a client connects with.
 */
import { fileURLToPath } from "node:url";
import type { ExecConfig, FileOrData, Impersonation, ResolvedContext } from "./cluster.ts";
import type { ConfigProblem } from "./config-error.ts";
import type { Host } from "./host.ts";
import { nodeHost } from "./host.ts";
import { loadFiles, parseKubeconfig } from "./kubeconfig-files.ts";
import type { ClusterStanza, KubeconfigModel, UserStanza } from "./kubeconfig-stanza.ts";
import { toBase64 } from "./overrides.ts";
import { redact } from "./redaction.ts";
import type { ResolveOptions } from "./resolve-context.ts";
import { resolveContext } from "./resolve-context.ts";
import { readServerUrl, withoutUserinfo } from "./server-url.ts";
import { validateModel } from "./validate-model.ts";

/** How a kubeconfig is loaded. */
export interface LoadOptions {
  /** The surroundings. Default: this machine. */
  readonly host?: Host | undefined;
  /** Told when every listed file is missing. Default: nothing. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** How the text of a kubeconfig is read. */
export interface ParseOptions {
  /** The absolute folder that relative paths mean. Default: none; a relative plugin command is then an error. */
  readonly directory?: string | undefined;
  readonly host?: Host | undefined;
}

/** A context of the kubeconfig, by its names. */
export interface KubeContext {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string | undefined;
  /** The file that defines it; `undefined` for text and code. */
  readonly origin?: string | undefined;
}

/** A cluster and a user, said in code. */
export interface InlineConfig {
  /** With its scheme: `https://10.0.0.1:6443`. */
  readonly server: string | URL;
  /** PEM text, or the path of a file. Default: the runtime's own roots. */
  readonly certificateAuthority?: string | URL | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly tlsServerName?: string | undefined;
  readonly proxyUrl?: string | URL | undefined;
  readonly disableCompression?: boolean | undefined;
  /** The token, or what gives it: asked once, and again after a 401. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  readonly tokenFile?: string | URL | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM text, or the path of a file. */
  readonly clientCertificate?: string | URL | undefined;
  /** PEM text, or the path of a file. */
  readonly clientKey?: string | URL | undefined;
  readonly exec?: (Partial<ExecConfig> & Pick<ExecConfig, "command">) | undefined;
  readonly impersonate?: Impersonation | undefined;
  /** Default: `"default"`. */
  readonly namespace?: string | undefined;
}

/**
 * What is known about clusters, users and contexts. It never changes; {@link KubeConfig.load} again to see changed files.
 *
 * Its JSON and inspection show names only.
 */
export class KubeConfig {
  readonly #model: KubeconfigModel;
  readonly #host: Host;
  readonly #label: string;
  readonly #fallsBackToPod: boolean;
  readonly #files: readonly string[];

  private constructor(model: KubeconfigModel, host: Host, label: string, files: readonly string[] | undefined) {
    this.#model = model;
    this.#host = host;
    this.#label = label;
    this.#fallsBackToPod = files !== undefined;
    this.#files = files ?? [];
    redact(this, () => ({ currentContext: this.currentContext, contexts: this.contexts, files: this.files }));
  }

  /**
   * Reads `path`, or the files that KUBECONFIG lists, or `~/.kube/config`. Where none says anything, {@link KubeConfig.resolve}
   * gives the service account of the pod that this process runs in.
   *
   * @throws ConfigError where `path` does not exist, or a file cannot be read or is not a kubeconfig.
   * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
   */
  static async load(path?: string | URL, options: LoadOptions = {}): Promise<KubeConfig> {
    const host = options.host ?? nodeHost;
    const { model, files, missing, isExplicit } = await loadFiles(host, path && toPath(path));
    const listed = files.map((file) => JSON.stringify(file)).join(", ");
    if (!isExplicit && files.length > 0 && missing.length === files.length) {
      options.onWarning?.(`kubeconfig not found: ${missing.join(", ")}`);
    }
    return new KubeConfig(model, host, `kubeconfig ${listed}`, files);
  }

  /**
   * Reads the text or bytes of one kubeconfig. It never means the pod's service account.
   *
   * @throws ConfigError where it is not a kubeconfig.
   */
  static async parse(content: string | Uint8Array, options: ParseOptions = {}): Promise<KubeConfig> {
    const label = "the given kubeconfig";
    const model = await parseKubeconfig(content, { label, directory: options.directory });
    return new KubeConfig(model, options.host ?? nodeHost, label, undefined);
  }

  /**
   * A configuration said in code.
   *
   * @throws ConfigError for a server without a scheme.
   * @example
   * const config = KubeConfig.from({ server: "https://10.0.0.1:6443", token: "..." });
   */
  static from(inline: InlineConfig): KubeConfig {
    const server = String(inline.server);
    readServerUrl(server, "the given configuration");
    const origin = { origin: undefined, directory: undefined };
    const name = "";
    const model: KubeconfigModel = {
      currentContext: "",
      clusters: new Map([[name, { stanza: clusterStanza(inline, server), ...origin }]]),
      users: new Map([[name, { stanza: userStanza(inline), ...origin }]]),
      contexts: new Map([[name, { stanza: { namespace: inline.namespace ?? "" }, ...origin }]]),
    };
    return new KubeConfig(model, nodeHost, "the given configuration", undefined);
  }

  /** The context that is used where none is named. */
  get currentContext(): string | undefined {
    return this.#model.currentContext || undefined;
  }

  get contexts(): readonly KubeContext[] {
    return [...this.#model.contexts]
      .filter(([name]) => name !== "")
      .map(([name, { stanza, origin }]) => ({
        name,
        cluster: stanza.cluster ?? "",
        user: stanza.user ?? "",
        namespace: stanza.namespace || undefined,
        origin,
      }));
  }

  /** The files that were looked at, in order of precedence; none for text and code. */
  get files(): readonly string[] {
    return this.#files;
  }

  /** The names and server addresses of the clusters; a password in an address is left out. */
  get clusters(): readonly { readonly name: string; readonly server: string }[] {
    return [...this.#model.clusters].map(([name, { stanza }]) => ({
      name,
      server: withoutUserinfo(stanza.server ?? ""),
    }));
  }

  /** The names of the users. */
  get users(): readonly { readonly name: string }[] {
    return [...this.#model.users.keys()].map((name) => ({ name }));
  }

  /**
   * Everything that is wrong in it, in any context, user or cluster: stricter than {@link KubeConfig.resolve}, which looks at what it
   * uses alone. Empty where all is well.
   */
  problems(): readonly ConfigProblem[] {
    return validateModel(this.#host, this.#model);
  }

  /**
   * What to connect with: the context's cluster, user and namespace, with overrides applied and checked. Reads no network and
   * runs no plugin. A context that names no user is anonymous.
   *
   * @throws ConfigError with every problem of this context.
   */
  resolve(options: ResolveOptions = {}): ResolvedContext {
    const input = { host: this.#host, model: this.#model, label: this.#label, fallsBackToPod: this.#fallsBackToPod };
    return resolveContext(input, options);
  }
}

function clusterStanza(inline: InlineConfig, server: string): ClusterStanza {
  const stanza: Record<string, unknown> = {
    server,
    "tls-server-name": inline.tlsServerName ?? "",
    "insecure-skip-tls-verify": inline.insecureSkipTlsVerify === true,
    "proxy-url": inline.proxyUrl === undefined ? "" : String(inline.proxyUrl),
    "disable-compression": inline.disableCompression === true,
  };
  Object.assign(stanza, fileOrDataFields("certificate-authority", inline.certificateAuthority));
  return stanza;
}

function userStanza(inline: InlineConfig): UserStanza {
  const { token, impersonate, exec } = inline;
  const stanza: Record<string, unknown> = {
    token: typeof token === "string" ? token : "",
    tokenFile: inline.tokenFile === undefined ? "" : toPath(inline.tokenFile),
    username: inline.username ?? "",
    password: inline.password ?? "",
  };
  if (typeof token === "function") stanza["tokenFrom"] = token;
  if (exec !== undefined) {
    const { installHint, ...given } = exec;
    const usual = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "IfAvailable" };
    stanza["exec"] = { ...usual, ...given, ...(installHint !== undefined && { installHint }) };
  }
  if (impersonate !== undefined) {
    stanza["as"] = impersonate.user;
    stanza["as-uid"] = impersonate.uid ?? "";
    stanza["as-groups"] = impersonate.groups ?? [];
    stanza["as-user-extra"] = impersonate.extra ?? {};
  }
  Object.assign(stanza, fileOrDataFields("client-certificate", inline.clientCertificate));
  Object.assign(stanza, fileOrDataFields("client-key", inline.clientKey));
  return stanza;
}

function fileOrDataFields(field: string, value: string | URL | undefined): Record<string, string> {
  if (value === undefined) return {};
  const given = toFileOrData(value);
  return "data" in given ? { [`${field}-data`]: toBase64(given.data) } : { [field]: given.file };
}

/** A text that holds PEM is the data; any other is the path of a file. */
export function toFileOrData(value: string | URL): FileOrData {
  return typeof value === "string" && value.includes("-----BEGIN") ? { data: value } : { file: toPath(value) };
}

function toPath(path: string | URL): string {
  return typeof path === "string" ? path : fileURLToPath(path);
}
