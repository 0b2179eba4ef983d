/**
 * When an ID token ends. Its signature is the API server's to check.
 */

/** Milliseconds since 1970; `undefined` for what is no JSON web token with an expiry. */
export function idTokenExpiryMs(token: string): number | undefined {
  const [, payload, , ...more] = token.split(".");
  if (payload === undefined || more.length > 0) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    if (typeof claims !== "object" || claims === null || !("exp" in claims)) return undefined;
    return typeof claims.exp === "number" ? Math.trunc(claims.exp) * 1000 : undefined;
  } catch {
    return undefined;
  }
}
