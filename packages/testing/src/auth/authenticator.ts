/**
 * Who sent a request: bearer tokens, service account tokens and client certificates, or nobody.
 */
import type { TLSSocket } from "node:tls";
import { unauthorized } from "../registry/status-error.ts";
import type { UserInfo } from "../registry/strategy.ts";

/** A user as tokens and certificates name one. */
export interface TestUser {
  readonly user: string;
  readonly groups?: readonly string[] | undefined;
  readonly uid?: string | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Turns a token that is not in the table into a user; `undefined` for one it does not know. */
export type TokenAuthenticator = (token: string) => UserInfo | undefined;

interface TokenEntry {
  readonly user: UserInfo;
  readonly expiresAt: number;
}

export const ANONYMOUS: UserInfo = { username: "system:anonymous", groups: ["system:unauthenticated"] };
const AUTHENTICATED = "system:authenticated";

/** The users that the server knows. */
export class Authenticator {
  readonly #tokens: Map<string, TokenEntry> = new Map();
  readonly #revokedUsers: Set<string> = new Set();
  readonly #others: TokenAuthenticator[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Makes `token` one of `user`'s. After `lifetimeMs` it is refused. */
  addToken(token: string, user: TestUser, lifetimeMs: number = Number.POSITIVE_INFINITY): void {
    this.#tokens.set(token, { user: toUserInfo(user), expiresAt: this.#now().getTime() + lifetimeMs });
  }

  /** Refuses a token, or the client certificates of a user, from now on. */
  revoke(what: { readonly token: string } | { readonly certificateOf: string }): void {
    if ("token" in what) this.#tokens.delete(what.token);
    else this.#revokedUsers.add(what.certificateOf);
  }

  addAuthenticator(authenticate: TokenAuthenticator): void {
    this.#others.push(authenticate);
  }

  /** Whose token this is, with `system:authenticated` among the groups. */
  token(token: string): UserInfo | undefined {
    const entry = this.#tokens.get(token);
    if (entry !== undefined) return entry.expiresAt > this.#now().getTime() ? withAuthenticated(entry.user) : undefined;
    for (const authenticate of this.#others) {
      const user = authenticate(token);
      if (user !== undefined) return withAuthenticated(user);
    }
    return undefined;
  }

  /**
   * The user of a request, by certificate first.
   * @throws StatusError 401 for credentials that are not good; none at all is the anonymous user
   */
  authenticate(authorization: string | undefined, socket: Partial<TLSSocket>): UserInfo {
    const certificate = this.#certificate(socket);
    if (certificate !== undefined) return certificate;
    // Two blanks in a row leave no token between them, and what comes after the token is not looked at.
    const [scheme = "", token = ""] = (authorization ?? "").trim().split(" ", 2);
    if (scheme.toLowerCase() !== "bearer" || token === "") return ANONYMOUS;
    const user = this.token(token);
    if (user === undefined) throw unauthorized();
    return user;
  }

  #certificate(socket: Partial<TLSSocket>): UserInfo | undefined {
    const subject = socket.getPeerCertificate?.()?.subject as { CN?: string; O?: string | string[] } | undefined;
    if (subject === undefined) return undefined;
    const notAfter = Date.parse(socket.getPeerCertificate?.()?.valid_to ?? "");
    const isValid = socket.authorized === true && !(notAfter < this.#now().getTime());
    if (!isValid || this.#revokedUsers.has(subject.CN ?? "")) throw unauthorized();
    const groups = subject.O === undefined ? [] : typeof subject.O === "string" ? [subject.O] : subject.O;
    return withAuthenticated({ username: subject.CN ?? "", groups });
  }
}

export function toUserInfo({ user, groups = [], uid, extra }: TestUser): UserInfo {
  return { username: user, groups, uid, extra };
}

function withAuthenticated(user: UserInfo): UserInfo {
  if (user.groups.includes(AUTHENTICATED) || user.groups.includes("system:unauthenticated")) return user;
  return { ...user, groups: [...user.groups, AUTHENTICATED] };
}
