/**
 * The entries of a kubeconfig in its own words, and the loaded model: names to entries, each with the file it came from.
 */

/** `clusters[].cluster`. Unknown fields are kept. */
export interface ClusterStanza {
  readonly server?: string;
  readonly "tls-server-name"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "certificate-authority"?: string;
  /** Base64 of PEM. */
  readonly "certificate-authority-data"?: string;
  readonly "proxy-url"?: string;
  readonly "disable-compression"?: boolean;
  readonly extensions?: readonly ExtensionStanza[];
  readonly [unknown: string]: unknown;
}

/** `users[].user`. Unknown fields are kept. */
export interface UserStanza {
  readonly "client-certificate"?: string;
  /** Base64 of PEM. */
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  /** Base64 of PEM. */
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
  readonly "as-user-extra"?: Readonly<Record<string, readonly string[]>>;
  readonly username?: string;
  readonly password?: string;
  readonly "auth-provider"?: { readonly name?: string; readonly config?: Readonly<Record<string, string>> };
  readonly exec?: ExecStanza;
  readonly extensions?: readonly ExtensionStanza[];
  readonly [unknown: string]: unknown;
}

/** `users[].user.exec`. */
export interface ExecStanza {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name?: string; readonly value?: string }[];
  readonly apiVersion?: string;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: string;
  readonly [unknown: string]: unknown;
}

/** `contexts[].context`. Unknown fields are kept. */
export interface ContextStanza {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly extensions?: readonly ExtensionStanza[];
  readonly [unknown: string]: unknown;
}

/** An item of any `extensions`. */
export interface ExtensionStanza {
  readonly name?: string;
  readonly extension?: unknown;
}

/** An entry and where it came from. */
export interface Entry<T> {
  readonly stanza: T;
  /** The file that defined it, as it was named; `undefined` for text and code. */
  readonly origin?: string | undefined;
  /** The absolute folder that its relative paths mean; `undefined` for text and code. */
  readonly directory?: string | undefined;
}

/** One file, or the merge of several. */
export interface KubeconfigModel {
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, Entry<ClusterStanza>>;
  readonly users: ReadonlyMap<string, Entry<UserStanza>>;
  readonly contexts: ReadonlyMap<string, Entry<ContextStanza>>;
}

/** A kubeconfig that says nothing. */
export const emptyModel: KubeconfigModel = {
  currentContext: "",
  clusters: new Map(),
  users: new Map(),
  contexts: new Map(),
};

/**
 * Several files as one: of entries with the same name the first wins whole, and so does the first current context.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export function mergeModels(models: readonly KubeconfigModel[]): KubeconfigModel {
  return {
    currentContext: models.find((model) => model.currentContext !== "")?.currentContext ?? "",
    clusters: firstWins(models.map((model) => model.clusters)),
    users: firstWins(models.map((model) => model.users)),
    contexts: firstWins(models.map((model) => model.contexts)),
  };
}

function firstWins<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const merged = new Map<string, T>();
  for (const map of maps) for (const [name, entry] of map) if (!merged.has(name)) merged.set(name, entry);
  return merged;
}
