/**
 * What a kubeconfig says, resolved for one context: the contract between config, auth, transport and client.
 */

/** The cluster that a context names, with relative paths made absolute. */
export interface Cluster {
  /** Its name in the kubeconfig; `"in-cluster"` in a pod. */
  readonly name: string;
  /** The API server, an `http:` or `https:` URL; a path is kept as prefix. */
  readonly server: URL;
  /** The server and the proxy letter by letter as they were written, which is what exec plugins are told. */
  readonly asWritten?: { readonly server: string; readonly proxyUrl?: string | undefined } | undefined;
  /** The CA bundle that the server's certificate must chain to. Default: the runtime's own roots. */
  readonly certificateAuthority?: FileOrData | undefined;
  readonly insecureSkipTlsVerify: boolean;
  /** Name sent by SNI and verified in the server's certificate. Default: the server's host. */
  readonly tlsServerName?: string | undefined;
  /** `http:`, `https:` or `socks5:`. Default: the proxy variables of the environment. */
  readonly proxyUrl?: URL | undefined;
  readonly disableCompression: boolean;
  /** `extensions[name=client.authentication.k8s.io/exec].extension`, handed to exec plugins that ask for cluster info. */
  readonly execConfig?: unknown;
}

/** PEM text, or the absolute path of a file that holds it and is read again when it changes. */
export type FileOrData = { readonly data: string } | { readonly file: string };

/** The user that a context names; each way to authenticate that is set. Which one wins is decided in `auth/`. */
export interface User {
  /** Its name in the kubeconfig; `""` for none. */
  readonly name: string;
  readonly token?: string | undefined;
  /** A function that gives the token, for configurations made in code. Asked again after a 401. */
  readonly tokenFrom?: (() => string | Promise<string>) | undefined;
  /** Absolute path; read again as it rotates. */
  readonly tokenFile?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** User and password of the server's address, which win over all else for the Authorization header. */
  readonly addressLogin?: { readonly username: string; readonly password: string } | undefined;
  readonly clientCertificate?: FileOrData | undefined;
  readonly clientKey?: FileOrData | undefined;
  readonly exec?: ExecConfig | undefined;
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, string>> } | undefined;
  readonly impersonate?: Impersonation | undefined;
  /** The kubeconfig file that defined this user, where a refreshed OIDC token is written back. */
  readonly origin?: string | undefined;
}

/** Acting as somebody else: `Impersonate-*` headers. */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** `users[].user.exec` of a kubeconfig. */
export interface ExecConfig {
  readonly apiVersion: string;
  /** As written; made absolute where it holds a path separator and came from a file. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint?: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: "Never" | "IfAvailable" | "Always" | "";
}

/** A context with its cluster and user looked up: everything that a client needs to connect. */
export interface ResolvedContext {
  /** The context's name; `undefined` in-cluster or where the config was made in code. */
  readonly context: string | undefined;
  readonly cluster: Cluster;
  readonly user: User;
  readonly namespace: string;
  /** The override's timeout for each request; 0 or absent is none. */
  readonly requestTimeoutMs?: number | undefined;
}
