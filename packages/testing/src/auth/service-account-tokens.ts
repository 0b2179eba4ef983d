/**
 * Tokens of service accounts: JSON Web Tokens, signed by a key of the server's own, good for their audience while the account
 * and what they are bound to exist.
 */
import { generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import type { ApiObject, UserInfo } from "../registry/strategy.ts";

/** The audience and issuer of the server itself. */
export const SERVER_AUDIENCE = "https://kubernetes.default.svc";
const KEY_ID = "bowline-test-server";
const CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

/** Something that a token lives no longer than. */
export interface BoundObject {
  readonly kind: "Pod" | "Secret" | "Node";
  readonly name: string;
  readonly uid: string;
  /** Where a bound Pod runs. */
  readonly node?: { readonly name: string; readonly uid?: string | undefined } | undefined;
}

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly nbf: number;
  readonly sub: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: { readonly name: string; readonly uid: string };
    readonly [bound: string]: unknown;
  };
}

/** Finds an object of the core group. */
type Finder = (kind: string, namespace: string | undefined, name: string) => ApiObject | undefined;

/** A token that is good, and for whom. */
export interface VerifiedToken {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

/** Issues and checks tokens. */
export class ServiceAccountTokens {
  readonly #now: () => Date;
  readonly #find: Finder;
  #keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

  constructor(now: () => Date, find: Finder) {
    this.#now = now;
    this.#find = find;
  }

  /** A new token for an account. */
  issue(account: ApiObject, audiences: readonly string[], lifetimeSeconds: number, bound?: BoundObject): string {
    const seconds = Math.floor(this.#now().getTime() / 1000);
    const { name, namespace = "", uid = "" } = account.metadata;
    const claims: Claims = {
      aud: audiences,
      exp: seconds + lifetimeSeconds,
      iat: seconds,
      iss: SERVER_AUDIENCE,
      jti: crypto.randomUUID(),
      "kubernetes.io": {
        namespace,
        ...(bound === undefined ? {} : { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
        ...(bound?.node === undefined ? {} : { node: bound.node }),
        serviceaccount: { name, uid },
      },
      nbf: seconds,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const head = `${encode({ alg: "ES256", kid: KEY_ID })}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(head), { key: this.#key().privateKey, dsaEncoding: "ieee-p1363" });
    return `${head}.${signature.toString("base64url")}`;
  }

  /** Whose token this is; `undefined` for one that is not good for any of the audiences. */
  verify(token: string, audiences: readonly string[] = [SERVER_AUDIENCE]): VerifiedToken | undefined {
    const claims = this.#claims(token);
    if (claims === undefined || claims.exp * 1000 <= this.#now().getTime()) return undefined;
    const common = audiences.filter((audience) => claims.aud.includes(audience));
    if (common.length === 0) return undefined;
    const { namespace, serviceaccount, pod, secret, node } = claims["kubernetes.io"];
    if (this.#find("ServiceAccount", namespace, serviceaccount.name)?.metadata.uid !== serviceaccount.uid)
      return undefined;
    const extra: Record<string, readonly string[]> = { [CREDENTIAL_ID]: [`JTI=${claims.jti}`] };
    for (const [kind, bound] of Object.entries({ Pod: pod, Secret: secret, Node: node })) {
      // A Pod's token tells of the node, and does not depend on it.
      if (bound === undefined || (kind === "Node" && pod !== undefined)) continue;
      const { name, uid } = bound as { readonly name: string; readonly uid: string };
      if (this.#find(kind, kind === "Node" ? undefined : namespace, name)?.metadata.uid !== uid) return undefined;
      if (kind === "Pod") {
        extra["authentication.kubernetes.io/pod-name"] = [name];
        extra["authentication.kubernetes.io/pod-uid"] = [uid];
      }
    }
    if (node !== undefined) {
      const { name, uid = "" } = node as { readonly name: string; readonly uid?: string };
      extra["authentication.kubernetes.io/node-name"] = [name];
      if (uid !== "") extra["authentication.kubernetes.io/node-uid"] = [uid];
    }
    const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
    return { user: { username: claims.sub, uid: serviceaccount.uid, groups, extra }, audiences: common };
  }

  /** Whom a token of this server is for; undefined for any other token, and for one that has expired. */
  audiencesOf(token: string): readonly string[] | undefined {
    const claims = this.#claims(token);
    return claims === undefined || claims.exp * 1000 <= this.#now().getTime() ? undefined : claims.aud;
  }

  /** What `/openid/v1/jwks` answers: the keys by which others can check tokens. */
  keySet(): { readonly keys: readonly unknown[] } {
    const key = this.#key().publicKey.export({ format: "jwk" });
    return { keys: [{ use: "sig", kid: KEY_ID, alg: "ES256", ...key }] };
  }

  /** What `/.well-known/openid-configuration` answers. */
  configuration(url: string): unknown {
    return {
      issuer: SERVER_AUDIENCE,
      jwks_uri: `${url}/openid/v1/jwks`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
    };
  }

  #claims(token: string): Claims | undefined {
    const [head = "", body = "", signature = "", ...rest] = token.split(".");
    if (rest.length > 0 || signature === "" || this.#keys === undefined) return undefined;
    const key = { key: this.#keys.publicKey, dsaEncoding: "ieee-p1363" } as const;
    if (!verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))) return undefined;
    return JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Claims;
  }

  /** Made at the first token. */
  #key(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
    this.#keys ??= generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    return this.#keys;
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
