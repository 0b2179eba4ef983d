import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import { kindOfSchema, readApi } from "../packages/cli/src/generate/api-model.ts";
import { EMPTY_REQUIRED_FIELDS, NULLABLE_FIELDS } from "../packages/cli/src/generate/nullable-fields.ts";
import { apiVersionOf, referenceOf, type Schema } from "../packages/cli/src/generate/openapi-document.ts";
import { readFolder } from "../packages/cli/src/generate/read-documents.ts";
import { SOURCE } from "./generate.ts";

/** What conformance/go-facts writes, as far as this test reads it: `n` name, `t` type, `f` flags. */
interface GoFacts {
  readonly kinds: Readonly<Record<string, number>>;
  readonly types: readonly {
    readonly k: string;
    readonly fields?: readonly { readonly n: string; readonly t: string; readonly f?: string }[];
  }[];
}

const facts = JSON.parse(
  gunzipSync(readFileSync(join(SOURCE, "..", "..", "..", "go-types.json.gz"))).toString("utf8"),
) as GoFacts;

/** `*#12`, `[]#12`, `map[string]#12` and `#12` refer to type 12. */
function indexOf(type: string): number | undefined {
  const index = /#(\d+)$/.exec(type)?.[1];
  return index === undefined ? undefined : Number(index);
}

function isEncodedAsNull(type: string, flags: string): boolean {
  if (/^(\*|\[\]|map\[)/.test(type)) return !flags.includes("e");
  const form = facts.types[indexOf(type) ?? -1]?.k ?? "";
  if (form === "time" || form === "microTime") return !flags.includes("z");
  return form === "raw" || (/^(\[\]|map\[)/.test(form) && !flags.includes("e"));
}

/** All fields of the built-in kinds that Go may encode as null, with whether OpenAPI requires them. */
function nullableInGo(schemas: ReadonlyMap<string, Schema>): Map<string, boolean> {
  const found = new Map<string, boolean>();
  const seen = new Set<string>();
  const visit = (index: number, name: string): void => {
    const schema = schemas.get(name);
    if (schema === undefined || seen.has(name)) return;
    seen.add(name);
    for (const field of facts.types[index]?.fields ?? []) {
      const property = schema.properties?.[field.n];
      if (property === undefined) continue;
      const values = typeof property.additionalProperties === "object" ? property.additionalProperties : undefined;
      const inner = referenceOf(property.items ?? values ?? property);
      const target = indexOf(field.t);
      if (inner !== undefined && target !== undefined) visit(target, inner);
      if (isEncodedAsNull(field.t, field.f ?? ""))
        found.set(`${name}.${field.n}`, schema.required?.includes(field.n) === true);
    }
  };
  for (const [name, schema] of schemas) {
    const kind = kindOfSchema(schema);
    const index =
      kind === undefined || name.endsWith("List") ? undefined : facts.kinds[`${apiVersionOf(kind)}/${kind.kind}`];
    if (index !== undefined) visit(index, name);
  }
  return found;
}

test("the nullable fields are those that Go encodes as null and validation lets be empty", async () => {
  const { schemas } = readApi(await readFolder(SOURCE));
  const inGo = nullableInGo(schemas);
  assert.ok(inGo.size > 80, `${inGo.size} fields found`);
  const expected = [...inGo]
    .filter(([field, isRequired]) => !isRequired || EMPTY_REQUIRED_FIELDS.has(field))
    .map(([field]) => field);
  assert.deepEqual([...NULLABLE_FIELDS].sort(), expected.sort());
});
