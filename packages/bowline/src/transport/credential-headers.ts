/**
 * Which of a credential's headers go with a request.
 */
import type { Credential } from "../auth/credential.ts";
import type { TransportRequest } from "./transport.ts";

/** All of them, unless the caller names the user to act as: that means the whole user, and not the kubeconfig's groups. */
export function credentialHeaders(
  request: Pick<TransportRequest, "headers">,
  { headers }: Credential,
): Credential["headers"] {
  if (request.headers["impersonate-user"] === undefined) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("impersonate-")));
}
