/**
 * The plugin policy of the user's kuberc, kubectl's file of preferences.
 */
import { decodeText } from "../../config/decode-text.ts";
import type { Host } from "../../config/host.ts";
import { nodeHost, pathsOf, readVariable, systemCode, systemReason } from "../../config/host.ts";
import { defaultKubeconfigPath } from "../../config/kubeconfig-files.ts";
import { CredentialError } from "../credential-error.ts";
import type { PluginPolicy } from "./plugin-policy.ts";
import { checkPluginPolicy } from "./plugin-policy.ts";

const versions = ["kubectl.config.k8s.io/v1beta1", "kubectl.config.k8s.io/v1alpha1"];

/** Where the preferences are. */
export interface KubercOptions {
  /** The only file. Default: the one that KUBERC names, else `~/.kube/kuberc`. */
  readonly path?: string | undefined;
  readonly host?: Host | undefined;
}

/**
 * `credentialPluginPolicy` and `credentialPluginAllowlist` of the first Preference in the file; `AllowAll` where there is no file,
 * or `KUBERC=off` or `KUBECTL_KUBERC=false` is set.
 *
 * @throws {@link CredentialError} `PluginPolicyInvalid` where the file that is asked for is missing, or a file cannot be read, or its
 *   policy contradicts itself: a safety setting that cannot be read is not the same as none.
 * @see https://kubernetes.io/docs/reference/kubectl/kuberc/
 * @example
 * const client = await Client.connect({ exec: { policy: await readKubercPolicy() } });
 */
export async function readKubercPolicy(options: KubercOptions = {}): Promise<PluginPolicy> {
  const host = options.host ?? nodeHost;
  const variable = readVariable(host, "KUBERC") ?? "";
  const isOff = variable === "off" || readVariable(host, "KUBECTL_KUBERC") === "false";
  const explicit = options.path ?? (variable === "" ? undefined : variable);
  if (isOff && options.path === undefined) return { type: "AllowAll" };
  const paths = pathsOf(host);
  const path = explicit ?? paths.join(paths.dirname(defaultKubeconfigPath(host)), "kuberc");
  const text = read(host, path, explicit !== undefined);
  if (text === undefined) return { type: "AllowAll" };
  const { readAllDocuments, YamlError } = await import("../../config/yaml/read-yaml.ts");
  try {
    const policy = policyOf(readAllDocuments(text), path);
    checkPluginPolicy(policy, host);
    return policy;
  } catch (error) {
    if (error instanceof YamlError) throw invalid(path, error.message);
    throw error;
  }
}

function read(host: Host, path: string, isExplicit: boolean): string | undefined {
  try {
    return decodeText(host.readFile(path));
  } catch (error) {
    if (!isExplicit && systemCode(error) === "ENOENT") return undefined;
    throw invalid(path, error instanceof RangeError ? error.message : systemReason(error));
  }
}

function policyOf(documents: readonly unknown[], path: string): PluginPolicy {
  const preference = documents.find(isPreference);
  if (preference === undefined) throw invalid(path, `it holds no Preference of ${versions.join(" or ")}`);
  const { credentialPluginPolicy: type, credentialPluginAllowlist: list } = preference;
  if (type !== undefined && type !== null && typeof type !== "string") {
    throw invalid(path, "credentialPluginPolicy is not a string");
  }
  const allowlist = list === undefined || list === null ? undefined : commandsOf(list, path);
  // Checked as a whole afterwards, contradictions included.
  return { type: type || "AllowAll", ...(allowlist && { allowlist }) } as PluginPolicy;
}

function commandsOf(list: unknown, path: string): readonly string[] {
  if (!Array.isArray(list)) throw invalid(path, "credentialPluginAllowlist is not a list");
  return list.map((entry: unknown) => {
    const { command, name } = (typeof entry === "object" && entry !== null ? entry : {}) as Record<string, unknown>;
    // `name` is what `command` was called before.
    const value = command || name || "";
    if (typeof value !== "string")
      throw invalid(path, "an entry of credentialPluginAllowlist has a command that is not a string");
    return value;
  });
}

function isPreference(document: unknown): document is Readonly<Record<string, unknown>> {
  if (typeof document !== "object" || document === null) return false;
  const { kind, apiVersion } = document as Record<string, unknown>;
  return kind === "Preference" && versions.includes(String(apiVersion));
}

function invalid(path: string, reason: string): CredentialError {
  return new CredentialError(
    "PluginPolicyInvalid",
    `the preferences in ${JSON.stringify(path)} cannot be used: ${reason}`,
  );
}
