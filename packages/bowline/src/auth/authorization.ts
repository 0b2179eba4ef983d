/**
 * Values of the Authorization header.
 */
import { CredentialError } from "./credential-error.ts";

/**
 * `Bearer <token>`.
 *
 * @param origin where the token came from, for the error.
 * @throws {@link CredentialError} `TokenInvalid` for a token that no HTTP header can carry.
 */
export function bearer(token: string, origin: string): string {
  if (!isHeaderValue(token)) {
    throw new CredentialError(
      "TokenInvalid",
      `the token of ${origin} holds a line break or another control character, which no HTTP header can carry`,
    );
  }
  return `Bearer ${toHeaderValue(token)}`;
}

/** `Basic <base64 of user:password>`. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

/** Whether an HTTP header can carry the text: no control character but the tab. */
export function isHeaderValue(text: string): boolean {
  return !/[^\P{Cc}\t\u0080-\u009f]/u.test(text);
}

/** UTF-8 goes over the wire byte by byte, which JavaScript writes as one character a byte. */
export function toHeaderValue(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
