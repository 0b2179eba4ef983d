// Writes certificates.json beside it: long-lived certificates for the transport's tests. Needs the openssl command, and is
// only run when a certificate is to be added. The keys protect nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "certificates-"));
const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
const read = (name) => readFileSync(join(folder, name), "utf8");
const longLived = ["-days", "36500"];

function authority(name) {
  openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.key`);
  const extensions = [
    "-addext",
    "basicConstraints=critical,CA:TRUE",
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
  ];
  openssl(
    "req",
    "-x509",
    "-new",
    "-key",
    `${name}.key`,
    "-subj",
    `/CN=${name}`,
    ...longLived,
    ...extensions,
    "-out",
    `${name}.crt`,
  );
  return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
}

function issue(name, issuer, subject, extensions, validity = longLived) {
  openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.key`);
  openssl("req", "-new", "-key", `${name}.key`, "-subj", subject, "-out", `${name}.csr`);
  writeFileSync(join(folder, `${name}.ext`), `${extensions.join("\n")}\n`);
  openssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    "-CA",
    `${issuer}.crt`,
    "-CAkey",
    `${issuer}.key`,
    "-CAcreateserial",
    ...validity,
    "-extfile",
    `${name}.ext`,
    "-out",
    `${name}.crt`,
  );
  return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
}

const server = (names) => ["basicConstraints=CA:FALSE", "extendedKeyUsage=serverAuth", `subjectAltName=${names}`];
const client = ["basicConstraints=CA:FALSE", "extendedKeyUsage=clientAuth"];
try {
  const certificates = {
    ca: authority("ca"),
    otherCa: authority("other-ca"),
    server: issue("server", "ca", "/CN=server", server("DNS:localhost,DNS:cluster.test,IP:127.0.0.1,IP:::1")),
    otherName: issue("other-name", "ca", "/CN=other-name", server("DNS:other.test")),
    otherServer: issue("other-server", "other-ca", "/CN=server", server("DNS:localhost,IP:127.0.0.1")),
    expired: issue("expired", "ca", "/CN=expired", server("DNS:localhost,IP:127.0.0.1"), ["-days", "0"]),
    clientA: issue("client-a", "ca", "/O=testers/CN=a", client),
    clientB: issue("client-b", "ca", "/O=testers/CN=b", client),
    clientOfOtherCa: issue("client-other", "other-ca", "/CN=other", client),
  };
  writeFileSync(new URL("certificates.json", import.meta.url), `${JSON.stringify(certificates, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
