/**
 * IP addresses and CIDR blocks as bytes, as proxy exceptions compare them.
 */
import { isIPv4, isIPv6 } from "node:net";

/** 4 or 16 bytes; an IPv4 address mapped into IPv6 is IPv4. Undefined where it is no address. */
export function ipBytes(text: string): readonly number[] | undefined {
  const zone = text.indexOf("%");
  const address = zone < 0 ? text : text.slice(0, zone);
  if (isIPv4(address)) return address.split(".").map(Number);
  if (!isIPv6(address)) return undefined;
  const [head = "", tail] = address.split("::", 2);
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const bytes = [...before, ...new Array<number>(16 - before.length - after.length).fill(0), ...after];
  return bytes.slice(0, 12).every((byte, index) => byte === (index < 10 ? 0 : 255)) ? bytes.slice(12) : bytes;
}

/** The bytes of colon-separated groups; the last may be written as an IPv4 address. */
function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

/** `127.0.0.0/8` or `::1`. */
export function isLoopback(bytes: readonly number[]): boolean {
  return bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

/** A block of addresses. */
export interface Cidr {
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** Undefined where `text` is no CIDR block. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/%]+)\/(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [, address = "", length = ""] = match;
  if (length.length > 1 && length.startsWith("0")) return undefined;
  const written = isIPv4(address) ? 32 : 128;
  const bytes = ipBytes(address);
  const bits = Number(length);
  if (bytes === undefined || bits > written) return undefined;
  // A block of mapped addresses, ::ffff:10.0.0.0/104, is a block of IPv4 ones.
  if (written === 128 && bytes.length === 4) return bits >= 96 ? { bytes, bits: bits - 96 } : undefined;
  return { bytes, bits };
}

/** Whether the block holds the address; those of the other family are outside. */
export function contains({ bytes, bits }: Cidr, address: readonly number[]): boolean {
  if (bytes.length !== address.length) return false;
  return bytes.every((byte, index) => {
    const mask = (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))) & 0xff;
    return ((byte ^ (address[index] ?? 0)) & mask) === 0;
  });
}
