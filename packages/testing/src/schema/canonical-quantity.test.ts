import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalQuantity } from "./canonical-quantity.ts";

test("writes quantities in their canonical form", () => {
  const forms: Record<string, string> = {
    "0": "0",
    "0.5": "500m",
    ".5": "500m",
    "5.": "5",
    "+1": "1",
    "-1.5": "-1500m",
    "1024Mi": "1Gi",
    "1.5Gi": "1536Mi",
    "0.1Mi": "104857600m",
    "1000m": "1",
    "100000k": "100M",
    "1e3": "1e3",
    "12E6": "12e6",
    "2048": "2048",
    "1023Ki": "1023Ki",
    "0Gi": "0",
    "1.0001n": "2n",
    "1500e3": "1500e3",
  };
  for (const [text, form] of Object.entries(forms)) assert.equal(canonicalQuantity(text), form, text);
});

test("is stable on its own results", () => {
  const quantities = fc.tuple(
    fc.nat(),
    fc.constantFrom("", ".5", ".25"),
    fc.constantFrom("", "m", "k", "M", "Ki", "Mi", "Gi", "n", "u", "e3"),
  );
  fc.assert(
    fc.property(quantities, ([whole, fraction, suffix]) => {
      const once = canonicalQuantity(`${whole}${fraction}${suffix}`);
      assert.equal(canonicalQuantity(once), once);
    }),
  );
});

test("refuses what is no quantity in the server's words", () => {
  const pattern = /^GoValueError: quantities must match the regular expression/;
  for (const text of ["", "x", "1.2.3", "1 Gi", "true", "."])
    assert.throws(() => canonicalQuantity(text), pattern, text);
  assert.throws(() => canonicalQuantity("1kk"), { message: "unable to parse quantity's suffix" });
});
