/**
 * What a plugin printed, to a credential: an ExecCredential in JSON or YAML, read as kubectl reads it.
 */
import { decodeText } from "../../config/decode-text.ts";
import { CredentialError } from "../credential-error.ts";
import { parseTimestamp } from "./timestamp.ts";

/** The `status` of an ExecCredential, checked. */
export interface PluginCredential {
  readonly token?: string | undefined;
  /** PEM. */
  readonly clientCertificateData?: string | undefined;
  /** PEM. */
  readonly clientKeyData?: string | undefined;
  readonly expiresAtMs?: number | undefined;
}

const group = "client.authentication.k8s.io";
const knownVersions = [`${group}/v1`, `${group}/v1beta1`];

/**
 * Reads the output of the plugin `command` that is to speak `apiVersion`.
 *
 * @throws {@link CredentialError} `PluginOutputInvalid`; the message holds nothing of the output but apiVersion and kind.
 */
export async function readPluginOutput(
  bytes: Uint8Array,
  apiVersion: string,
  command: string,
): Promise<PluginCredential> {
  const invalid = (reason: string): CredentialError =>
    new CredentialError("PluginOutputInvalid", `the exec plugin ${JSON.stringify(command)} ${reason}`, { command });
  const output = await parse(bytes, invalid);
  checkVersion(output, apiVersion, invalid);
  checkSpec(field(output, "spec"), invalid);
  const status = field(output, "status");
  if (status === undefined) throw invalid("printed an ExecCredential without a status");
  if (!isRecord(status)) throw invalid("printed a status that is not an object");
  const read = (name: string): string | undefined => {
    const value = field(status, name);
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") throw invalid(`printed a status.${name} that is not a string`);
    return value;
  };
  const [token, clientCertificateData, clientKeyData] = [
    read("token"),
    read("clientCertificateData"),
    read("clientKeyData"),
  ];
  const expiresAtMs = readExpiry(field(status, "expirationTimestamp"), invalid);
  if (token === undefined && clientCertificateData === undefined && clientKeyData === undefined) {
    throw invalid("printed neither a token nor a client certificate and key");
  }
  if ((clientCertificateData === undefined) !== (clientKeyData === undefined)) {
    throw invalid("printed only one of clientCertificateData and clientKeyData; both are needed");
  }
  return { token, clientCertificateData, clientKeyData, expiresAtMs };
}

type Invalid = (reason: string) => CredentialError;

async function parse(bytes: Uint8Array, invalid: Invalid): Promise<Readonly<Record<string, unknown>>> {
  let value: unknown;
  try {
    if (isPlainJson(bytes)) {
      const { parseMergingJson } = await import("./merging-json.ts");
      value = parseMergingJson(new TextDecoder().decode(bytes));
    } else {
      const { readFirstDocument } = await import("../../config/yaml/read-yaml.ts");
      value = sortMembers(readFirstDocument(decodeText(bytes)));
    }
  } catch {
    // The reason would quote the output.
    throw invalid(
      "did not print an ExecCredential: its standard output is neither JSON nor YAML (does it print a log there?)",
    );
  }
  if (value === null) return {};
  if (!isRecord(value)) throw invalid("did not print an ExecCredential: its standard output is not an object");
  return value;
}

/** What begins with a brace is JSON and nothing else. */
function isPlainJson(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0x7b) return true;
    if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) return false;
  }
  return false;
}

function checkVersion(output: Readonly<Record<string, unknown>>, expected: string, invalid: Invalid): void {
  const kind = typeField(output, "kind", invalid);
  const version = typeField(output, "apiVersion", invalid);
  if (kind !== "" && kind !== "ExecCredential")
    throw invalid(`printed the kind ${JSON.stringify(kind)}, not ExecCredential`);
  if (version === expected) return;
  const found = version === "" ? "no apiVersion" : `the apiVersion ${JSON.stringify(version)}`;
  const advice = knownVersions.includes(version) ? "; change the apiVersion in the kubeconfig to it" : "";
  throw invalid(`printed ${found}, and the kubeconfig asks for ${expected}${advice}`);
}

/** A plugin may give back what it was told; it is not used, but wrong types in it are a sign of a wrong plugin. */
function checkSpec(spec: unknown, invalid: Invalid): void {
  if (spec === undefined) return;
  if (!isRecord(spec)) throw invalid("printed a spec that is not an object");
  const [interactive, cluster] = [field(spec, "interactive"), field(spec, "cluster")];
  if (interactive !== undefined && typeof interactive !== "boolean") {
    throw invalid("printed a spec.interactive that is not true or false");
  }
  if (cluster === undefined) return;
  if (!isRecord(cluster)) throw invalid("printed a spec.cluster that is not an object");
  for (const name of ["server", "tls-server-name", "certificate-authority-data", "proxy-url"]) {
    const value = field(cluster, name);
    if (value !== undefined && typeof value !== "string")
      throw invalid(`printed a spec.cluster.${name} that is not a string`);
  }
  const authority = field(cluster, "certificate-authority-data");
  if (typeof authority === "string" && !isBase64(authority.replace(/[\r\n]/g, ""))) {
    throw invalid("printed a spec.cluster.certificate-authority-data that is not base64");
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** YAML is turned into JSON with sorted keys before it is looked at, which decides between `kind` and `KIND`. */
function sortMembers(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `apiVersion` and `kind` alone are found whatever their case; the last one counts. */
function typeField(output: Readonly<Record<string, unknown>>, name: string, invalid: Invalid): string {
  let found = "";
  for (const [key, value] of Object.entries(output)) {
    if (key.toLowerCase() !== name.toLowerCase() || value === null) continue;
    if (typeof value !== "string") throw invalid(`printed a ${name} that is not a string`);
    found = value;
  }
  return found;
}

function readExpiry(value: unknown, invalid: Invalid): number | undefined {
  if (value === undefined) return undefined;
  const expiry = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (expiry === undefined) {
    throw invalid("printed a status.expirationTimestamp that is not RFC 3339, such as 2026-01-02T15:04:05Z");
  }
  return expiry === "never" ? undefined : expiry;
}

/** `null` is nothing. */
function field(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? (record[name] ?? undefined) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
