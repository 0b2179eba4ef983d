import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KubeError } from "./kube-error.ts";
import { ParseError } from "./parse-error.ts";
import { Quantity } from "./quantity.ts";

const suffix = fc.constantFrom(
  "",
  "n",
  "u",
  "m",
  "k",
  "M",
  "G",
  "T",
  "P",
  "E",
  "Ki",
  "Mi",
  "Gi",
  "Ti",
  "Pi",
  "Ei",
  "e3",
  "E-5",
);
const quantityText = fc
  .tuple(fc.constantFrom("", "-", "+"), fc.bigInt(0n, 10n ** 22n), fc.option(fc.nat(99_999)), suffix)
  .map(([sign, whole, fraction, end]) => `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${end}`);
const quantity = quantityText.map((text) => Quantity.parse(text));

test("what is printed reads back as the same quantity, and as the same text", () => {
  fc.assert(
    fc.property(quantity, (value) => {
      const again = Quantity.parse(value.toString());
      assert.ok(again.equals(value));
      assert.equal(again.toString(), value.toString());
      const printed = value.neg().neg();
      assert.ok(Quantity.parse(printed.toString()).equals(value), printed.toString());
    }),
  );
});

test("comparison is an order that agrees with subtraction", () => {
  fc.assert(
    fc.property(quantity, quantity, quantity, (a, b, c) => {
      assert.equal(a.compare(b) + b.compare(a), 0);
      assert.equal(a.sub(b).sign, a.compare(b));
      if (a.compare(b) <= 0 && b.compare(c) <= 0) assert.ok(a.compare(c) <= 0);
    }),
  );
});

test("addition is commutative, associative and undone by subtraction", () => {
  fc.assert(
    fc.property(quantity, quantity, quantity, (a, b, c) => {
      assert.ok(a.add(b).equals(b.add(a)));
      assert.ok(
        a
          .add(b)
          .add(c)
          .equals(a.add(b.add(c))),
      );
      assert.ok(a.add(b).sub(b).equals(a));
    }),
  );
});

test("zero is zero at any scale", () => {
  for (const scale of [-9, -3, 0, 1, 9]) assert.equal(Quantity.parse("0").scaledValue(scale), 0n);
});

test("rounding goes away from zero to the next multiple, by less than one", () => {
  fc.assert(
    fc.property(quantity, fc.integer({ min: -9, max: 9 }), (value, scale) => {
      const rounded = value.roundUp(scale);
      const magnitude = (q: Quantity) => (q.sign < 0 ? q.neg() : q);
      const gap = magnitude(rounded).sub(magnitude(value));
      assert.ok(gap.sign >= 0 && gap.compare(Quantity.of(1, { scale })) < 0);
      assert.ok(Quantity.of(value.scaledValue(scale), { scale }).equals(rounded));
    }),
  );
});

test("any text is read or refused with a ParseError", () => {
  const near = fc.string({ unit: fc.constantFrom(..."0159.+-eEinumkKMGTP ") });
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      try {
        Quantity.parse(text);
      } catch (error) {
        assert.ok(error instanceof ParseError);
        assert.equal(error.code, "InvalidQuantity");
      }
    }),
  );
});

test("examples that people meet", () => {
  assert.equal(Quantity.parse("1.5Gi").add("512Mi").toString(), "2Gi");
  assert.equal(Quantity.parse("100m").toNumber(), 0.1);
  assert.equal(Quantity.parse(0.5).neg().toString(), "-500m");
  assert.equal(Quantity.parse("0.1").milliValue(), 100n);
  assert.equal(Quantity.parse("1.1m").milliValue(), 2n);
  assert.equal(Quantity.parse("-1.1").value(), -2n);
  assert.equal(Quantity.parse("1Gi").asInt64(), 1_073_741_824n);
  assert.equal(Quantity.parse("1.5").asInt64(), undefined);
  assert.equal(Quantity.parse("9223372036854775807").asInt64(), 9_223_372_036_854_775_807n);
  assert.equal(Quantity.parse("9223372036854775808").asInt64(), undefined);
  assert.equal(JSON.stringify({ cpu: Quantity.parse("2000m").add(0) }), '{"cpu":"2"}');
  assert.equal(Quantity.of(2048, { format: "BinarySI" }).toString(), "2Ki");
});

test("binary quantities stop at the largest 64-bit number", () => {
  assert.equal(Quantity.parse("1000Ei").value(), 2n ** 63n - 1n);
  assert.equal(Quantity.parse("-1000Ei").value(), -(2n ** 63n) + 1n);
});

test("large quantities keep their suffix, where apimachinery loses it", () => {
  assert.equal(Quantity.parse("1000E").toString(), "1000E");
  assert.equal(Quantity.parse("1Ei").mul(4096).toString(), "4096Ei");
});

test("numbers too large to write out are compared, and refused in sums", () => {
  const huge = Quantity.parse("1e2000000000");
  assert.equal(huge.compare("1e1999999999"), 1);
  assert.equal(huge.neg().compare("1"), -1);
  assert.equal(huge.asInt64(), undefined);
  assert.equal(huge.toNumber(), Infinity);
  assert.throws(() => huge.add("1"), { code: "QuantityOutOfRange" });
  assert.throws(() => huge.value(), KubeError);
});

test("a long text is refused in linear time", () => {
  const started = performance.now();
  assert.throws(() => Quantity.parse(`${"0".repeat(200_000)}x`), ParseError);
  assert.throws(() => Quantity.parse(`${"9".repeat(200_000)}.${"9".repeat(200_000)}x`), ParseError);
  assert.ok(performance.now() - started < 2000);
});

test("a text without digits is zero or refused, as apimachinery happens to do it", () => {
  for (const text of ["-", ".", ".k", ".Ki", "-e3"]) assert.ok(Quantity.parse(text).isZero, text);
  for (const text of [".Ei", "e-15", "+.e-15"]) {
    assert.throws(() => Quantity.parse(text), { reason: "unable to parse numeric part of quantity" }, text);
  }
});

test("the error shows the text and apimachinery's reason", () => {
  assert.throws(() => Quantity.parse("1kk"), {
    name: "ParseError",
    reason: "unable to parse quantity's suffix",
    message: 'cannot read "1kk" as a quantity: unable to parse quantity\'s suffix',
  });
});
