/**
 * The refresh grant of OpenID Connect.
 */

import type { AuthorizationServer, ClientAuth } from "oauth4webapi";
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  discoveryRequest,
  None,
  processDiscoveryResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
} from "oauth4webapi";
import type { OidcConfig } from "./oidc-config.ts";

/** New tokens. */
export interface RefreshedTokens {
  readonly idToken: string;
  /** Where the provider gave another one; the old one may not work any more. */
  readonly refreshToken: string | undefined;
}

/** Sends a request to the identity provider. */
export type IdpFetch = (request: Request, certificateAuthority: string | undefined) => Promise<Response>;

/**
 * Finds the token endpoint and asks it for new tokens.
 *
 * @throws Error where the provider cannot be reached, refuses, or gives no ID token; its message holds no token.
 */
export async function refreshTokens(
  config: OidcConfig,
  refreshToken: string,
  fetch: IdpFetch,
): Promise<RefreshedTokens> {
  const options = {
    [customFetch]: (url: string, init: object) =>
      fetch(new Request(url, init as RequestInit), config.certificateAuthority),
    // Plain HTTP is accepted of this machine only, see the config's check.
    [allowInsecureRequests]: config.issuer.protocol === "http:",
  };
  const found = await discoveryRequest(config.issuer, { algorithm: "oidc", ...options });
  const server = await processDiscoveryResponse(config.issuer, found);
  const client = { client_id: config.clientId };
  const answer = await refreshTokenGrantRequest(server, client, clientAuth(config, server), refreshToken, options);
  const tokens = await processRefreshTokenResponse(server, client, answer);
  if (tokens.id_token === undefined) {
    throw new Error(
      "the answer has no id_token: was the scope openid asked for at the login, and does the provider renew it?",
    );
  }
  return { idToken: tokens.id_token, refreshToken: tokens.refresh_token };
}

function clientAuth({ clientSecret }: OidcConfig, server: AuthorizationServer): ClientAuth {
  if (clientSecret === undefined) return None();
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_basic") ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret);
}
