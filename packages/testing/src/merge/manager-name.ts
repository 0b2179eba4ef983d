/**
 * Names of field managers: what may be one, and which one a client has that names none.
 */

/** A name may be this long. */
const MAX_BYTES = 128;
const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/** What is wrong with the characters of a name: those that Go does not print, by the byte at which they are. */
export function unprintable(manager: string): string[] {
  const found: string[] = [];
  let position = 0;
  for (const character of manager) {
    if (!PRINTABLE.test(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      found.push(`invalid character U+${code} (at position ${position})`);
    }
    position += Buffer.byteLength(character);
  }
  return found;
}

/** The name of a client from its `User-Agent`, as Node hands headers out: one character for each byte. */
export function managerOfAgent(agent: string): string {
  let manager = "";
  for (const character of Buffer.from(agent, "latin1").toString("utf8").split("/")[0] ?? "") {
    if (!PRINTABLE.test(character)) continue;
    if (Buffer.byteLength(manager + character) > MAX_BYTES) break;
    manager += character;
  }
  return manager === "" ? "unknown" : manager;
}
