/**
 * Impersonation as request headers.
 */
import type { Impersonation } from "../config/cluster.ts";
import { isHeaderValue, toHeaderValue } from "./authorization.ts";
import { CredentialError } from "./credential-error.ts";

/**
 * `impersonate-user`, `-uid`, `-group` and `-extra-<key>`; keys are lower-cased and escaped where a header name cannot hold them.
 *
 * @throws {@link CredentialError} `ImpersonationInvalid` without a user, or for a value with a line break.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function impersonationHeaders(
  impersonation: Impersonation,
): Readonly<Record<string, string | readonly string[]>> {
  const { user, uid, groups, extra } = impersonation;
  if (user === "") {
    throw new CredentialError("ImpersonationInvalid", "impersonation needs a user; groups, uid and extra come with it");
  }
  const headers: Record<string, string | readonly string[]> = { "impersonate-user": headerValue(user, "user") };
  if (uid !== undefined && uid !== "") headers["impersonate-uid"] = headerValue(uid, "uid");
  if (groups !== undefined && groups.length > 0) {
    headers["impersonate-group"] = groups.map((group) => headerValue(group, "group"));
  }
  for (const [key, values] of Object.entries(extra ?? {})) {
    if (values.length === 0) continue;
    const name = `impersonate-extra-${escapeKey(key).toLowerCase()}`;
    const before = headers[name];
    const added = values.map((value) => headerValue(value, "extra"));
    headers[name] = before === undefined ? added : [...before, ...added];
  }
  return headers;
}

/** Percent-escapes, byte by byte, what is not allowed in a header name, and the percent sign itself. */
function escapeKey(key: string): string {
  let escaped = "";
  for (const byte of new TextEncoder().encode(key)) {
    const character = String.fromCharCode(byte);
    if (/[!#$&'*+\-.^_`|~0-9A-Za-z]/.test(character)) escaped += character;
    else escaped += `%${byte.toString(16).padStart(2, "0")}`;
  }
  return escaped;
}

function headerValue(value: string, what: string): string {
  if (isHeaderValue(value)) return toHeaderValue(value);
  throw new CredentialError("ImpersonationInvalid", `the impersonated ${what} holds a control character`);
}
