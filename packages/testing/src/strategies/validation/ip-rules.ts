/**
 * Rules for IP addresses and networks.
 */
import { isIP, isIPv4 } from "node:net";

/** An address of either family. */
export function ipProblems(text: string): string[] {
  const lax = withoutLeadingZeros(text);
  if (isIP(lax) === 0 || lax.includes("%")) return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
  if (lax !== text) return ["must not have leading 0s"];
  return isMapped(text) ? ["must not be an IPv4-mapped IPv6 address"] : [];
}

/** As old parsers of addresses read them, which the real server tells apart from nonsense. */
function withoutLeadingZeros(address: string): string {
  return /^\d+(\.\d+){3}$/.test(address) ? address.replace(/\b0+(?=\d)/g, "") : address;
}

/** An IPv4 address within IPv6. */
function isMapped(address: string): boolean {
  return address.includes(":") && ipv6Value(address) >> 32n === 0xffffn;
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
  const lax = withoutLeadingZeros(address);
  const family = isIP(lax);
  const isValid = rest.length === 0 && family !== 0 && /^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (!isValid) return ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
  if (lax !== address || /^0\d/.test(bits)) return ["must not have leading 0s in IP or prefix length"];
  if (isMapped(address)) return ["must not have an IPv4-mapped IPv6 address"];
  const network = networkOf(text);
  const hostBits = network === undefined ? 0n : network.value & ((1n << BigInt(network.size - network.bits)) - 1n);
  return hostBits === 0n ? [] : ["must not have bits set beyond the prefix length"];
}

/** Whether a network can be told, however badly it is written. */
export function isReadableCidr(text: string): boolean {
  return !cidrProblems(text).some((problem) => problem.startsWith("must be a valid"));
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

function ipv6Value(text: string): bigint {
  // The last 32 bits may be written as IPv4.
  const address = text.replace(/\d+(\.\d+){3}$/, (tail) => {
    const value = ipv4Value(tail);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [left, right] = [groups(head), groups(tail ?? "")];
  const middle = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...middle, ...right].reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}
