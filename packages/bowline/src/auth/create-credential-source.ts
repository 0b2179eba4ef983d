/**
 * Chooses how a user authenticates. What wins over what is decided here and nowhere else.
 */
import type { ResolvedContext, User } from "../config/cluster.ts";
import type { Host } from "../config/host.ts";
import { nodeHost } from "../config/host.ts";
import { basic, bearer } from "./authorization.ts";
import { clientCertificatePart } from "./client-certificate-part.ts";
import { ComposedSource } from "./composed-source.ts";
import type { CredentialSource } from "./credential.ts";
import { CredentialError } from "./credential-error.ts";
import type { CredentialPart } from "./credential-part.ts";
import { fixedPart } from "./credential-part.ts";
import { checkExecConfig } from "./exec/check-exec-config.ts";
import type { ExecOptions } from "./exec/exec-options.ts";
import { LazyExecPart } from "./exec/lazy-exec-part.ts";
import { FunctionPart } from "./function-part.ts";
import { impersonationHeaders } from "./impersonation.ts";
import type { OidcOptions } from "./oidc/auth-provider-part.ts";
import { prepareAuthProvider } from "./oidc/auth-provider-part.ts";
import { tokenFilePart } from "./token-file-part.ts";

/** How credentials are obtained. */
export interface CredentialOptions {
  /** The surroundings. Default: this machine. */
  readonly host?: Host | undefined;
  /** How exec plugins are run, and which. */
  readonly exec?: ExecOptions | undefined;
  /** How OIDC tokens are refreshed. */
  readonly oidc?: OidcOptions | undefined;
}

/**
 * The credential source for a resolved context. Runs no plugin and opens no connection.
 *
 * The first of these that there is is sent in the Authorization header: user and password of the server's address, token file (with the token as fallback), token,
 * username and password, exec plugin, auth-provider. A client certificate with key is used beside any of them. A plugin runs
 * only where there is no token, username, or certificate with key.
 *
 * @throws CredentialError for a user that contradicts itself, an exec section that cannot be used, or files that cannot be read.
 */
export function createCredentialSource(context: ResolvedContext, options: CredentialOptions = {}): CredentialSource {
  const { user } = context;
  const host = options.host ?? nodeHost;
  const origin = user.name === "" ? "the user" : `user ${JSON.stringify(user.name)}`;
  const headers = user.impersonate === undefined ? {} : impersonationHeaders(user.impersonate);
  const parts: CredentialPart[] = [];
  const hasToken = Boolean(user.token) || Boolean(user.tokenFile) || user.tokenFrom !== undefined;
  const hasCertificate = user.clientCertificate !== undefined && user.clientKey !== undefined;

  if (user.exec !== undefined && user.authProvider !== undefined) {
    throw new CredentialError("CredentialsConflict", `${origin} has both an exec plugin and an auth-provider`);
  }
  // A plugin that will not run is checked all the same: a mistake does not hide behind a token.
  if (user.exec !== undefined) checkExecConfig(user.exec, options.exec, host, origin);
  const makeProviderPart =
    user.authProvider && prepareAuthProvider(context, user.authProvider, host, options.oidc, origin);
  if (hasToken && user.username) {
    throw new CredentialError("CredentialsConflict", `${origin} has both a token and a username; only one is allowed`);
  }
  if (hasCertificate && user.clientCertificate && user.clientKey) {
    parts.push(clientCertificatePart(host, user.clientCertificate, user.clientKey, origin));
  }
  const { addressLogin } = user;
  if (addressLogin) parts.push(fixedPart({ authorization: basic(addressLogin.username, addressLogin.password) }));
  const fixed = fixedAuthorization(host, user, origin);
  if (fixed !== undefined) parts.push(fixed);
  else if (user.exec !== undefined && !hasCertificate) {
    const plugin = new LazyExecPart(context.cluster, user.exec, host, options.exec ?? {});
    parts.push(addressLogin === undefined ? plugin : withoutRefresh(plugin));
  } else if (makeProviderPart !== undefined && addressLogin === undefined) parts.push(makeProviderPart());
  return new ComposedSource(parts, headers);
}

/** For a plugin whose client certificate counts, but not its token: a 401 does not speak of it. */
function withoutRefresh(part: CredentialPart): CredentialPart {
  return {
    current: (signal) => part.current(signal),
    refresh: (rejected) => rejected,
    close: () => part.close(),
  };
}

function fixedAuthorization(host: Host, user: User, origin: string): CredentialPart | undefined {
  if (user.tokenFile) return tokenFilePart(host, user.tokenFile, user.token);
  if (user.token) return fixedPart({ authorization: bearer(user.token, origin) });
  if (user.tokenFrom !== undefined) return new FunctionPart(user.tokenFrom);
  if (user.username) return fixedPart({ authorization: basic(user.username, user.password ?? "") });
  return undefined;
}
