/**
 * The `config` of an `oidc` auth-provider, checked.
 */
import type { Host } from "../../config/host.ts";
import { systemReason } from "../../config/host.ts";
import { parseUrl } from "../../config/server-url.ts";
import { CredentialError } from "../credential-error.ts";

/** What a refresh needs, beside the tokens. */
export interface OidcConfig {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** PEM. Default: the runtime's own roots. */
  readonly certificateAuthority: string | undefined;
}

/**
 * Checks the settings and reads the identity provider's certificate authority.
 *
 * @throws {@link CredentialError} `OidcConfigInvalid`.
 */
export function readOidcConfig(config: Readonly<Record<string, string>>, host: Host, origin: string): OidcConfig {
  const invalid = (reason: string): CredentialError =>
    new CredentialError("OidcConfigInvalid", `the oidc auth-provider of ${origin} cannot be used: ${reason}`);
  const { "idp-issuer-url": issuerText, "client-id": clientId, "client-secret": clientSecret } = config;
  if (!issuerText) throw invalid("it has no idp-issuer-url");
  if (!clientId) throw invalid("it has no client-id");
  const issuer = parseUrl(issuerText);
  if (issuer === undefined) throw invalid("idp-issuer-url is not a URL");
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(issuer.hostname);
  if (issuer.protocol !== "https:" && !(issuer.protocol === "http:" && isLocal)) {
    throw invalid("idp-issuer-url must begin with https://: the refresh token is sent there");
  }
  return {
    issuer,
    clientId,
    clientSecret: clientSecret || undefined,
    certificateAuthority: readAuthority(config, host, invalid),
  };
}

function readAuthority(
  config: Readonly<Record<string, string>>,
  host: Host,
  invalid: (reason: string) => CredentialError,
): string | undefined {
  const { "idp-certificate-authority-data": data, "idp-certificate-authority": file } = config;
  if (data) return Buffer.from(data, "base64").toString("utf8");
  if (!file) return undefined;
  try {
    return new TextDecoder().decode(host.readFile(file));
  } catch (error) {
    throw invalid(`the idp-certificate-authority ${JSON.stringify(file)} cannot be read: ${systemReason(error)}`);
  }
}
