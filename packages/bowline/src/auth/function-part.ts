/**
 * A bearer token from a function of the program's own.
 */
import { bearer } from "./authorization.ts";
import type { CredentialPart, PartState } from "./credential-part.ts";

/** Asks once, keeps the token, and asks again after a 401. A failure is not kept. */
export class FunctionPart implements CredentialPart {
  readonly #provide: () => string | Promise<string>;
  #state: PartState | undefined;
  #run: Promise<PartState> | undefined;

  constructor(provide: () => string | Promise<string>) {
    this.#provide = provide;
  }

  current(): PartState | Promise<PartState> {
    return this.#state ?? this.#ask();
  }

  refresh(rejected: PartState): PartState | Promise<PartState> {
    return this.#state === rejected ? this.#ask() : this.current();
  }

  close(): void {
    this.#state = undefined;
  }

  #ask(): Promise<PartState> {
    this.#run ??= this.#askOnce().finally(() => {
      this.#run = undefined;
    });
    return this.#run;
  }

  async #askOnce(): Promise<PartState> {
    const authorization = bearer(await this.#provide(), "the token function");
    if (this.#state?.authorization !== authorization) this.#state = { authorization };
    return this.#state;
  }
}
