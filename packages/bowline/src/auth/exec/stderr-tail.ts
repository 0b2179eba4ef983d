/**
 * The last lines of a plugin's standard error, made safe for an error's message.
 */
const keptBytes = 4096;
const shownLines = 8;
const shownCharacters = 1500;

/** Keeps the end of what it is given. */
export class StderrTail {
  #kept: Uint8Array = new Uint8Array();

  add(chunk: Uint8Array): void {
    const all = Buffer.concat([this.#kept, chunk]);
    this.#kept = all.subarray(Math.max(0, all.length - keptBytes));
  }

  /** The last lines without control characters and without what looks like a token or a key. */
  text(): string {
    const text = new TextDecoder()
      .decode(this.#kept)
      .replace(/\p{Cc}\[[0-9;?]*[ -/]*[@-~]/gu, "")
      .replace(/[^\P{C}\n\t]/gu, "")
      .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[key]")
      .replace(/\beyJ[\w-]+(?:\.[\w-]*)*/g, "[token]")
      .replace(/\b(bearer|basic)\s+\S+/gi, "$1 [token]");
    return text.trim().split("\n").slice(-shownLines).join("\n").slice(-shownCharacters);
  }
}
