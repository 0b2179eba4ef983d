/**
 * The refresh grant of OpenID Connect, as much of it as kubectl asks for: the ID token is the API server's to check.
 */

import type { AuthorizationServer, ClientAuth } from "oauth4webapi";
import { allowInsecureRequests, customFetch, discoveryRequest, refreshTokenGrantRequest } from "oauth4webapi";
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
 * Finds the token endpoint and asks it for new tokens: with the client's name and secret in the header, and where that does not
 * succeed in the form, since providers differ in what they take.
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
  const server = await readMetadata(config, await discoveryRequest(config.issuer, { algorithm: "oidc", ...options }));
  const client = { client_id: config.clientId };
  const ask = async (auth: ClientAuth): Promise<TokenAnswer> =>
    readAnswer(await refreshTokenGrantRequest(server, client, auth, refreshToken, options));
  const answer = await ask(inHeader(config)).catch(() => ask(inForm(config)));
  if (typeof answer.id_token !== "string") {
    throw new Error(
      "the answer has no id_token: was the scope openid asked for at the login, and does the provider renew it?",
    );
  }
  const { refresh_token: renewed } = answer;
  return {
    idToken: answer.id_token,
    refreshToken: typeof renewed === "string" && renewed !== "" ? renewed : undefined,
  };
}

async function readMetadata({ issuer }: OidcConfig, response: Response): Promise<AuthorizationServer> {
  if (response.status !== 200) throw new Error(`its openid-configuration answers ${response.status}`);
  const { issuer: named, token_endpoint: endpoint } = await readObject(response);
  if (typeof endpoint !== "string" || endpoint === "")
    throw new Error("its openid-configuration has no token_endpoint");
  const shortened = (url: unknown): string => String(url).replace(/\/$/, "");
  if (named !== undefined && shortened(named) !== shortened(issuer.href)) {
    throw new Error("its openid-configuration is of another issuer; mend idp-issuer-url");
  }
  return { issuer: issuer.href, token_endpoint: endpoint };
}

interface TokenAnswer {
  readonly id_token?: unknown;
  readonly refresh_token?: unknown;
}

async function readAnswer(response: Response): Promise<TokenAnswer> {
  if (response.status < 200 || response.status > 299) throw new Error(await refusal(response));
  const answer = await readObject(response);
  if (typeof answer["access_token"] !== "string" || answer["access_token"] === "") {
    throw new Error("the answer has no access_token");
  }
  return answer;
}

/** The status, and the error's code where it is one of the standard's: descriptions may repeat a token. */
async function refusal(response: Response): Promise<string> {
  const { error } = await readObject(response).catch((): Readonly<Record<string, unknown>> => ({}));
  const code = typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : "";
  return `the token endpoint answers ${response.status}${code}`;
}

async function readObject(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Its message would quote the text.
  }
  throw new Error("the answer is not JSON");
}

function inHeader({ clientId, clientSecret = "" }: OidcConfig): ClientAuth {
  const login = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return (_server, _client, _body, headers) => headers.set("authorization", `Basic ${btoa(login)}`);
}

function inForm({ clientId, clientSecret }: OidcConfig): ClientAuth {
  return (_server, _client, body) => {
    body.set("client_id", clientId);
    if (clientSecret !== undefined) body.set("client_secret", clientSecret);
  };
}

function formEncoded(text: string): string {
  const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, escaped)
    .replaceAll("%20", "+");
}
