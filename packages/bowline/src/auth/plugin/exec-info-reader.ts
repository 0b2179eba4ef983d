/**
 * What a client tells a plugin in KUBERNETES_EXEC_INFO.
 */
import { PluginError } from "./plugin-error.ts";

const group = "client.authentication.k8s.io";
const versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] as const;

/** The cluster that a credential is wanted for; told only where the kubeconfig has `provideClusterInfo: true`. */
export interface ExecInfoCluster {
  readonly server: string;
  readonly "tls-server-name"?: string | undefined;
  readonly "insecure-skip-tls-verify"?: boolean | undefined;
  /** Base64 of PEM. */
  readonly "certificate-authority-data"?: string | undefined;
  readonly "proxy-url"?: string | undefined;
  readonly "disable-compression"?: boolean | undefined;
  /** The kubeconfig's `extensions[name=client.authentication.k8s.io/exec]` of the cluster. */
  readonly config?: unknown;
}

/** An ExecCredential as a plugin receives it. */
export interface ExecInfo {
  readonly kind: "ExecCredential";
  /** Answer in the same version. */
  readonly apiVersion: (typeof versions)[number];
  readonly spec: {
    /** Whether standard input is the user's terminal. */
    readonly interactive: boolean;
    readonly cluster?: ExecInfoCluster | undefined;
  };
}

/**
 * Reads and checks KUBERNETES_EXEC_INFO.
 *
 * @throws {@link PluginError} where it is unset, or is no ExecCredential of v1 or v1beta1.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
export function readExecInfo(env: Readonly<Record<string, string | undefined>> = process.env): ExecInfo {
  const text = env["KUBERNETES_EXEC_INFO"];
  if (text === undefined || text === "") {
    throw new PluginError(
      "ExecInfoMissing",
      "KUBERNETES_EXEC_INFO is unset or empty: this program is a credential plugin, to be started by kubectl or another client",
    );
  }
  const info = parseObject(text);
  const { kind, apiVersion, spec } = info;
  if (kind !== "ExecCredential") {
    throw invalid(`wanted the kind ExecCredential of ${group}, got ${shown(kind)}`);
  }
  if (!(versions as readonly unknown[]).includes(apiVersion)) {
    throw invalid(`wanted the apiVersion ${versions.join(" or ")}, got ${shown(apiVersion)}`);
  }
  const given = isRecord(spec) ? spec : {};
  const cluster = given["cluster"];
  if (cluster !== undefined && cluster !== null && !isRecord(cluster)) throw invalid("spec.cluster is not an object");
  return {
    kind,
    apiVersion: apiVersion as ExecInfo["apiVersion"],
    spec: {
      interactive: given["interactive"] === true,
      ...(isRecord(cluster) && { cluster: checkCluster(cluster) }),
    },
  };
}

function checkCluster(cluster: Readonly<Record<string, unknown>>): ExecInfoCluster {
  for (const field of ["server", "tls-server-name", "certificate-authority-data", "proxy-url"]) {
    const value = cluster[field];
    if (value !== undefined && value !== null && typeof value !== "string") {
      throw invalid(`spec.cluster.${field} is not a string`);
    }
  }
  return { ...cluster, server: typeof cluster["server"] === "string" ? cluster["server"] : "" };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("it is not JSON");
  }
  if (!isRecord(value)) throw invalid("it is not an object");
  return value;
}

function invalid(reason: string): PluginError {
  return new PluginError("ExecInfoInvalid", `KUBERNETES_EXEC_INFO cannot be used: ${reason}`);
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : "none";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
