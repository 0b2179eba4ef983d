// Writes client-keys.json beside it: client certificates of the recording server's authority, with their keys in all the forms
// that keys are kept in. Needs the openssl command, and is only run when a form is to be added. The keys protect nothing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const certificates = JSON.parse(
  readFileSync(new URL("../../packages/bowline/src/transport/testdata/certificates.json", import.meta.url), "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "client-keys-"));
const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
const read = (name) => readFileSync(join(folder, name), "utf8");

function issue(name, days = "36500") {
  openssl("req", "-new", "-key", `${name}.key`, "-subj", `/CN=${name}`, "-out", `${name}.csr`);
  const issuer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", days, "-extfile", "client.ext"];
  openssl("x509", "-req", "-in", `${name}.csr`, ...issuer, "-out", `${name}.crt`);
  return read(`${name}.crt`);
}

try {
  writeFileSync(join(folder, "ca.crt"), certificates.ca.cert);
  writeFileSync(join(folder, "ca.key"), certificates.ca.key);
  writeFileSync(join(folder, "client.ext"), "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n");
  openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.key");
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ec.key");
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", "ec384.key");
  openssl("genpkey", "-algorithm", "ED25519", "-out", "ed25519.key");
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "expired.key");
  openssl("rsa", "-in", "rsa.key", "-traditional", "-out", "rsa.pkcs1");
  openssl("ec", "-in", "ec.key", "-out", "ec.sec1");
  openssl("ecparam", "-name", "prime256v1", "-out", "ec.parameters");
  openssl("pkcs8", "-topk8", "-in", "rsa.key", "-passout", "pass:x", "-out", "rsa.encrypted");
  openssl("rsa", "-in", "rsa.key", "-traditional", "-aes128", "-passout", "pass:x", "-out", "rsa.pkcs1.encrypted");
  const texts = {
    rsaCert: issue("rsa"),
    rsaKey: read("rsa.key"),
    rsaPkcs1: read("rsa.pkcs1"),
    rsaEncrypted: read("rsa.encrypted"),
    rsaPkcs1Encrypted: read("rsa.pkcs1.encrypted"),
    ecCert: issue("ec"),
    ecKey: read("ec.key"),
    ecSec1: read("ec.sec1"),
    ecParameters: read("ec.parameters"),
    ec384Cert: issue("ec384"),
    ec384Key: read("ec384.key"),
    ed25519Cert: issue("ed25519"),
    ed25519Key: read("ed25519.key"),
    expiredCert: issue("expired", "0"),
    expiredKey: read("expired.key"),
  };
  writeFileSync(new URL("client-keys.json", import.meta.url), `${JSON.stringify(texts, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
