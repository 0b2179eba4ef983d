/**
 * An install hint made safe to print: it comes from a file that may have been written by others.
 */

/** Every character that is no letter, mark, number, punctuation, symbol or space is replaced by its `U+XXXX`. */
export function cleanInstallHint(hint: string): string {
  let cleaned = "";
  for (const character of hint) {
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t\n\v\f\r]$/u.test(character)) cleaned += character;
    else cleaned += `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  }
  return cleaned;
}
