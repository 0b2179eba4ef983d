/**
 * A bearer token in a file that is replaced while the program runs, as a pod's service account token is.
 */
import type { Host } from "../config/host.ts";
import { systemReason } from "../config/host.ts";
import { bearer } from "./authorization.ts";
import { CredentialError } from "./credential-error.ts";
import type { CredentialPart, PartState } from "./credential-part.ts";

/**
 * How long a token that was read is used: half of the minute in which kubelet replaces it at the latest, less a margin.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.37.2/transport/token_source.go#L75-L93
 */
export const tokenFileMaxAgeMs = 50_000;

/** At both ends; what Unicode calls white space, which is one more than what JavaScript does. */
const space = /^[\s\x85]+|[\s\x85]+$/g;

/**
 * Reads the file when it is asked and the last reading is older than 50 seconds, and after a 401.
 *
 * The file wins over `fallback`, the token that stands beside it, else what the file held at first. Once a token has been read, a file that cannot be read any
 * more leaves it in use.
 */
export class TokenFilePart implements CredentialPart {
  readonly #host: Host;
  readonly #path: string;
  readonly #fallback: string | undefined;
  #state: PartState | undefined;
  #readAtMs = 0;

  constructor(host: Host, path: string, fallback: string | undefined) {
    this.#host = host;
    this.#path = path;
    this.#fallback = fallback || this.#tokenNow();
  }

  current(): PartState {
    const isFresh = this.#host.now() - this.#readAtMs < tokenFileMaxAgeMs;
    return this.#state !== undefined && isFresh ? this.#state : this.#read();
  }

  refresh(rejected: PartState): PartState {
    return this.#state === rejected ? this.#read() : (this.#state ?? this.#read());
  }

  close(): void {
    this.#state = undefined;
  }

  #read(): PartState {
    let authorization: string;
    try {
      authorization = bearer(this.#readToken(), `the file ${JSON.stringify(this.#path)}`);
      this.#readAtMs = this.#host.now();
    } catch (error) {
      if (this.#state !== undefined) return this.#state;
      if (!this.#fallback) throw error;
      // Not kept: the next request looks at the file again.
      return { authorization: bearer(this.#fallback, "the user") };
    }
    if (this.#state?.authorization !== authorization) this.#state = { authorization };
    return this.#state;
  }

  #tokenNow(): string | undefined {
    try {
      return this.#readToken();
    } catch {
      // The first request tries again, and says why.
      return undefined;
    }
  }

  #readToken(): string {
    const shown = JSON.stringify(this.#path);
    let token: string;
    try {
      token = new TextDecoder().decode(this.#host.readFile(this.#path)).replace(space, "");
    } catch (error) {
      throw new CredentialError(
        "TokenFileUnreadable",
        `the token file ${shown} cannot be read: ${systemReason(error)}`,
        {
          retryable: true,
        },
      );
    }
    if (token !== "") return token;
    throw new CredentialError("TokenFileEmpty", `the token file ${shown} is empty`, { retryable: true });
  }
}
