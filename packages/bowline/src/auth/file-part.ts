/**
 * A part of a credential that stands in files which are replaced while the program runs.
 */
import type { Host } from "../config/host.ts";
import type { CredentialPart, PartState } from "./credential-part.ts";

/** What is read, and how often. */
export interface FilePartConfig {
  /** For how long what was read is used without another look. */
  readonly maxAgeMs: number;
  /** What the files hold; `before` itself where that is the same. Throws where it cannot be used. */
  readonly read: (before: PartState | undefined) => PartState;
  /** What is used, and not kept, while nothing could be read yet; throws the error where there is nothing. */
  readonly otherwise?: ((error: unknown) => PartState) | undefined;
}

/**
 * Reads the files when it is asked and the last reading is too old, and after a 401.
 *
 * What has been read once stays in use while the files cannot be: in the middle of a replacement they may be missing or not belong
 * together. They are then looked at again each time.
 */
export class FilePart implements CredentialPart {
  readonly #host: Host;
  readonly #config: FilePartConfig;
  #state: PartState | undefined;
  #readAtMs = 0;

  constructor(host: Host, config: FilePartConfig) {
    this.#host = host;
    this.#config = config;
  }

  current(): PartState {
    const isFresh = this.#host.now() - this.#readAtMs < this.#config.maxAgeMs;
    return this.#state !== undefined && isFresh ? this.#state : this.#read();
  }

  refresh(rejected: PartState): PartState {
    return this.#state === rejected ? this.#read() : (this.#state ?? this.#read());
  }

  close(): void {
    this.#state = undefined;
  }

  #read(): PartState {
    const before = this.#state;
    try {
      const state = this.#config.read(before);
      this.#readAtMs = this.#host.now();
      this.#state = state;
      return state;
    } catch (error) {
      if (before !== undefined) return before;
      if (this.#config.otherwise === undefined) throw error;
      return this.#config.otherwise(error);
    }
  }
}
