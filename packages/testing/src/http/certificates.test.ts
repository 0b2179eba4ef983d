import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { CertificateAuthority } from "./certificates.ts";

test("certificates chain to their authority and to no other", () => {
  const authority = new CertificateAuthority("one");
  const issuer = new X509Certificate(authority.certificate);
  const other = new X509Certificate(new CertificateAuthority("one").certificate);
  for (const { certificate } of [authority.server(["localhost"]), authority.client({ user: "alice" })]) {
    const read = new X509Certificate(certificate);
    assert.equal(read.verify(issuer.publicKey), true);
    assert.equal(read.verify(other.publicKey), false);
  }
  assert.equal(issuer.verify(issuer.publicKey), true);
});

test("a server's certificate names its hosts and addresses", () => {
  const { certificate } = new CertificateAuthority("ca").server(["localhost", "127.0.0.1", "a.example"]);
  const read = new X509Certificate(certificate);
  assert.equal(read.checkHost("localhost"), "localhost");
  assert.equal(read.checkHost("a.example"), "a.example");
  assert.equal(read.checkIP("127.0.0.1"), "127.0.0.1");
  assert.equal(read.checkHost("b.example"), undefined);
});

test("a client's certificate names its user and groups, for as long as it was asked for", () => {
  const now = new Date("2030-01-01T00:00:00Z");
  const authority = new CertificateAuthority("ca", () => now);
  const { certificate } = authority.client({ user: "Zoë", groups: ["g1", "g2"], lifetimeMs: 60_000 });
  const read = new X509Certificate(certificate);
  assert.deepEqual(read.subject.split("\n").sort(), ["CN=Zoë", "O=g1", "O=g2"]);
  assert.equal(Date.parse(read.validTo), now.getTime() + 60_000);
  assert.ok(Date.parse(read.validFrom) < now.getTime());
});

test("dates beyond 2049 are written in their own form", () => {
  const authority = new CertificateAuthority("ca", () => new Date("2045-01-01T00:00:00Z"));
  assert.equal(new Date(new X509Certificate(authority.certificate).validTo).getUTCFullYear(), 2054);
});
