/**
 * Where the built-in kinds have lists whose items merge by key (containers, ports, env), so that a merge patch that would
 * replace one whole can be refused.
 */
import { STRUCT_LINES } from "./kind-table-data.ts";

/** A field on the way to keyed lists. */
export interface KeyedField {
  /** The fields that tell items apart, where this field is a keyed list. */
  readonly keys: readonly string[] | undefined;
  /** Whether the field is a map of objects by name. */
  readonly isMap: boolean;
  /** The struct that the field (its items, its values) has; undefined where no keyed list lies further inside. */
  readonly struct: string | undefined;
}

let decoded: ReadonlyMap<string, string> | undefined;
const structs = new Map<string, ReadonlyMap<string, KeyedField>>();

/**
 * The fields of a struct that are keyed lists or lead to one; undefined where there are none. A kind's struct is named
 * `apiVersion/kind`, that of a part is what {@link KeyedField.struct} says.
 */
export function keyedFieldsOf(struct: string): ReadonlyMap<string, KeyedField> | undefined {
  const known = structs.get(struct);
  if (known !== undefined) return known;
  decoded ??= new Map(STRUCT_LINES.trim().split("\n").map(splitName));
  const line = decoded.get(struct);
  if (line === undefined) return undefined;
  const fields = new Map(line.split(" ").map(decodeField));
  structs.set(struct, fields);
  return fields;
}

/**
 * The keyed lists that a JSON merge patch would replace whole, as paths: `spec.template.spec.containers`. `null` and an
 * empty list replace nothing by mistake and are not among them.
 *
 * @param patch the patch, as it is sent
 */
export function replacedKeyedLists(apiVersion: string, kind: string, patch: unknown): string[] {
  const found: string[] = [];
  visit(`${apiVersion}/${kind}`, patch, "", found);
  return found;
}

function visit(struct: string, value: unknown, path: string, found: string[]): void {
  const fields = keyedFieldsOf(struct);
  if (fields === undefined || !isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const field = fields.get(name);
    if (field === undefined) continue;
    const at = path === "" ? name : `${path}.${name}`;
    if (field.keys !== undefined) {
      if (Array.isArray(inner) && inner.length > 0) found.push(at);
    } else if (field.struct !== undefined) {
      if (!field.isMap) visit(field.struct, inner, at, found);
      else if (isObject(inner)) for (const [key, item] of Object.entries(inner)) visit(field.struct, item, `${at}.${key}`, found);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function splitName(line: string): [string, string] {
  const space = line.indexOf(" ");
  return [line.slice(0, space), line.slice(space + 1)];
}

function decodeField(text: string): [string, KeyedField] {
  const [left = "", struct] = text.split(">");
  const bracket = left.indexOf("[");
  const isMap = left.endsWith("{}");
  const name = bracket >= 0 ? left.slice(0, bracket) : isMap ? left.slice(0, -2) : left;
  return [name, { keys: bracket >= 0 ? left.slice(bracket + 1, -1).split(",") : undefined, isMap, struct }];
}
