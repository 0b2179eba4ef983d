/**
 * Text the way that Go counts, orders and quotes it, because Kubernetes' limits, sort orders and messages are Go's.
 */

/** Length in UTF-8 bytes, which is what Kubernetes' length limits count. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair counts two: four bytes for the pair.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Orders by UTF-8 bytes as Go's `strings.Compare`; JavaScript's own order differs above U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return sortUnit(left) < sortUnit(right) ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** Quotes as Go's `%q`: the form in which Kubernetes' messages show a value. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) quoted += quoteCharacter(character);
  return `${quoted}"`;
}

/** Quotes as the messages of Go's package time, which show every byte that is not printable ASCII as `\x..`. */
export function goTimeQuote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    if (character >= " " && character < "\x80") {
      quoted += character === '"' || character === "\\" ? `\\${character}` : character;
      continue;
    }
    for (const byte of new TextEncoder().encode(character)) quoted += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `${quoted}"`;
}

/** Moves surrogates above the rest of the basic plane, where their code points belong. */
function sortUnit(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);
const printable = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

function quoteCharacter(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  if (printable.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
