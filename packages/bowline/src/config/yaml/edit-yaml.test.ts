import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PathSegment } from "./edit-yaml.ts";
import { dumpYaml, editYaml } from "./edit-yaml.ts";
import { readFirstDocument } from "./read-yaml.ts";

const source = `# my clusters
apiVersion: v1
clusters:
- name: a   # the first
  cluster:
    server: "https://a"  # quoted
    unknown: {x: [1, 2]} # kept
- cluster:
    server: https://b
  name: b
contexts: []
current-context: ''
users:
`;

test("a value is replaced where it stands", () => {
  const edited = editYaml(source, ["clusters", { name: "a" }, "cluster", "server"], "https://new");
  assert.equal(edited, source.replace('"https://a"', "https://new"));
  assert.equal(
    editYaml(source, ["current-context"], "yes"),
    source.replace("current-context: ''", "current-context: 'yes'"),
  );
});

test("a key is added at the end of its mapping, in its column", () => {
  const edited = editYaml(source, ["clusters", { name: "b" }, "cluster", "tls-server-name"], "x");
  assert.equal(edited, source.replace("https://b\n", "https://b\n    tls-server-name: x\n"));
});

test("a list gets a further item", () => {
  const edited = editYaml(source, ["clusters", { name: "c" }, "cluster", "server"], "https://c");
  assert.equal(edited, source.replace("  name: b\n", "  name: b\n- name: c\n  cluster:\n    server: https://c\n"));
});

test("an empty list or value becomes a block", () => {
  const added = editYaml(source, ["contexts", { name: "c" }, "context"], { cluster: "a" });
  assert.equal(added, source.replace("contexts: []", "contexts:\n- name: c\n  context:\n    cluster: a"));
  const user = editYaml(source, ["users", { name: "u" }, "user", "token"], "t");
  assert.equal(user, source.replace("users:\n", "users:\n- name: u\n  user:\n    token: t\n"));
});

test("a value is removed with its line, an item with all of its lines", () => {
  const field = editYaml(source, ["clusters", { name: "a" }, "cluster", "server"], undefined);
  assert.equal(field, source.replace('    server: "https://a"  # quoted\n', ""));
  const item = editYaml(source, ["clusters", { name: "b" }], undefined);
  assert.equal(item, source.replace("- cluster:\n    server: https://b\n  name: b\n", ""));
  const both = editYaml(item, ["clusters", { name: "a" }], undefined);
  assert.deepEqual(readFirstDocument(both), { ...(readFirstDocument(source) as object), clusters: [] });
  assert.match(both, /^# my clusters/);
});

test("a name is changed", () => {
  const edited = editYaml(source, ["clusters", { name: "a" }, "name"], "z");
  assert.equal(edited, source.replace("name: a ", "name: z "));
});

test("removing what is not there changes nothing", () => {
  for (const path of [["zzz"], ["clusters", { name: "zzz" }], ["clusters", { name: "zzz" }, "cluster", "x"]] as const) {
    assert.equal(editYaml(source, path, undefined), source);
  }
});

test("JSON stays JSON, and an empty file becomes YAML", () => {
  assert.equal(editYaml('{"a":1}', ["b", "c"], 2), '{"a":1,"b":{"c":2}}');
  assert.equal(editYaml("", ["a", "b"], "c"), "a:\n  b: c\n");
  assert.equal(editYaml("# only this\n", ["a"], 1).trim(), "a: 1");
});

test("what cannot be changed in place is written anew, with the same meaning", () => {
  const anchored = "a: &x {p: 1}\nb: *x\n";
  assert.deepEqual(readFirstDocument(editYaml(anchored, ["b", "q"], 2)), { a: { p: 1 }, b: { p: 1, q: 2 } });
});

test("any edit of any document reads as the document with the one change", () => {
  const key = fc.constantFrom("a", "b", "yes", "1", "x y", "é: #");
  const leaf = fc.oneof(
    fc.string(),
    fc.constantFrom("y", "no", "~", "1", "0x1", "a: b", "- x", "l1\nl2\n", " s "),
    fc.boolean(),
    fc.integer(),
  );
  const value = fc.oneof(leaf, fc.dictionary(key, leaf, { noNullPrototype: true }), fc.array(leaf, { maxLength: 3 }));
  const named = fc.uniqueArray(fc.record({ name: key, v: value }, { noNullPrototype: true }), {
    selector: (item) => item.name,
    maxLength: 3,
  });
  const document = fc.record(
    { list: named, map: fc.dictionary(key, fc.oneof(value, named), { noNullPrototype: true }), s: leaf },
    { requiredKeys: [], noNullPrototype: true },
  );
  const path: fc.Arbitrary<readonly PathSegment[]> = fc.oneof(
    fc.tuple(fc.constantFrom("s", "n")),
    fc.tuple(fc.constantFrom("map", "n"), key),
    fc.tuple(
      fc.constantFrom("list", "n"),
      key.map((name) => ({ name })),
    ),
    fc.tuple(
      fc.constantFrom("list", "n"),
      key.map((name) => ({ name })),
      fc.constantFrom("v", "w"),
      key,
    ),
  );
  fc.assert(
    fc.property(document, path, fc.option(value, { nil: undefined }), fc.boolean(), (before, at, given, asJson) => {
      // An item that is named by the path is only removed: setting it would take its name away.
      const now = typeof at.at(-1) === "object" ? undefined : given;
      const text = asJson ? JSON.stringify(before) : dumpYaml(before);
      assert.deepEqual(readFirstDocument(text), before, "the dump reads back");
      const edited = readFirstDocument(editYaml(text, at, now)) as Record<string, unknown>;
      const rest = { ...edited };
      const original: Record<string, unknown> = { ...before };
      const [top] = at;
      if (typeof top === "string") {
        delete rest[top];
        delete original[top];
      }
      assert.deepEqual(rest, original, "nothing else has changed");
      if (now !== undefined) assert.deepEqual(valueAt(edited, at), now);
      else assert.equal(valueAt(edited, at), undefined);
    }),
    { numRuns: 300 },
  );
});

function valueAt(node: unknown, [segment, ...rest]: readonly PathSegment[]): unknown {
  if (segment === undefined || typeof node !== "object" || node === null)
    return segment === undefined ? node : undefined;
  if (typeof segment === "string")
    return valueAt(Object.hasOwn(node, segment) ? (node as Record<string, unknown>)[segment] : undefined, rest);
  const items = Array.isArray(node) ? (node as readonly { readonly name?: string }[]) : [];
  return valueAt(
    items.find(({ name }) => name === segment.name),
    rest,
  );
}
