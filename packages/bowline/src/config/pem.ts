/**
 * PEM as kubectl reads it: whole blocks are taken from between any other text, broken ones are passed over.
 *
 * OpenSSL, which some runtimes use, stops at the first thing it does not like; what is handed to it is written anew from the blocks.
 */
import { X509Certificate } from "node:crypto";

/** `-----BEGIN label-----` to its end. */
export interface PemBlock {
  readonly label: string;
  /** Whether there are lines such as `Proc-Type: 4,ENCRYPTED` in it. */
  readonly hasHeaders: boolean;
  readonly bytes: Uint8Array;
}

const begin = "-----BEGIN ";
const end = "\n-----END ";

/** The whole blocks of a text. A block begins and ends a line. @see https://pkg.go.dev/encoding/pem#Decode */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let from = 0;
  for (let endAt = text.indexOf(end); endAt >= 0; endAt = text.indexOf(end, from)) {
    // Of several beginnings the last one counts: those before it have no end.
    const beginAt = text.lastIndexOf(begin, endAt);
    const isAtLineStart = beginAt >= from && (beginAt === from || text[beginAt - 1] === "\n");
    const lineEnd = text.indexOf("\n", endAt + 1);
    const endLine = text.slice(endAt + end.length, lineEnd < 0 ? undefined : lineEnd);
    const block = isAtLineStart ? readBlock(text.slice(beginAt + begin.length, endAt), endLine) : undefined;
    from = endAt + end.length;
    if (block === undefined) continue;
    blocks.push(block);
    from = lineEnd < 0 ? text.length : lineEnd;
  }
  return blocks;
}

function readBlock(content: string, endLine: string): PemBlock | undefined {
  const [first = "", ...lines] = content.split("\n").map((line) => line.replace(/\r$/, "").replace(/[ \t]+$/, ""));
  if (!first.endsWith("-----") || endLine.replace(/\r$/, "").replace(/[ \t]+$/, "") !== first) return undefined;
  const headerCount = lines.findIndex((line) => !line.includes(":"));
  const body = lines
    .slice(Math.max(0, headerCount))
    .join("")
    .replace(/[ \t\r]/g, "");
  if (headerCount < 0 && lines.length > 0) return undefined;
  if (body.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(body)) return undefined;
  return { label: first.slice(0, -5), hasHeaders: headerCount > 0, bytes: Buffer.from(body, "base64") };
}

/** The block as text, with another label where one is given. */
export function writePem({ bytes, label }: PemBlock, otherLabel: string = label): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`${begin}${otherLabel}-----`, ...lines, `-----END ${otherLabel}-----`, ""].join("\n");
}

/** The certificate authorities of a text that can be used, as PEM and nothing else; `""` for none. */
export function authoritiesOf(text: string): string {
  return pemBlocks(text)
    .filter((block) => block.label === "CERTIFICATE" && !block.hasHeaders && isCertificate(block))
    .map((block) => writePem(block))
    .join("");
}

/** A client's certificate and its chain, each as PEM and nothing else. They may be broken: a server would refuse them. */
export function certificateChainOf(text: string): readonly string[] {
  const blocks = pemBlocks(text).filter(({ label }) => label === "CERTIFICATE");
  return blocks.map((block) => writePem(block));
}

/** The first private key of a text. */
export function privateKeyBlockOf(text: string): PemBlock | undefined {
  return pemBlocks(text).find(({ label }) => /(?:^| )PRIVATE KEY$/.test(label));
}

function isCertificate({ bytes }: PemBlock): boolean {
  try {
    return new X509Certificate(bytes) !== undefined;
  } catch {
    return false;
  }
}
