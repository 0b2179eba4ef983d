/**
 * Paths into an object, checked against its schema: `.spec.zone`, `.spec.labels['a.b']`.
 */
import { additionalOf, type JsonSchema, propertyOf } from "./json-schema.ts";

/** A path that leads to something, or why it does not. */
export type ResolvedPath =
  | { readonly isValid: true; readonly path: string; readonly root: string; readonly schema: JsonSchema | undefined }
  | { readonly isValid: false; readonly why: string };

/** Whether a path leads to a field of the schema. */
export function isValidPath(path: string, schema: JsonSchema): boolean {
  return resolvePath(path, schema).isValid;
}

/** Follows a path. The normal form that it answers has no leading dot. */
export function resolvePath(path: string, root: JsonSchema, allowsArrayNotation = true): ResolvedPath {
  const steps = path.match(/\.|\[|\]|'(?:\\.|[^'\\])*'|[^.[\]']+/g) ?? [];
  const names: string[] = [];
  let schema: JsonSchema | undefined = root;
  const fail = (why: string): ResolvedPath => ({ isValid: false, why });
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] ?? "";
    let name: string;
    if (step === ".") {
      const next = steps[++index];
      if (next === undefined) return fail("unexpected end of JSON path");
      name = next;
    } else if (step === "[") {
      if (!allowsArrayNotation) return fail("array notation is not allowed");
      const quoted = steps[++index];
      if (quoted === undefined) return fail("unexpected end of JSON path");
      if (!quoted.startsWith("'")) return fail(`expected single quoted string but got ${quoted}`);
      const close = steps[++index];
      if (close === undefined) return fail("unexpected end of JSON path");
      if (close !== "]") return fail(`expected ] but got ${close}`);
      name = quoted.slice(1, -1).replace(/\\(.)/g, "$1");
    } else return fail(`expected [ or . but got: ${step}`);
    const isNamed: boolean = schema?.properties !== undefined;
    const next: JsonSchema | undefined = isNamed ? propertyOf(schema, name) : additionalOf(schema);
    if (next === undefined) return fail("does not refer to a valid field");
    names.push(isNamed ? (names.length === 0 ? name : `.${name}`) : `[${name}]`);
    schema = next;
  }
  if (names.length === 0) return fail("empty path");
  return { isValid: true, path: names.join(""), root: names[0] ?? "", schema };
}
