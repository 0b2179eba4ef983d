/**
 * The types that the expressions of mutations make: `Object{...}`, whose fields are named as the object's are, and `JSONPatch{...}`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
import {
  CelDuration,
  CelObject,
  CelTimestamp,
  type CelType,
  type CelValue,
  DYN,
  durationText,
  FunctionLibrary,
  listOf,
  STRING,
  standardLibrary,
  struct,
  timestampText,
} from "../../cel/index.ts";

/** Fields of which no name is unknown. */
class OpenFields extends Map<string, CelType> {
  readonly #other: CelType;
  constructor(fields: Iterable<readonly [string, CelType]>, other: CelType) {
    super(fields);
    this.#other = other;
  }
  override get(name: string): CelType {
    return super.get(name) ?? this.#other;
  }
}

const PATCH_FIELDS = [
  ["op", STRING],
  ["path", STRING],
  ["from", STRING],
  ["value", DYN],
] as const;
/** A type that nothing is of. */
const NOTHING = struct("");

/** What an apply configuration is. */
export const APPLY_CONFIGURATION: CelType = struct("Object", new OpenFields([], DYN));
const JSON_PATCH = struct("JSONPatch", new OpenFields(PATCH_FIELDS, NOTHING));
/** What a JSON patch is. */
export const JSON_PATCH_LIST: CelType = listOf(JSON_PATCH);

/** The type of this name; undefined for any other name. */
export function mutationType(name: string): CelType | undefined {
  if (name === "JSONPatch") return JSON_PATCH;
  return name === "Object" || name.startsWith("Object.") ? struct(name, new OpenFields([], DYN)) : undefined;
}

/** The functions of mutations. */
export function mutationLibrary(): FunctionLibrary {
  return new FunctionLibrary(standardLibrary()).declare(
    "string_jsonpatch_escapeKey_string",
    "jsonpatch.escapeKey(string): string",
    (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1"),
  );
}

/** Why the types of nested objects are not named by their fields; undefined where they are. */
export function namingProblem(value: CelValue, path = "Object"): string | undefined {
  const problems: string[] = [];
  collect(value, path, problems);
  return problems.length === 0 ? undefined : problems.join("\n");
}

function collect(value: CelValue, path: string, problems: string[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, path, problems);
  if (!(value instanceof Map)) return;
  if (!(value instanceof CelObject)) {
    for (const member of value.values()) collect(member, path, problems);
    return;
  }
  if (value.type.name !== path) {
    const what = `unexpected type name ${JSON.stringify(value.type.name)}, expected ${JSON.stringify(path)}`;
    problems.push(`${what}, which matches field name path from root Object type`);
  }
  for (const [name, member] of value) collect(member, `${path}.${name}`, problems);
}

/** A value as JSON. */
export function toJson(value: CelValue): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [String(key), toJson(member)]));
  if (value instanceof CelTimestamp) return timestampText(value);
  if (value instanceof CelDuration) return durationText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}
