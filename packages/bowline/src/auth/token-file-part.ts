/**
 * A bearer token in a file that is replaced while the program runs, as a pod's service account token is.
 */
import type { Host } from "../config/host.ts";
import { systemReason } from "../config/host.ts";
import { bearer } from "./authorization.ts";
import { CredentialError } from "./credential-error.ts";
import type { CredentialPart } from "./credential-part.ts";
import { FilePart } from "./file-part.ts";

/**
 * How long a token that was read is used: half of the minute in which kubelet replaces it at the latest, less a margin.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.37.2/transport/token_source.go#L75-L93
 */
export const tokenFileMaxAgeMs = 50_000;

/** At both ends; what Unicode calls white space, which is one more than what JavaScript does. */
const space = /^[\s\x85]+|[\s\x85]+$/g;

/** The part for a token file. It wins over `token`, the one that stands beside it, else over what the file held at first. */
export function tokenFilePart(host: Host, path: string, token: string | undefined): CredentialPart {
  const fallback = token || tokenNow(host, path);
  return new FilePart(host, {
    maxAgeMs: tokenFileMaxAgeMs,
    read: (before) => {
      const authorization = bearer(readToken(host, path), `the file ${JSON.stringify(path)}`);
      return before?.authorization === authorization ? before : { authorization };
    },
    otherwise: (error) => {
      if (!fallback) throw error;
      return { authorization: bearer(fallback, "the user") };
    },
  });
}

function tokenNow(host: Host, path: string): string | undefined {
  try {
    return readToken(host, path);
  } catch {
    // The first request tries again, and says why.
    return undefined;
  }
}

function readToken(host: Host, path: string): string {
  const shown = JSON.stringify(path);
  let token: string;
  try {
    token = new TextDecoder().decode(host.readFile(path)).replace(space, "");
  } catch (error) {
    const message = `the token file ${shown} cannot be read: ${systemReason(error)}`;
    throw new CredentialError("TokenFileUnreadable", message, { retryable: true });
  }
  if (token !== "") return token;
  throw new CredentialError("TokenFileEmpty", `the token file ${shown} is empty`, { retryable: true });
}
