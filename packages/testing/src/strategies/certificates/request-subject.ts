/**
 * The organizations, which become groups, in the subject of a PKCS #10 certificate request.
 */

const ORGANIZATION = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a]);

/** `request` is base64 of PEM, as in a CertificateSigningRequest. What cannot be read has none. */
export function organizationsOf(request: string): readonly string[] {
  const pem = Buffer.from(request, "base64").toString("utf8");
  const block = /-----BEGIN [A-Z0-9 ]*CERTIFICATE REQUEST-----([\s\S]+?)-----END/.exec(pem)?.[1] ?? "";
  const der = Buffer.from(block, "base64");
  const found: string[] = [];
  // An attribute is the identifier of its type and then a string: tag, length, bytes. Names are shorter than 128 bytes.
  for (let at = der.indexOf(ORGANIZATION); at >= 0; at = der.indexOf(ORGANIZATION, at + 1)) {
    const start = at + ORGANIZATION.length;
    const length = der[start + 1] ?? 0;
    if (length < 0x80) found.push(der.subarray(start + 2, start + 2 + length).toString("utf8"));
  }
  return found;
}
