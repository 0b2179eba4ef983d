/**
 * Addresses, networks and URLs.
 */
import { isIP } from "node:net";
import { goQuote } from "bowline/core";
import { type FunctionLibrary, fail } from "../function-library.ts";
import { CelOpaque } from "../value.ts";

const IP = "net.IP";
const CIDR = "net.CIDR";
const URL_TYPE = "kubernetes.URL";

class CelIp extends CelOpaque {
  readonly typeName = IP;
  readonly bytes: readonly number[];
  override readonly size: number;
  constructor(bytes: readonly number[]) {
    super();
    this.bytes = bytes;
    this.size = Math.ceil(this.toString().length);
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelIp && String(this.bytes) === String(other.bytes);
  }
  override toString(): string {
    return this.bytes.length === 4 ? this.bytes.join(".") : formatLong(this.bytes);
  }
}

class CelCidr extends CelOpaque {
  readonly typeName = CIDR;
  readonly address: CelIp;
  readonly length: number;
  override readonly size: number;
  constructor(address: CelIp, length: number) {
    super();
    this.address = address;
    this.length = length;
    this.size = Math.ceil((length + 7) / 8);
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelCidr && this.length === other.length && this.address.equals(other.address);
  }
  contains(address: CelIp): boolean {
    return (
      address.bytes.length === this.address.bytes.length &&
      String(masked(address.bytes, this.length)) === String(masked(this.address.bytes, this.length))
    );
  }
}

function masked(bytes: readonly number[], length: number): number[] {
  return bytes.map((byte, index) => byte & (0xff00 >> Math.max(0, Math.min(8, length - index * 8))) & 0xff);
}

/** An IPv6 address as Go prints it. */
function formatLong(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const show = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (best.start < 0) return show(groups);
  return `${show(groups.slice(0, best.start))}::${show(groups.slice(best.start + best.length))}`;
}

/** Why Go's parser refuses a text as an address. */
function addressProblem(text: string): string {
  const quoted = goQuote(text);
  const because = (reason: string, rest = "") =>
    `ParseAddr(${quoted}): ${reason}${rest === "" ? "" : ` (at ${goQuote(rest)})`}`;
  const sign = /[.:%]/.exec(text)?.[0];
  if (sign === undefined) return because("unable to parse IP");
  if (sign === "%") return because("missing IPv6 address");
  if (sign === ":")
    return because(
      /[^0-9a-fA-F:.]/.test(text)
        ? "unexpected character, want colon"
        : "each colon-separated field must have at least one digit",
      /[^0-9a-fA-F:.].*$/.exec(text)?.[0] ?? text,
    );
  const stray = /[^0-9.]/.exec(text);
  if (stray !== null) return because("unexpected character", text.slice(stray.index));
  const fields = text.split(".");
  if (fields.some((field) => Number(field) > 255)) return because("IPv4 field has value >255");
  if (fields.some((field) => field === ""))
    return because("IPv4 field must have at least one digit", text.slice(text.indexOf("..") + 1));
  if (fields.some((field) => /^0./.test(field))) return because("IPv4 field has octet with leading zero");
  return because(fields.length < 4 ? "IPv4 address too short" : "IPv4 address too long");
}

function bytesOf(text: string): number[] {
  if (isIP(text) === 4) return text.split(".").map(Number);
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const hex = (a: string | undefined, b: string | undefined) => ((Number(a) << 8) | Number(b)).toString(16);
  const whole = dotted === null ? text : `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [head = "", tail] = whole.split("::");
  const groups = (part: string | undefined) => (part === undefined || part === "" ? [] : part.split(":"));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill("0"), ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

function isMapped(bytes: readonly number[]): boolean {
  return (
    bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  );
}

/** An address, or why a text is none. */
function parseAddress(text: string): CelIp | string {
  const plain = text.replace(/%.+$/, "");
  if (isIP(plain) === 0)
    return `IP Address ${goQuote(text)} parse error during conversion from string: ${addressProblem(text)}`;
  if (plain !== text) return `IP address ${goQuote(text)} with zone value is not allowed`;
  const bytes = bytesOf(text);
  return isMapped(bytes) ? `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed` : new CelIp(bytes);
}

const PARSE_ERROR = "network address parse error during conversion from string: ";

/** A network, or why a text is none. */
function parseNetwork(text: string): CelCidr | string {
  const problem = (reason: string) => `${PARSE_ERROR}netip.ParsePrefix(${goQuote(text)}): ${reason}`;
  const slash = text.lastIndexOf("/");
  if (slash < 0) return problem("no '/'");
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (isIP(address) === 0) return problem(addressProblem(address));
  const bytes = bytesOf(address);
  if (!/^(0|[1-9]\d*)$/.test(bits)) return problem(`bad bits after slash: ${goQuote(bits)}`);
  if (Number(bits) > bytes.length * 8) return problem("prefix length out of range");
  if (isMapped(bytes)) return `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`;
  return new CelCidr(new CelIp(bytes), Number(bits));
}

/** Declares the functions of addresses and networks. */
export function declareAddresses(library: FunctionLibrary): void {
  const address = (text: string): CelIp => {
    const parsed = parseAddress(text);
    return typeof parsed === "string" ? fail(parsed) : parsed;
  };
  const network = (text: string): CelCidr => {
    const parsed = parseNetwork(text);
    return typeof parsed === "string" ? fail(`${PARSE_ERROR}${parsed}`) : parsed;
  };
  const holds = (a: CelCidr, b: CelCidr) => a.length <= b.length && a.contains(b.address);
  library
    .declare("string_to_ip", `ip(string): ${IP}`, address)
    .declare("ip_family", `<${IP}>.family(): int`, ({ bytes }: CelIp) => (bytes.length === 4 ? 4n : 6n))
    .declare("ip_is_canonical", "ip.isCanonical(string): bool", (text: string) => address(text).toString() === text)
    .declare("is_ip", "isIP(string): bool", (text: string) => typeof parseAddress(text) !== "string")
    .declare("ip_to_string", `string(${IP}): string`, (ip: CelIp) => ip.toString())
    .declare("string_to_cidr", `cidr(string): ${CIDR}`, network)
    .declare("cidr_contains_ip_string", `<${CIDR}>.containsIP(string): bool`, (cidr: CelCidr, text: string) =>
      cidr.contains(address(text)),
    )
    .declare("cidr_contains_ip_ip", `<${CIDR}>.containsIP(${IP}): bool`, (cidr: CelCidr, ip: CelIp) =>
      cidr.contains(ip),
    )
    .declare("cidr_contains_cidr_string", `<${CIDR}>.containsCIDR(string): bool`, (cidr: CelCidr, text: string) =>
      holds(cidr, network(text)),
    )
    .declare("cidr_contains_cidr", `<${CIDR}>.containsCIDR(${CIDR}): bool`, holds)
    .declare("cidr_ip", `<${CIDR}>.ip(): ${IP}`, (cidr: CelCidr) => cidr.address)
    .declare("cidr_prefix_length", `<${CIDR}>.prefixLength(): int`, ({ length }: CelCidr) => BigInt(length))
    .declare(
      "cidr_masked",
      `<${CIDR}>.masked(): ${CIDR}`,
      (cidr: CelCidr) => new CelCidr(new CelIp(masked(cidr.address.bytes, cidr.length)), cidr.length),
    )
    .declare("is_cidr", "isCIDR(string): bool", (text: string) => typeof parseNetwork(text) !== "string")
    .declare("cidr_to_string", `string(${CIDR}): string`, (cidr: CelCidr) => `${cidr.address}/${cidr.length}`);
  const properties: Readonly<Record<string, (bytes: readonly number[]) => boolean>> = {
    isUnspecified: (bytes) => bytes.every((byte) => byte === 0),
    isLoopback,
    isLinkLocalMulticast: ([a, b, c]) => (a === 224 && b === 0 && c === 0) || (a === 255 && (b ?? 0) % 16 === 2),
    isLinkLocalUnicast,
    isGlobalUnicast: (bytes) => !isSpecial(bytes),
  };
  for (const [name, holdsFor] of Object.entries(properties)) {
    library.declare(`ip_${name}`, `<${IP}>.${name}(): bool`, ({ bytes }: CelIp) => holdsFor(bytes));
  }
}

function isLoopback(bytes: readonly number[]): boolean {
  return bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

function isLinkLocalUnicast(bytes: readonly number[]): boolean {
  const [a, b = 0] = bytes;
  return bytes.length === 4 ? a === 169 && b === 254 : a === 254 && (b & 0xc0) === 0x80;
}

function isSpecial(bytes: readonly number[]): boolean {
  const [first = 0] = bytes;
  const isMulticast = bytes.length === 4 ? first >= 224 && first < 240 : first === 255;
  const isBroadcast = bytes.length === 4 && bytes.every((byte) => byte === 255);
  const isUnspecified = bytes.every((byte) => byte === 0);
  return isMulticast || isBroadcast || isUnspecified || isLoopback(bytes) || isLinkLocalUnicast(bytes);
}

class CelUrl extends CelOpaque {
  readonly typeName = URL_TYPE;
  readonly text: string;
  readonly parts: UrlParts;
  constructor(text: string, parts: UrlParts) {
    super();
    this.text = text;
    this.parts = parts;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelUrl && this.text === other.text;
  }
}

interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** The parts of an absolute URL, or of a path; otherwise why a text is neither. */
function parseUrl(text: string): UrlParts | string {
  const problem = (reason: string) => `parse ${goQuote(text)}: ${reason}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses control characters here.
  if (/[\x00-\x1f\x7f]/.test(text)) return problem("net/url: invalid control character in URL");
  if (text === "") return problem("empty url");
  const [, scheme = "", rest = text] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (scheme === "" && text.startsWith(":")) return problem("missing protocol scheme");
  if (scheme === "" && /^[^/?#]*:/.test(text)) return problem("first path segment in URL cannot contain colon");
  if (!rest.startsWith("/")) {
    if (scheme === "") return problem("invalid URI for request");
    return { scheme: scheme.toLowerCase(), host: "", path: "", query: "" };
  }
  const [, authority, path = "", query = ""] = /^(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/s.exec(rest) ?? [];
  const host = (authority ?? "").replace(/^.*@/, "");
  if (host.includes(" ")) return problem(`invalid character " " in host name`);
  const port = /:([^\]:]*)$/.exec(host)?.[1];
  if (port !== undefined && /\D/.test(port)) return problem(`invalid port ${goQuote(`:${port}`)} after host`);
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(path)?.[0];
  if (badEscape !== undefined) return problem(`invalid URL escape ${goQuote(badEscape)}`);
  return { scheme: scheme.toLowerCase(), host, path, query };
}

/** Declares the functions of URLs. */
export function declareUrls(library: FunctionLibrary): void {
  const member = (id: string, name: string, read: (parts: UrlParts) => unknown, type = "string") =>
    library.declare(`url_get_${id}`, `<${URL_TYPE}>.${name}(): ${type}`, ({ parts }: CelUrl) => read(parts));
  const hostname = (host: string) => host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
  library
    .declare("string_to_url", `url(string): ${URL_TYPE}`, (text: string) => {
      const parts = parseUrl(text);
      return typeof parts === "string"
        ? fail(`URL parse error during conversion from string: ${parts}`)
        : new CelUrl(text, parts);
    })
    .declare("is_url_string", "isURL(string): bool", (text: string) => typeof parseUrl(text) !== "string");
  member("scheme", "getScheme", ({ scheme }) => scheme);
  member("host", "getHost", ({ host }) => host);
  member("hostname", "getHostname", ({ host }) => hostname(host));
  member("port", "getPort", ({ host }) => /:(\d*)$/.exec(host)?.[1] ?? "");
  member("escaped_path", "getEscapedPath", ({ path }) => path.replaceAll(" ", "%20"));
  member("query", "getQuery", ({ query }) => queryOf(query), "map(string, list(string))");
}

function queryOf(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query)) values.set(key, [...(values.get(key) ?? []), value]);
  return values;
}

/** Whether a text is a URL, and if not why not. */
export function urlProblem(text: string): string | undefined {
  const parts = parseUrl(text);
  return typeof parts === "string" ? parts : undefined;
}
