/**
 * Where text is not base64.
 */

/** The offset at which Go's base64 decoder gives up, undefined where the text is good. */
export function firstBadBase64(text: string): number | undefined {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "\n" || char === "\r") continue;
    if (/[A-Za-z0-9+/]/.test(char)) {
      count += 1;
      continue;
    }
    if (char !== "=") return at;
    const needed = (4 - (count % 4)) % 4;
    if (needed === 0 || needed === 3) return at;
    const padding = /^=[\r\n]*(=?)[\r\n]*/.exec(text.slice(at));
    if (needed === 2 && padding?.[1] !== "=") return Math.min(at + 1, text.length);
    const end = at + (needed === 1 ? (/^=[\r\n]*/.exec(text.slice(at))?.[0].length ?? 1) : (padding?.[0].length ?? 2));
    return end < text.length ? end : undefined;
  }
  return count % 4 === 0 ? undefined : text.length - (count % 4);
}
