/**
 * An ID token that is refreshed before it ends, and kept in the kubeconfig that it came from.
 */
import { decodeText } from "../../config/decode-text.ts";
import type { Host } from "../../config/host.ts";
import { bearer } from "../authorization.ts";
import { CredentialError } from "../credential-error.ts";
import type { CredentialPart, PartState } from "../credential-part.ts";
import { idTokenExpiryMs } from "./id-token.ts";
import type { OidcConfig } from "./oidc-config.ts";
import type { IdpFetch } from "./refresh-tokens.ts";

/**
 * How long before its expiry an ID token is replaced.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.37.2/plugin/pkg/client/auth/oidc/oidc.go#L59-L64
 */
export const idTokenLeewayMs = 10_000;

/** What the part works on. */
export interface OidcPartConfig {
  readonly oidc: OidcConfig;
  readonly tokens: Tokens;
  readonly host: Host;
  /** The user's name, and the kubeconfig that has it; without one, new tokens are kept in memory. */
  readonly user: string;
  readonly origin: string | undefined;
  readonly fetch: IdpFetch | undefined;
  readonly onRefreshError: ((error: unknown) => void) | undefined;
}

interface Tokens {
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
}

/**
 * Refreshes once for all who wait. Under the lock of the kubeconfig its tokens are looked at again, since another process may have
 * used the refresh token up; new ones are written before they are used.
 */
export class OidcPart implements CredentialPart {
  readonly #config: OidcPartConfig;
  #tokens: Tokens;
  #state: PartState | undefined;
  #expiresAtMs = 0;
  #run: Promise<PartState> | undefined;

  constructor(config: OidcPartConfig) {
    this.#config = config;
    this.#tokens = config.tokens;
    const { idToken } = config.tokens;
    if (idToken !== undefined && this.#isValid(idToken)) this.#use(config.tokens);
  }

  current(): PartState | Promise<PartState> {
    const state = this.#state;
    if (state !== undefined && this.#config.host.now() + idTokenLeewayMs < this.#expiresAtMs) return state;
    return this.#refreshShared(undefined);
  }

  async refresh(rejected: PartState): Promise<PartState> {
    if (this.#state !== rejected) return this.current();
    if (this.#tokens.refreshToken === undefined) return rejected;
    try {
      return await this.#refreshShared(this.#tokens.idToken);
    } catch (error) {
      this.#config.onRefreshError?.(error);
      return rejected;
    }
  }

  close(): void {
    this.#state = undefined;
    this.#tokens = { idToken: undefined, refreshToken: undefined };
  }

  #refreshShared(rejectedToken: string | undefined): Promise<PartState> {
    this.#run ??= this.#refreshOnce(rejectedToken).finally(() => {
      this.#run = undefined;
    });
    return this.#run;
  }

  async #refreshOnce(rejectedToken: string | undefined): Promise<PartState> {
    const { origin } = this.#config;
    if (origin === undefined) return this.#use(await this.#fetchTokens(this.#tokens));
    const { withLocks } = await import("../../config/write-file.ts");
    return withLocks([origin], async () => {
      const stored = await this.#readStored(origin);
      const { idToken } = stored;
      if (idToken !== undefined && idToken !== rejectedToken && this.#isValid(idToken)) return this.#use(stored);
      const fresh = await this.#fetchTokens(stored);
      await this.#store(origin, fresh);
      return this.#use(fresh);
    });
  }

  #use(tokens: Tokens): PartState {
    const idToken = tokens.idToken ?? "";
    this.#tokens = tokens;
    const expiresAtMs = idTokenExpiryMs(idToken);
    this.#expiresAtMs = expiresAtMs ?? 0;
    this.#state = { authorization: bearer(idToken, "the oidc auth-provider"), expiresAtMs };
    return this.#state;
  }

  #isValid(idToken: string): boolean {
    return this.#config.host.now() + idTokenLeewayMs < (idTokenExpiryMs(idToken) ?? 0);
  }

  async #fetchTokens({ refreshToken }: Tokens): Promise<Tokens> {
    const { oidc, user } = this.#config;
    const subject = `the ID token of user ${JSON.stringify(user)}`;
    if (refreshToken === undefined) {
      const message = `${subject} is missing or over, and there is no refresh-token to renew it with; log in again`;
      throw new CredentialError("OidcRefreshFailed", message);
    }
    try {
      const { refreshTokens } = await import("./refresh-tokens.ts");
      const fetch = this.#config.fetch ?? (await import("./idp-fetch.ts")).idpFetch;
      const fresh = await refreshTokens(oidc, refreshToken, fetch);
      return { idToken: fresh.idToken, refreshToken: fresh.refreshToken ?? refreshToken };
    } catch (error) {
      // The library's error holds the whole answer as its cause, and that may hold tokens.
      const reason = error instanceof Error ? error.message : "unknown reason";
      const message = `${subject} could not be renewed at ${oidc.issuer.href}: ${reason}; log in again if this goes on`;
      throw new CredentialError("OidcRefreshFailed", message, { retryable: true });
    }
  }

  async #readStored(origin: string): Promise<Tokens> {
    const { readFirstDocument } = await import("../../config/yaml/read-yaml.ts");
    const document = readFirstDocument(decodeText(this.#config.host.readFile(origin))) as Stored | null;
    const entry = document?.users?.find(({ name }) => name === this.#config.user);
    const stored = entry?.user?.["auth-provider"]?.config;
    if (stored === undefined || stored === null) return this.#tokens;
    return { idToken: stored["id-token"] || undefined, refreshToken: stored["refresh-token"] || undefined };
  }

  async #store(origin: string, { idToken, refreshToken }: Tokens): Promise<void> {
    const { editYaml } = await import("../../config/yaml/edit-yaml.ts");
    const { writeKubeconfigFile } = await import("../../config/write-file.ts");
    const path = ["users", { name: this.#config.user }, "user", "auth-provider", "config"] as const;
    let text = decodeText(this.#config.host.readFile(origin));
    text = editYaml(text, [...path, "id-token"], idToken);
    text = editYaml(text, [...path, "refresh-token"], refreshToken);
    writeKubeconfigFile(origin, text);
  }
}

/** As far as it is read here: its types were checked when the kubeconfig was loaded, but another program may have written since. */
interface Stored {
  readonly users?: readonly {
    readonly name?: string;
    readonly user?: { readonly "auth-provider"?: { readonly config?: Readonly<Record<string, string>> | null } };
  }[];
}
