/**
 * A value read from YAML to a kubeconfig model: every known field has its type, every problem is reported at once.
 */

import type { ConfigProblem } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";
import type { ClusterStanza, ContextStanza, Entry, KubeconfigModel, UserStanza } from "./kubeconfig-stanza.ts";
import { emptyModel } from "./kubeconfig-stanza.ts";

/** Where a kubeconfig came from. */
export interface KubeconfigSource {
  /** How messages call it: `kubeconfig "/home/a/.kube/config"`. */
  readonly label: string;
  readonly origin?: string | undefined;
  readonly directory?: string | undefined;
}

/**
 * The model of one document.
 *
 * @throws {@link ConfigError} with all problems; it names fields by their path and prints no value but apiVersion and kind.
 */
export function decodeKubeconfig(document: unknown, source: KubeconfigSource): KubeconfigModel {
  if (document === null || document === undefined) return emptyModel;
  if (!isRecord(document)) {
    throw ConfigError.of(
      "KubeconfigInvalid",
      `${source.label} is not a kubeconfig: it must be a mapping with clusters, users and contexts, and is ${nameOf(document)}`,
    );
  }
  const decoder = new Decoder(source.label);
  decoder.checkKind(document);
  const config = decoder.decode(document, configShape, "") as DecodedConfig;
  const model: KubeconfigModel = {
    currentContext: config["current-context"] ?? "",
    clusters: decoder.byName(config.clusters, "clusters", ({ cluster }) => entry(cluster ?? {}, source)),
    users: decoder.byName(config.users, "users", ({ user }) => entry(user ?? {}, source)),
    contexts: decoder.byName(config.contexts, "contexts", ({ context }) => entry(context ?? {}, source)),
  };
  ConfigError.throwIfAny(decoder.problems);
  return model;
}

interface DecodedConfig {
  readonly "current-context"?: string;
  readonly clusters?: readonly { readonly name?: string; readonly cluster?: ClusterStanza }[];
  readonly users?: readonly { readonly name?: string; readonly user?: UserStanza }[];
  readonly contexts?: readonly { readonly name?: string; readonly context?: ContextStanza }[];
}

function entry<T>(stanza: T, { origin, directory }: KubeconfigSource): Entry<T> {
  return { stanza, origin, directory };
}

type Shape =
  | { readonly type: "string" | "boolean" | "base64" | "any" }
  | { readonly type: "list"; readonly item: Shape; readonly isNamed?: boolean }
  | { readonly type: "map"; readonly value: Shape }
  | { readonly type: "object"; readonly fields: Readonly<Record<string, Shape>> };

const string: Shape = { type: "string" };
const boolean: Shape = { type: "boolean" };
const base64: Shape = { type: "base64" };
const any: Shape = { type: "any" };
const list = (item: Shape): Shape => ({ type: "list", item });
const named = (item: Shape): Shape => ({ type: "list", item, isNamed: true });
const map = (value: Shape): Shape => ({ type: "map", value });
const object = (fields: Readonly<Record<string, Shape>>): Shape => ({ type: "object", fields });

const extensions: Shape = named(object({ name: string, extension: any }));

const clusterShape: Shape = object({
  server: string,
  "tls-server-name": string,
  "insecure-skip-tls-verify": boolean,
  "certificate-authority": string,
  "certificate-authority-data": base64,
  "proxy-url": string,
  "disable-compression": boolean,
  extensions,
});

const userShape: Shape = object({
  "client-certificate": string,
  "client-certificate-data": base64,
  "client-key": string,
  "client-key-data": base64,
  token: string,
  tokenFile: string,
  as: string,
  "as-uid": string,
  "as-groups": list(string),
  "as-user-extra": map(list(string)),
  username: string,
  password: string,
  "auth-provider": object({ name: string, config: map(string) }),
  exec: object({
    command: string,
    args: list(string),
    env: list(object({ name: string, value: string })),
    apiVersion: string,
    installHint: string,
    provideClusterInfo: boolean,
    interactiveMode: string,
  }),
  extensions,
});

const configShape: Shape = object({
  preferences: object({ colors: boolean, extensions }),
  clusters: list(object({ name: string, cluster: clusterShape })),
  users: list(object({ name: string, user: userShape })),
  contexts: list(
    object({ name: string, context: object({ cluster: string, user: string, namespace: string, extensions }) }),
  ),
  "current-context": string,
  extensions,
});

class Decoder {
  readonly problems: ConfigProblem[] = [];
  private readonly label: string;

  constructor(label: string) {
    this.label = label;
  }

  /** `apiVersion: v1`, `kind: Config`, or nothing; their names alone are compared without case. */
  checkKind(document: Readonly<Record<string, unknown>>): void {
    for (const [field, expected] of [
      ["apiVersion", "v1"],
      ["kind", "Config"],
    ] as const) {
      const value = lastIgnoringCase(document, field);
      if (value === undefined || value === null || value === "") continue;
      if (typeof value !== "string") this.report(`${field} must be a string, and is ${nameOf(value)}`);
      else if (value !== expected) this.report(`${field} must be "${expected}", and is ${JSON.stringify(value)}`);
    }
  }

  /** `null` is the same as nothing, as everywhere in Kubernetes; unknown fields stay. */
  decode(value: unknown, shape: Shape, path: string): unknown {
    switch (shape.type) {
      case "any":
        return value;
      case "string":
        return value === null ? "" : this.expect(typeof value === "string", value, path, "a string");
      case "boolean":
        return value === null ? false : this.expect(typeof value === "boolean", value, path, "true or false");
      case "base64":
        if (isByteList(value)) return Buffer.from(value.map((byte) => byte ?? 0)).toString("base64");
        if (typeof value !== "string") return this.expect(false, value, path, "a string");
        return this.expect(isBase64(value), value, path, "base64");
      case "list":
        return this.decodeList(value, shape.item, shape.isNamed === true, path);
      case "map":
      case "object":
        if (value === null) return {};
        if (!isRecord(value)) return this.expect(false, value, path, "a mapping");
        return this.decodeFields(value, shape, path);
    }
  }

  private decodeList(value: unknown, item: Shape, isNamed: boolean, path: string): unknown {
    if (!Array.isArray(value)) return this.expect(false, value, path, "a list");
    const items = value.map((each, index) => this.decode(each, item, `${path}[${index}]`));
    if (isNamed) this.checkExtensions(items, path);
    return items;
  }

  private decodeFields(
    value: Readonly<Record<string, unknown>>,
    shape: Shape & { readonly type: "map" | "object" },
    path: string,
  ): unknown {
    const decoded: [string, unknown][] = [];
    for (const [key, field] of Object.entries(value)) {
      const fieldShape =
        shape.type === "map" ? shape.value : Object.hasOwn(shape.fields, key) ? shape.fields[key] : any;
      if (fieldShape === undefined || (field === null && shape.type === "object")) continue;
      if (field === null && fieldShape.type === "list") decoded.push([key, []]);
      else decoded.push([key, this.decode(field, fieldShape, path === "" ? key : `${path}.${key}`)]);
    }
    return Object.fromEntries(decoded);
  }

  /** A name may come again after one whose extension says nothing. */
  private checkExtensions(items: readonly unknown[], path: string): void {
    const saying = items.filter((item, index) => {
      const isLast = index === items.length - 1;
      return isRecord(item) && (isLast || (item["extension"] ?? null) !== null);
    });
    this.byName(saying as readonly { readonly name?: string }[], path, () => true);
  }

  /** A list with names as a map; a name that is there twice is a problem. */
  byName<T extends { readonly name?: string }, R>(
    items: readonly T[] | undefined,
    path: string,
    take: (item: T) => R,
  ): ReadonlyMap<string, R> {
    const entries = new Map<string, R>();
    // A list of the wrong type has been reported and is no list.
    if (!Array.isArray(items)) return entries;
    for (const [index, item] of (items as readonly T[]).entries()) {
      const name: unknown = isRecord(item) ? (item["name"] ?? "") : undefined;
      // What has no name has been reported.
      if (typeof name !== "string") continue;
      if (entries.has(name)) this.report(`${path}[${index}] has the name ${JSON.stringify(name)} of an earlier entry`);
      else entries.set(name, take(item));
    }
    return entries;
  }

  private expect(isRight: boolean, value: unknown, path: string, expected: string): unknown {
    if (isRight) return value;
    this.report(`${path} must be ${expected}${typeof value === "string" ? "" : `, and is ${nameOf(value)}`}`);
    return undefined;
  }

  private report(message: string): void {
    this.problems.push({ code: "KubeconfigInvalid", message: `${this.label}: ${message}` });
  }
}

function lastIgnoringCase(document: Readonly<Record<string, unknown>>, field: string): unknown {
  let found: unknown;
  for (const key of Object.keys(document).sort()) {
    if (key.toLowerCase() === field.toLowerCase() && document[key] !== null) found = document[key];
  }
  return found;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Bytes may also be written as a list of numbers. */
function isByteList(value: unknown): value is readonly (number | null)[] {
  return (
    Array.isArray(value) && value.every((byte) => byte === null || (Number.isInteger(byte) && byte >= 0 && byte <= 255))
  );
}

function isBase64(value: string): boolean {
  const plain = value.replace(/[\r\n]/g, "");
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "bigint") return "a number";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}
