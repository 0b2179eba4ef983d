import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManifestError, parseManifests } from "bowline";
import fc from "fast-check";

describe("parseManifests", () => {
  it("gives every document in order, lists unpacked, empty ones left out", async () => {
    const objects = await parseManifests(`
# first
apiVersion: v1
kind: Namespace
metadata: { name: web }
---
---
apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: Secret, metadata: { name: s } }
- apiVersion: v1
  kind: List
  items: [{ apiVersion: v1, kind: Secret, metadata: { name: t } }]
---
apiVersion: v1
kind: ConfigMapList
items: [{ metadata: { name: c } }]
...
`);
    assert.deepEqual(
      objects.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`),
      ["v1 Namespace web", "v1 Secret s", "v1 Secret t", "v1 ConfigMap c"],
    );
  });

  it("reads JSON", async () => {
    assert.deepEqual(await parseManifests('{"apiVersion":"v1","kind":"Pod","x":1}'), [
      { apiVersion: "v1", kind: "Pod", x: 1 },
    ]);
    assert.deepEqual(await parseManifests(""), []);
  });

  it("says which document is no object of Kubernetes, and quotes nothing of it", async () => {
    const bad: readonly [string, RegExp][] = [
      ["apiVersion: v1\nkind: Pod\n---\nkind: Secret\nstringData: { a: hunter2 }\n", /document 2 has no apiVersion/],
      ["apiVersion: v1\n", /document 1 has no kind/],
      ["- a\n", /document 1 is not an object/],
      ["apiVersion: v1\nkind: List\nitems: [{ kind: hunter2 }]\n", /item 1 of document 1 has no apiVersion/],
      ["a: [hunter2\n", /line \d+/],
    ];
    for (const [text, expected] of bad) {
      await assert.rejects(parseManifests(text), (error) => {
        assert.ok(error instanceof ManifestError);
        assert.match(error.message, expected);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    }
  });

  it("lets a key __proto__ pollute nothing", async () => {
    const text =
      '{"apiVersion":"v1","kind":"ConfigMapList","__proto__":{"polluted":1},"items":[{"__proto__":{"polluted":1}}]}';
    for (const source of [text, text.replace(/[{,]/g, "$&\n")]) {
      const [object] = await parseManifests(source);
      assert.equal((object as { polluted?: unknown }).polluted, undefined);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    }
  });

  it("gives objects or a typed error, whatever the text", async () => {
    const unit = fc.constantFrom(
      "a",
      ":",
      " ",
      "\n",
      "-",
      "---\n",
      "{",
      "}",
      "[",
      "&x",
      "*x",
      "apiVersion: v1\n",
      "kind: List\n",
      "items:\n",
      '"',
      "|",
      "!!js/function",
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit }), async (text) => {
        try {
          for (const object of await parseManifests(text)) assert.equal(typeof object.kind, "string");
        } catch (error) {
          assert.ok(error instanceof ManifestError, String(error));
        }
      }),
    );
  });
});
