/**
 * Warnings about addresses and networks in fields of old, which take more than one spelling of them.
 */
import { goQuote } from "bowline/core";
import { canonicalIp, cidrProblems, ipProblems } from "./ip-rules.ts";

/** IPv6 has many spellings of one address. */
export function ipWarnings(field: string, address: string): string[] {
  if (!address.includes(":") || ipProblems(address).length > 0) return [];
  const canonical = canonicalIp(address);
  if (canonical === address) return [];
  return [`${field}: IPv6 address ${goQuote(address)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}

/** As for addresses. */
export function cidrWarnings(field: string, network: string): string[] {
  if (!network.includes(":") || cidrProblems(network).length > 0) return [];
  const [address = "", bits = ""] = network.split("/");
  const canonical = `${canonicalIp(address)}/${bits}`;
  if (canonical === network) return [];
  return [
    `${field}: IPv6 CIDR value ${goQuote(network)} should be in RFC 5952 canonical format (${goQuote(canonical)})`,
  ];
}
