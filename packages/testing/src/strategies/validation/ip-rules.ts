/**
 * Rules for IP addresses and networks.
 */
import { isIP, isIPv4 } from "node:net";

/** An address of either family. */
export function ipProblems(text: string): string[] {
  return isIP(text) !== 0 && !text.includes("%")
    ? []
    : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
}

/** The one spelling of an address: `2001:db8::1` of `2001:0DB8:0:0::1`. */
export function canonicalIp(address: string): string {
  if (isIPv4(address)) return address;
  const value = ipv6Value(address);
  // An IPv4 address within IPv6 is written as IPv4.
  if (value >> 32n === 0xffffn) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** A network, such as `10.0.0.0/8`. */
export function cidrProblems(text: string): string[] {
  const [address = "", bits = "", ...rest] = text.split("/");
  const family = isIP(address);
  const isValid =
    rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  return isValid ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
}

export function ipFamily(address: string): "IPv4" | "IPv6" {
  return isIPv4(address) ? "IPv4" : "IPv6";
}

/** Whether the first network contains the second one. */
export function cidrContains(outer: string, inner: string): boolean {
  const [a, b] = [networkOf(outer), networkOf(inner)];
  if (a === undefined || b === undefined || a.size !== b.size || b.bits < a.bits) return false;
  const shift = BigInt(a.size - a.bits);
  return a.value >> shift === b.value >> shift;
}

function networkOf(cidr: string): { value: bigint; bits: number; size: number } | undefined {
  const [address = "", bits = ""] = cidr.split("/");
  const family = isIP(address);
  if (family === 0) return undefined;
  return {
    value: family === 4 ? ipv4Value(address) : ipv6Value(address),
    bits: Number(bits),
    size: family === 4 ? 32 : 128,
  };
}

function ipv4Value(address: string): bigint {
  return address.split(".").reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function ipv6Value(address: string): bigint {
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [left, right] = [groups(head), groups(tail ?? "")];
  const middle = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...middle, ...right].reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}
