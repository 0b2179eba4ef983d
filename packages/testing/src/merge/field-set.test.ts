import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FieldSet } from "./field-set.ts";
import {
  compareElements,
  fieldElement,
  formatPath,
  indexElement,
  keyElement,
  type Path,
  valueElement,
} from "./path-element.ts";

const elements = fc.oneof(
  fc.constantFrom("a", "b", "c").map(fieldElement),
  fc.constantFrom("x", "y").map((name) => keyElement({ name })),
  fc.constantFrom<string | number>("s", 1).map(valueElement),
  fc.constantFrom(0, 1).map(indexElement),
);
const paths = fc.array(elements, { minLength: 1, maxLength: 3 });
const sets = fc.array(paths, { maxLength: 8 }).map((list) => FieldSet.of(...list));

function texts(set: FieldSet): string[] {
  return set
    .paths()
    .map((path) => JSON.stringify(path))
    .sort();
}
function model(set: FieldSet): Set<string> {
  return new Set(texts(set));
}

test("union, intersection and difference are those of sets of paths", () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const left = model(a);
      const right = model(b);
      assert.deepEqual(texts(a.union(b)), [...new Set([...left, ...right])].sort());
      assert.deepEqual(texts(a.intersection(b)), [...left].filter((path) => right.has(path)).sort());
      assert.deepEqual(texts(a.difference(b)), [...left].filter((path) => !right.has(path)).sort());
    }),
  );
});

test("the recursive difference takes what is below along", () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const removed = b.paths();
      const isBelow = (path: Path): boolean =>
        removed.some((prefix) => prefix.every((element, index) => path[index] === element));
      const expected = a
        .paths()
        .filter((path) => !isBelow(path))
        .map((path) => JSON.stringify(path));
      assert.deepEqual(texts(a.recursiveDifference(b)), expected.sort());
    }),
  );
});

test("fieldsV1 gives the set back", () => {
  fc.assert(
    fc.property(sets, (set) => {
      assert.deepEqual(texts(FieldSet.fromFieldsV1(set.toFieldsV1())), texts(set));
    }),
  );
});

test("reads what the server writes", () => {
  const fields = {
    "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
    "f:spec": { "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } } },
  };
  const set = FieldSet.fromFieldsV1(fields);
  assert.deepEqual(set.paths().map(formatPath), [
    ".metadata.labels",
    ".metadata.labels.app",
    '.spec.ports[port=80,protocol="TCP"]',
    '.spec.ports[port=80,protocol="TCP"].port',
  ]);
  assert.equal(JSON.stringify(set.toFieldsV1()), JSON.stringify(fields));
});

test("keys are canonical whatever their order", () => {
  assert.equal(keyElement({ protocol: "TCP", port: 80 }), 'k:{"port":80,"protocol":"TCP"}');
  const set = FieldSet.fromFieldsV1({ 'k:{"protocol":"TCP", "port":80}': {} });
  assert(set.has([keyElement({ port: 80, protocol: "TCP" })]));
});

test("elements are in one order", () => {
  fc.assert(
    fc.property(elements, elements, elements, (a, b, c) => {
      assert.equal(Math.sign(compareElements(a, b)) + Math.sign(compareElements(b, a)), 0);
      if (compareElements(a, b) <= 0 && compareElements(b, c) <= 0) assert(compareElements(a, c) <= 0);
      assert.equal(compareElements(a, b) === 0, a === b);
    }),
  );
});

test("ignores elements of unknown types and refuses broken ones", () => {
  assert(FieldSet.fromFieldsV1({ "z:x": {} }).isEmpty);
  assert.throws(() => FieldSet.fromFieldsV1({ "k:{": {} }), SyntaxError);
  assert.throws(() => FieldSet.fromFieldsV1({ spec: {} }), SyntaxError);
});
