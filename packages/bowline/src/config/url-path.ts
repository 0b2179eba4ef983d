/**
 * The path of a server's or proxy's address, unescaped, cleaned and escaped as kubectl does it: byte by byte.
 */

const encoder = new TextEncoder();

/** The path without `.`, `..`, double and trailing slashes, each byte escaped that needs it and no other; `""` for the root. */
export function cleanUrlPath(path: string): string {
  const parts: string[] = [];
  for (const part of toBytes(path).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.map((part) => `/${escapeBytes(part)}`).join("");
}

/** The path as it is written where that is a valid escaping, else escaped anew. */
export function escapedUrlPath(path: string): string {
  return /^[\w.~!$&'()*+,;=:@[\]%/-]*$/.test(path) ? path : escapeBytes(toBytes(path));
}

/** One character for each byte of the unescaped path. */
export function toBytes(path: string): string {
  const bytes = String.fromCharCode(...encoder.encode(path));
  return bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Each byte escaped that is found; default: those that need it in a path. */
export function escapeBytes(bytes: string, found: RegExp = /[^\w.~$&+,/:;=@-]/g): string {
  return bytes.replace(found, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
