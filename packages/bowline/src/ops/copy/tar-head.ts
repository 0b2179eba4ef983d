/**
 * The beginning of a tar archive: whether its first entry is a folder.
 */

const BLOCK_BYTES = 512;
const TYPE_AT = 156;
const SIZE_AT = 124;
const SIZE_BYTES = 12;
/** Entries that only say more of the next one: long names, extended headers. */
const ABOUT_THE_NEXT: ReadonlySet<string> = new Set(["x", "g", "L", "K", "X"]);

/** What the first bytes of an archive tell: `undefined` while there are too few of them. */
export function firstEntryType(head: Uint8Array): "folder" | "other" | "none" | undefined {
  let at = 0;
  for (;;) {
    if (head.length < at + BLOCK_BYTES) return undefined;
    const block = head.subarray(at, at + BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) return "none";
    const type = String.fromCharCode(block[TYPE_AT] ?? 0);
    if (!ABOUT_THE_NEXT.has(type)) return type === "5" ? "folder" : "other";
    const text = new TextDecoder("latin1").decode(block.subarray(SIZE_AT, SIZE_AT + SIZE_BYTES));
    const size = Number.parseInt(text.replace(/[^0-7].*$/s, ""), 8) || 0;
    at += BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}
