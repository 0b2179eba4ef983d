/**
 * Walking JSON text as bytes, without making values of it: just enough to find where things begin and end.
 *
 * Every function takes an index and gives the next one; a negative result means that the text is not what was expected, and
 * that the caller must leave the bytes to `JSON.parse`, whose verdict counts. None of them checks that a value is valid JSON.
 */

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** "Not what was expected": the caller falls back. */
export const UNSURE = -1;
/** "Nothing more is wanted": {@link visitMembers} ends where it is. */
export const ENOUGH = -2;

/** The first index from `at` that holds no white space; the length where there is none. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let index = at;
  for (;;) {
    const byte = bytes[index];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return index;
    index++;
  }
}

/** From the byte after an opening quote to the byte after the closing one. */
function skipStringBody(bytes: Uint8Array, at: number): number {
  let index = at;
  for (;;) {
    const byte = bytes[index++];
    if (byte === QUOTE) return index;
    if (byte === BACKSLASH) index++;
    else if (byte === undefined) return UNSURE;
  }
}

/** Past the value that begins at `at` (no white space there). */
export function skipValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipStringBody(bytes, at + 1);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(bytes, at + 1);
  return skipScalar(bytes, at);
}

/** Past a number, `true`, `false` or `null`: up to what can follow one. */
function skipScalar(bytes: Uint8Array, at: number): number {
  let index = at;
  for (;;) {
    const byte = bytes[index];
    if (byte === undefined || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20) {
      return index === at ? UNSURE : index;
    }
    index++;
  }
}

/** From inside an object or array to the byte after its end. The hot loop: most of a list's bytes pass here. */
function skipNested(bytes: Uint8Array, at: number): number {
  const length = bytes.length;
  let index = at;
  let depth = 1;
  while (index < length) {
    const byte = bytes[index++] as number;
    if (byte === QUOTE) {
      for (;;) {
        const inner = bytes[index++];
        if (inner === QUOTE) break;
        if (inner === BACKSLASH) index++;
        else if (inner === undefined) return UNSURE;
      }
    } else if ((byte & 0xdf) === OPEN_BRACKET) {
      depth++; // `[` and `{` differ in one bit, and so do `]` and `}`
    } else if ((byte & 0xdf) === CLOSE_BRACKET && --depth === 0) {
      return index;
    }
  }
  return UNSURE;
}

/**
 * Past the array whose content begins at `at`, where that can be told from its last bytes alone; `UNSURE` where it must be
 * walked. Of valid JSON it is never wrong.
 *
 * The first `]` ends the array if no `[` stands before it and if it is not inside a string. It is in none if only braces stand
 * between it and a quote that closes a string: one that opens a string stands behind punctuation or white space.
 */
export function skipFlatArray(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(CLOSE_BRACKET, at);
  if (end < 0) return UNSURE;
  let index = end - 1;
  while (bytes[index] === CLOSE_BRACE) index--;
  if (bytes[index] === OPEN_BRACE && bytes[index - 1] === COLON) index -= 2;
  if (index <= at + 1 || bytes[index] !== QUOTE || !CLOSES_STRING[bytes[index - 1] as number]) return UNSURE;
  const inner = bytes.indexOf(OPEN_BRACKET, at);
  return inner < 0 || inner > end ? end + 1 : UNSURE;
}

/** The bytes before a quote that say that it closes a string: no punctuation, no space, no backslash, no quote. */
const CLOSES_STRING: readonly boolean[] = Array.from(
  { length: 256 },
  (_, byte) => byte > 0x20 && ![QUOTE, COMMA, COLON, BACKSLASH, OPEN_BRACKET, OPEN_BRACE].includes(byte),
);

/**
 * Calls `visit` for each member of the object that begins at `at`, with the range of the key's text (no quotes) and the index
 * where its value begins; `visit` gives the index after the value. Gives the index after the object.
 *
 * A key with an escape in it is `UNSURE`, so that no key can hide from a comparison of bytes. A negative result of `visit` is
 * handed on.
 */
export function visitMembers(
  bytes: Uint8Array,
  at: number,
  visit: (keyStart: number, keyEnd: number, valueAt: number) => number,
): number {
  if (bytes[at] !== OPEN_BRACE) return UNSURE;
  let index = skipSpace(bytes, at + 1);
  if (bytes[index] === CLOSE_BRACE) return index + 1;
  for (;;) {
    if (bytes[index] !== QUOTE) return UNSURE;
    const keyStart = index + 1;
    index = keyStart;
    for (;;) {
      const byte = bytes[index];
      if (byte === QUOTE) break;
      if (byte === undefined || byte === BACKSLASH) return UNSURE;
      index++;
    }
    const keyEnd = index;
    index = skipSpace(bytes, index + 1);
    if (bytes[index] !== COLON) return UNSURE;
    index = visit(keyStart, keyEnd, skipSpace(bytes, index + 1));
    if (index < 0) return index;
    index = skipSpace(bytes, index);
    const next = bytes[index];
    if (next === CLOSE_BRACE) return index + 1;
    if (next !== COMMA) return UNSURE;
    index = skipSpace(bytes, index + 1);
  }
}

/** Whether the range holds exactly the ASCII text `text`. */
export function holds(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
