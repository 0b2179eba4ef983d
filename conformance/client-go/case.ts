/**
 * One case: files, environment and overrides, and the requests to make with what they say. Plain data, given to client-go and to
 * this library alike.
 *
 * Any text in it may hold placeholders, which are filled in for each run: `@DIR@` the case's own folder, `@HTTPS@` and `@HTTP@`
 * the recording server's ports, `@PROXY@`, `@TLSPROXY@` and `@SOCKS@` the proxies' ports, `@CA@`, `@CERT_A@`, `@KEY_A@`, ... PEM
 * texts, and the same with `64` at the end in base64.
 */
import type { CertificateName } from "./certificates.ts";

/** A file's text, or its bytes in base64, with permissions other than 0600. */
export type CaseFile = string | { readonly base64?: string; readonly text?: string; readonly mode?: number };

/** A credential plugin that is a shell script. It writes down how it was called, then prints its output and ends. */
export interface CasePlugin {
  /** What the runs print, one after the other; the last one again and again. Default: a token `t`. */
  readonly outputs?: readonly string[];
  /** Shell commands in the place of printing; `$n` is the number of the run. */
  readonly body?: string;
  readonly exitCode?: number;
  /** Names of variables to write down. */
  readonly watch?: readonly string[];
  readonly mode?: number;
}

/** How the recording server answers. */
export interface CaseServer {
  /** Default true, as a kube-apiserver does. */
  readonly asksForCertificate?: boolean;
  /** Default: the one for 127.0.0.1, localhost and cluster.test. */
  readonly certificate?: CertificateName;
  /** The statuses of the requests in order, the last one again and again. Default 200. */
  readonly statuses?: readonly number[];
  /** Requests with these Authorization headers get a 401. */
  readonly rejects?: readonly string[];
  /** Where `/probe` is redirected to. */
  readonly redirect?: string;
  /** What the token endpoint of the identity provider at `@IDP@` answers, one after the other; the last one again and again. */
  readonly tokens?: readonly { readonly status?: number; readonly body: unknown }[];
}

export interface CaseStep {
  /** How much time passes before the requests. client-go has to wait; this library's clock is moved. */
  readonly waitMs?: number;
  readonly requests?: number;
  readonly parallel?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Files to write before the requests: absolute path to text. */
  readonly write?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

type FileOrData = { readonly file: string } | { readonly data: string };

/** As the library's own `Overrides`, all of which is JSON. */
export interface CaseOverrides {
  readonly server?: string;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly certificateAuthority?: FileOrData;
  readonly proxyUrl?: string;
  readonly disableCompression?: boolean;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly clientCertificate?: FileOrData;
  readonly clientKey?: FileOrData;
  readonly impersonate?: {
    readonly user?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly timeout?: string;
}

export interface CredentialCase {
  /** Unique: `family: what is special`. */
  readonly name: string;
  readonly files?: Readonly<Record<string, CaseFile>>;
  readonly plugins?: Readonly<Record<string, CasePlugin>>;
  /** Besides PATH (`@DIR@/bin` and the system's) and HOME (`@DIR@/home`). */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `@DIR@`. */
  readonly cwd?: string;
  /** The text of a kubeconfig, in the place of files. */
  readonly text?: string;
  /** An explicit path. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** A client for each of these contexts, which take turns; default: one. */
  readonly clients?: readonly string[];
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly overrides?: CaseOverrides;
  readonly policy?: { readonly type: string; readonly allowlist?: readonly string[] };
  /** Files of a pod's service account: `token`, `ca.crt`, `namespace`. */
  readonly pod?: Readonly<Record<string, string>>;
  readonly server?: CaseServer;
  /** Standard input is a terminal. */
  readonly terminal?: boolean;
  /** Default: one request. */
  readonly steps?: readonly CaseStep[];
}

/** What the server saw of one request. */
export interface SeenRequest {
  readonly path: string;
  readonly scheme: string;
  readonly host: string;
  readonly authorization: string | null;
  readonly acceptEncoding: string | null;
  readonly impersonation: readonly string[];
  readonly serverName: string | null;
  /** The common name of the client's certificate. */
  readonly certificate: string | null;
  /** Which connection it came on, counted from 1; 0 where requests were parallel. */
  readonly connection: number;
}

/** What a proxy saw. */
export interface SeenTunnel {
  readonly kind: "http" | "https" | "socks5";
  readonly target: string;
  readonly authorization: string | null;
}

/** What the identity provider saw. */
export interface SeenTokenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  /** The fields of the form, sorted. */
  readonly form: readonly string[];
}

/** What one run of the plugin saw. */
export interface SeenRun {
  readonly argv: readonly string[];
  readonly execInfo: string;
  readonly cwd: string;
  readonly stdin: string;
  readonly env: readonly string[];
}

/** What happened, with folders and ports put back to their placeholders. */
export interface CaseAnswer {
  /** `"config"` where it failed before any request. */
  readonly stage: string;
  readonly namespace: string;
  readonly timeoutMs: number;
  /** Each request's status, or `"error"`. */
  readonly requests: readonly string[];
  readonly seen: readonly SeenRequest[];
  readonly tunnels: readonly SeenTunnel[];
  readonly runs: readonly SeenRun[];
  /** Only where there is an identity provider. */
  readonly tokenRequests?: readonly SeenTokenRequest[];
  /** Only there: the settings of the auth-provider in the kubeconfig afterwards. */
  readonly kept?: unknown;
}

/** What a client itself can tell: the answer without what others have seen. */
export type ClientOutcome = Pick<CaseAnswer, "stage" | "namespace" | "timeoutMs" | "requests"> & {
  /** For people; not compared. */
  readonly errors: readonly string[];
};
