import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ServerTrustSource } from "./server-trust.ts";
import { certificates, clusterAt } from "./testdata/fixture-server.ts";

const { ca, otherCa } = certificates;
const minute = 60_000;

test("A3 a CA file is looked at every five minutes, and a good change is a new generation", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bowline-trust-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "ca.crt");
  writeFileSync(file, ca.cert);
  let now = 0;
  const trust = new ServerTrustSource(clusterAt(1, { certificateAuthority: { file } }), () => now);
  assert.deepEqual(trust.current(), { generation: 0, certificateAuthority: ca.cert });
  writeFileSync(file, otherCa.cert);
  now = 4 * minute;
  assert.equal(trust.current().generation, 0);
  now = 5 * minute;
  assert.deepEqual(trust.current(), { generation: 1, certificateAuthority: otherCa.cert });
  now = 20 * minute;
  assert.equal(trust.current().generation, 1);
});

test("A3 a CA file that becomes empty, broken or is removed leaves the last good one in use", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bowline-trust-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "ca.crt");
  writeFileSync(file, ca.cert);
  let now = 0;
  const trust = new ServerTrustSource(clusterAt(1, { certificateAuthority: { file } }), () => now);
  trust.current();
  for (const spoil of [() => writeFileSync(file, ""), () => writeFileSync(file, "junk"), () => rmSync(file)]) {
    spoil();
    now += 6 * minute;
    assert.deepEqual(trust.current(), { generation: 0, certificateAuthority: ca.cert });
  }
});

test("A3 A4 a CA that is missing, empty or not PEM is an error that names where it is", () => {
  const source = (certificateAuthority: { data: string } | { file: string }) =>
    new ServerTrustSource(clusterAt(1, { certificateAuthority }));
  for (const data of ["", "junk", certificates.server.key]) {
    assert.throws(() => source({ data }).current(), {
      code: "CertificateAuthorityInvalid",
      message: /certificate-authority-data of cluster "fixture"/,
    });
  }
  assert.throws(() => source({ file: "/no/such/ca.crt" }).current(), {
    code: "CertificateAuthorityInvalid",
    message: /\/no\/such\/ca.crt/,
  });
});

test("A4 no CA means the runtime's own, and one beside insecure-skip-tls-verify is refused", () => {
  const trust = new ServerTrustSource(clusterAt(1, { certificateAuthority: undefined }));
  assert.deepEqual(trust.current(), { generation: 0, certificateAuthority: undefined });
  assert.throws(() => new ServerTrustSource(clusterAt(1, { insecureSkipTlsVerify: true })), {
    code: "InsecureWithCertificateAuthority",
  });
});
