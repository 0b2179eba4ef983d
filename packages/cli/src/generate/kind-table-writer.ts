/**
 * Writes the run-time facts of all kinds as two texts: one line a kind, and one line a struct on the way to a keyed list.
 *
 * Texts, because a string costs the JavaScript parser nothing until it is decoded.
 */
import { type ApiModel, kindOfSchema } from "./api-model.ts";
import { keyedListOf } from "./keyed-list.ts";
import { apiVersionOf, referenceOf, type Schema } from "./openapi-document.ts";
import type { TypeName } from "./type-names.ts";

/**
 * The text of `kind-table-data.ts`.
 *
 * - A kind: `<kind> <plural> <N|C> <subresources, comma-separated>`, below a line with its apiVersion.
 * - A struct: `<name> <field> <field> ...`, where a field is `<field>[<keys>]` for a keyed list, `<field>` for a struct and
 *   `<field>{}` for a map of structs, each followed by `><struct>` where a keyed list lies further inside. A kind's struct
 *   is named `<apiVersion>/<kind>`.
 */
export function writeKindTable(model: ApiModel, names: ReadonlyMap<string, TypeName>, header: string): string {
  return `${header}
/** Kinds: a line for each, below its apiVersion. Decoded by kind-table.ts. */
export const KIND_LINES: string = \`\n${writeKinds(model)}\`;

/** Structs in which, or below which, there are keyed lists. Decoded by keyed-lists.ts. */
export const STRUCT_LINES: string = \`\n${writeStructs(model, names)}\`;
`;
}

function writeKinds(model: ApiModel): string {
  const byApiVersion = new Map<string, string[]>();
  for (const kind of model.kinds.values()) {
    if (kind.plural === undefined) continue;
    const lines = byApiVersion.get(kind.apiVersion) ?? [];
    byApiVersion.set(kind.apiVersion, lines);
    lines.push(`${kind.kind} ${kind.plural} ${kind.isNamespaced ? "N" : "C"} ${kind.subresources.join(",")}`.trimEnd());
  }
  return [...byApiVersion].map(([apiVersion, lines]) => `${apiVersion}\n${lines.join("\n")}\n`).join("");
}

function writeStructs(model: ApiModel, names: ReadonlyMap<string, TypeName>): string {
  const reaching = schemasWithKeyedLists(model.schemas);
  const label = labels(model.schemas, names, reaching);
  const lines: string[] = [];
  for (const name of reaching) {
    const fields = Object.entries(model.schemas.get(name)?.properties ?? {})
      .map(([field, schema]) => writeEdge(field, schema, model.schemas, label))
      .filter((edge) => edge !== undefined);
    lines.push([label.get(name) ?? name, ...fields].join(" "));
  }
  return `${lines.sort().join("\n")}\n`;
}

function writeEdge(
  field: string,
  schema: Schema,
  schemas: ReadonlyMap<string, Schema>,
  label: ReadonlyMap<string, string>,
): string | undefined {
  const list = keyedListOf(schema, schemas);
  const target = targetOf(schema, schemas);
  const inside = target === undefined ? undefined : label.get(target);
  const suffix = inside === undefined ? "" : `>${inside}`;
  if (list !== undefined) return `${field}[${list.keys.join(",")}]${suffix}`;
  if (inside === undefined) return undefined;
  return referenceOf(schema) === undefined ? `${field}{}${suffix}` : `${field}${suffix}`;
}

/** The struct that a patch reaches through a field without replacing a whole list. */
function targetOf(field: Schema, schemas: ReadonlyMap<string, Schema>): string | undefined {
  const direct = referenceOf(field);
  if (direct !== undefined) return direct;
  if (typeof field.additionalProperties === "object") return referenceOf(field.additionalProperties);
  return keyedListOf(field, schemas) === undefined || field.items === undefined ? undefined : referenceOf(field.items);
}

/** Every schema with a keyed list in it or below it. */
function schemasWithKeyedLists(schemas: ReadonlyMap<string, Schema>): Set<string> {
  const reaching = new Set<string>();
  for (let before = -1; before !== reaching.size; ) {
    before = reaching.size;
    for (const [name, schema] of schemas) {
      if (reaching.has(name)) continue;
      const fields = Object.values(schema.properties ?? {});
      if (
        fields.some(
          (field) => keyedListOf(field, schemas) !== undefined || reaching.has(targetOf(field, schemas) ?? ""),
        )
      )
        reaching.add(name);
    }
  }
  return reaching;
}

/** Short names: a kind's is `apiVersion/kind`, a part's is its own, or `module/name` where two modules have that name. */
function labels(
  schemas: ReadonlyMap<string, Schema>,
  names: ReadonlyMap<string, TypeName>,
  reaching: ReadonlySet<string>,
): Map<string, string> {
  const result = new Map<string, string>();
  const taken = new Set<string>();
  for (const schemaName of reaching) {
    const schema = schemas.get(schemaName);
    const kind = schema === undefined ? undefined : kindOfSchema(schema);
    const type = names.get(schemaName);
    const short = kind === undefined ? (type?.name ?? schemaName) : `${apiVersionOf(kind)}/${kind.kind}`;
    const name = taken.has(short) ? `${type?.module}/${short}` : short;
    taken.add(name);
    result.set(schemaName, name);
  }
  return result;
}
