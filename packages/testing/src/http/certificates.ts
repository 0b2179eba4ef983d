/**
 * The test server's own certificate authority: ECDSA P-256 certificates for itself and for clients, made in a few milliseconds
 * when they are needed.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import * as der from "./der.ts";

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Whom a client certificate names. */
export interface ClientSubject {
  /** The common name. */
  readonly user: string;
  /** The organizations. */
  readonly groups?: readonly string[] | undefined;
  /** How long it is valid from now. Default one hour; negative gives one that has expired. */
  readonly lifetimeMs?: number | undefined;
}

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const ORGANIZATION = "2.5.4.10";
const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
const SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
const AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

const HOUR_MS = 3_600_000;
/** Certificates begin in the past, so that a client whose clock is behind takes them. */
const BACKDATE_MS = HOUR_MS;

/** Issues certificates. Its own key never leaves it. */
export class CertificateAuthority {
  /** Its certificate, in PEM. */
  readonly certificate: string;
  readonly #key: KeyObject;
  readonly #name: Uint8Array;
  readonly #keyIdentifier: Uint8Array;
  readonly #now: () => Date;

  constructor(commonName: string, now: () => Date = () => new Date()) {
    this.#now = now;
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    this.#key = privateKey;
    this.#name = distinguishedName(commonName, []);
    const publicKeyInfo = publicKey.export({ type: "spki", format: "der" });
    this.#keyIdentifier = keyIdentifier(publicKeyInfo);
    this.certificate = this.#issue(publicKeyInfo, this.#name, 10 * 365 * 24 * HOUR_MS, [
      extension(BASIC_CONSTRAINTS, der.sequence(der.boolean(true)), true),
      extension(KEY_USAGE, der.bitString(Uint8Array.of(0b10000110), 1), true), // digitalSignature, keyCertSign, cRLSign
      extension(SUBJECT_KEY_IDENTIFIER, der.octetString(this.#keyIdentifier)),
    ]);
  }

  /** A certificate for a server that is reached by these names and addresses (IPv4). */
  server(hosts: readonly string[], lifetimeMs: number = 365 * 24 * HOUR_MS): KeyPair {
    const names = hosts.map((host) =>
      /^\d+(\.\d+){3}$/.test(host)
        ? der.implicit(7, Uint8Array.from(host.split(".").map(Number)))
        : der.implicit(2, new TextEncoder().encode(host)),
    );
    return this.#leaf(distinguishedName(hosts[0] ?? "server", []), lifetimeMs, SERVER_AUTH, [
      extension(SUBJECT_ALTERNATIVE_NAME, der.sequence(...names)),
    ]);
  }

  /** A certificate that a client can authenticate with. */
  client(subject: ClientSubject): KeyPair {
    const name = distinguishedName(subject.user, subject.groups ?? []);
    return this.#leaf(name, subject.lifetimeMs ?? HOUR_MS, CLIENT_AUTH, []);
  }

  #leaf(name: Uint8Array, lifetimeMs: number, usage: string, extensions: readonly Uint8Array[]): KeyPair {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const certificate = this.#issue(publicKey.export({ type: "spki", format: "der" }), name, lifetimeMs, [
      extension(KEY_USAGE, der.bitString(Uint8Array.of(0b10000000), 7), true), // digitalSignature
      extension(EXTENDED_KEY_USAGE, der.sequence(der.objectIdentifier(usage))),
      extension(AUTHORITY_KEY_IDENTIFIER, der.sequence(der.implicit(0, this.#keyIdentifier))),
      ...extensions,
    ]);
    return { certificate, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  }

  #issue(
    publicKeyInfo: Uint8Array,
    subject: Uint8Array,
    lifetimeMs: number,
    extensions: readonly Uint8Array[],
  ): string {
    const now = this.#now().getTime();
    const end = now + lifetimeMs;
    const begin = Math.min(now, end) - BACKDATE_MS;
    const algorithm = der.sequence(der.objectIdentifier(ECDSA_WITH_SHA256));
    const serial = randomBytes(16);
    serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
    const body = der.sequence(
      der.explicit(0, der.integer(Uint8Array.of(2))), // version 3
      der.integer(serial),
      algorithm,
      this.#name,
      der.sequence(der.time(new Date(begin)), der.time(new Date(end))),
      subject,
      publicKeyInfo,
      der.explicit(3, der.sequence(...extensions)),
    );
    const signature = sign("sha256", body, this.#key);
    return toPem(der.sequence(body, algorithm, der.bitString(signature)), "CERTIFICATE");
  }
}

function distinguishedName(commonName: string, organizations: readonly string[]): Uint8Array {
  const attribute = (type: string, value: string) =>
    der.set(der.sequence(der.objectIdentifier(type), der.utf8String(value)));
  return der.sequence(
    ...organizations.map((organization) => attribute(ORGANIZATION, organization)),
    attribute(COMMON_NAME, commonName),
  );
}

function extension(type: string, value: Uint8Array, isCritical = false): Uint8Array {
  return der.sequence(der.objectIdentifier(type), ...(isCritical ? [der.boolean(true)] : []), der.octetString(value));
}

function keyIdentifier(publicKeyInfo: Uint8Array): Uint8Array {
  return createHash("sha1").update(publicKeyInfo).digest();
}

function toPem(bytes: Uint8Array, label: string): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
