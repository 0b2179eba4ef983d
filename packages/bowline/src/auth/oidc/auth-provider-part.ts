/**
 * `users[].user.auth-provider`: OIDC is refreshed here; the others are gone from Kubernetes.
 */
import type { ResolvedContext, User } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";
import type { CredentialPart } from "../credential-part.ts";
import type { OidcConfig } from "./oidc-config.ts";
import { readOidcConfig } from "./oidc-config.ts";
import { OidcPart } from "./oidc-part.ts";
import type { IdpFetch } from "./refresh-tokens.ts";

/** How OIDC tokens are refreshed. */
export interface OidcOptions {
  /**
   * Sends the requests to the identity provider, trusting `certificateAuthority` (PEM) where it is given. Default: node:https,
   * without a proxy.
   */
  readonly fetch?: IdpFetch | undefined;
  /** Told of a refresh after a 401 that failed; the request then ends with its 401. Default: nothing. */
  readonly onRefreshError?: ((error: unknown) => void) | undefined;
}

const replacements: Readonly<Record<string, string>> = {
  gcp: "install gke-gcloud-auth-plugin and run: gcloud container clusters get-credentials CLUSTER",
  azure: "install kubelogin (https://azure.github.io/kubelogin/) and run: kubelogin convert-kubeconfig",
};

/** The providers in use: all clients of one user share its tokens, since a refresh token often works only once. */
const shared = new Map<string, { readonly part: OidcPart; users: number }>();

/**
 * Checks an auth-provider, and gives what makes its part: another credential of the user may win, and then none is made.
 *
 * @throws {@link CredentialError} `AuthProviderUnsupported` for any but `oidc`, with what to use in its place, and
 *   `OidcConfigInvalid`.
 */
export function prepareAuthProvider(
  context: ResolvedContext,
  provider: NonNullable<User["authProvider"]>,
  host: Host,
  options: OidcOptions | undefined,
  origin: string,
): () => CredentialPart {
  if (provider.name !== "oidc") {
    const advice = replacements[provider.name] ?? "use an exec plugin";
    throw new CredentialError(
      "AuthProviderUnsupported",
      `the auth-provider ${JSON.stringify(provider.name)} of ${origin} is not supported by Kubernetes any more: ${advice}`,
    );
  }
  const oidc = readOidcConfig(provider.config, host, origin);
  return () => leaseOidcPart(context, provider.config, oidc, host, options);
}

function leaseOidcPart(
  { user, cluster }: ResolvedContext,
  config: Readonly<Record<string, string>>,
  oidc: OidcConfig,
  host: Host,
  options: OidcOptions | undefined,
): CredentialPart {
  const key = JSON.stringify([cluster.server.href, oidc.issuer.href, oidc.clientId, user.origin ?? null, user.name]);
  const isShareable = user.origin !== undefined;
  const entry = (isShareable ? shared.get(key) : undefined) ?? {
    part: new OidcPart({
      oidc,
      tokens: {
        idToken: config["id-token"] || undefined,
        refreshToken: config["refresh-token"] || undefined,
      },
      host,
      user: user.name,
      origin: user.origin,
      fetch: options?.fetch,
      onRefreshError: options?.onRefreshError,
    }),
    users: 0,
  };
  if (isShareable) shared.set(key, entry);
  entry.users += 1;
  return leased(entry, () => shared.delete(key));
}

/** The last one to close it forgets the tokens. */
function leased(entry: { readonly part: OidcPart; users: number }, forget: () => void): CredentialPart {
  let isClosed = false;
  return {
    current: () => entry.part.current(),
    refresh: (rejected) => entry.part.refresh(rejected),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      entry.users -= 1;
      if (entry.users > 0) return;
      forget();
      entry.part.close();
    },
  };
}
