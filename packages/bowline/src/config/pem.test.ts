import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { authoritiesOf, certificateChainOf, pemBlocks, privateKeyBlockOf, writePem } from "./pem.ts";

const file = new URL("../transport/testdata/certificates.json", import.meta.url);
const { ca, clientA } = JSON.parse(readFileSync(file, "utf8")) as Record<string, { cert: string; key: string }>;
const [caPem, certPem, keyPem] = [ca?.cert ?? "", clientA?.cert ?? "", clientA?.key ?? ""];

const block = fc.record({
  label: fc.constantFrom("CERTIFICATE", "PRIVATE KEY", "X"),
  hasHeaders: fc.constant(false),
  bytes: fc.uint8Array({ maxLength: 200 }),
});

/** Lines that are no part of a block. */
const noise = fc.array(fc.stringMatching(/^[a-z ]{0,10}$/)).map((lines) => lines.map((line) => `${line}\n`).join(""));

test("blocks are found between any other lines, whatever ends a line", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, block)), noise, fc.boolean(), (parts, last, isWindows) => {
      const text = parts.map(([before, each]) => before + writePem(each)).join("") + last;
      const found = pemBlocks(isWindows ? text.replaceAll("\n", "\r\n") : text);
      assert.deepEqual(
        found.map(({ label, bytes }) => [label, [...bytes]]),
        parts.map(([, { label, bytes }]) => [label, [...bytes]]),
      );
    }),
  );
});

test("any text is read without an error, and what was read is read again as the same", () => {
  const piece = fc.constantFrom(
    "-----BEGIN ",
    "\n-----END ",
    "-----",
    "\n",
    "A",
    "AAAA",
    "=",
    ":",
    "\r",
    " ",
    "CERTIFICATE",
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const blocks = pemBlocks(pieces.join("")).map(({ label, bytes }) => ({ label, hasHeaders: false, bytes }));
      assert.deepEqual(
        pemBlocks(blocks.map((each) => writePem(each)).join("")).map(({ label, bytes }) => [label, [...bytes]]),
        blocks.map(({ label, bytes }) => [label, [...bytes]]),
      );
    }),
  );
});

test("a block that is broken, has no end, or does not begin a line is passed over", () => {
  const broken = "-----BEGIN CERTIFICATE-----\n###\n-----END CERTIFICATE-----\n";
  for (const before of [broken, "-----BEGIN CERTIFICATE-----\nQUFB\n", "hello\n"]) {
    assert.equal(authoritiesOf(before + caPem), caPem);
  }
  assert.equal(authoritiesOf(` ${caPem}`), "");
  assert.equal(authoritiesOf(`${caPem.trimEnd()}x`), "");
  assert.equal(authoritiesOf(caPem.replace("END CERTIFICATE", "END CRL")), "");
});

test("what is no certificate, or has headers, is no authority", () => {
  assert.equal(authoritiesOf(keyPem + caPem), caPem);
  assert.equal(authoritiesOf(caPem.replace("-----\n", "-----\nA: b\n\n")), "");
  assert.equal(authoritiesOf("-----BEGIN CERTIFICATE-----\nQUFB\n-----END CERTIFICATE-----\n"), "");
});

test("a chain keeps its order, and the first key counts, with text between its lines too", () => {
  assert.deepEqual(certificateChainOf(`${keyPem}${certPem}hello\n${caPem}`), [certPem, caPem]);
  const found = privateKeyBlockOf(certPem + keyPem);
  assert.equal(found && writePem(found), keyPem);
  assert.equal(privateKeyBlockOf(certPem), undefined);
});
