/**
 * Sets of paths to fields, the algebra of field ownership, and their `fieldsV1` form.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */

import { define } from "../schema/json-reader.ts";
import { memberSchema, type Schema, withoutPointer } from "../schema/schema.ts";
import { isRecord, type JsonRecord } from "./json-value.ts";
import { compareElements, fieldName, type Path, type PathElement, parsePathElement } from "./path-element.ts";

/** A set of paths. A path that is a member does not make its parts, or what is below it, members. */
export class FieldSet {
  readonly members: Set<PathElement> = new Set();
  readonly children: Map<PathElement, FieldSet> = new Map();

  static of(...paths: readonly Path[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  /** Adds a path to this set. */
  insert(path: Path): void {
    let set: FieldSet = this;
    for (const element of path.slice(0, -1)) set = set.descend(element);
    const last = path.at(-1);
    if (last !== undefined) set.members.add(last);
  }

  private descend(element: PathElement): FieldSet {
    const found = this.children.get(element);
    if (found !== undefined) return found;
    const made = new FieldSet();
    this.children.set(element, made);
    return made;
  }

  has(path: Path): boolean {
    let set: FieldSet = this;
    for (const element of path.slice(0, -1)) set = set.below(element);
    const last = path.at(-1);
    return last !== undefined && set.members.has(last);
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && [...this.children.values()].every((child) => child.isEmpty);
  }

  /** What is below an element. */
  below(element: PathElement): FieldSet {
    return this.children.get(element) ?? empty;
  }

  union(other: FieldSet): FieldSet {
    const members = [...this.members, ...other.members];
    const children = new Map(this.children);
    for (const [element, child] of other.children) {
      const own = children.get(element);
      children.set(element, own === undefined ? child : own.union(child));
    }
    return build(members, children);
  }

  intersection(other: FieldSet): FieldSet {
    const children = new Map<PathElement, FieldSet>();
    for (const [element, child] of this.children) children.set(element, child.intersection(other.below(element)));
    return build(
      [...this.members].filter((element) => other.members.has(element)),
      children,
    );
  }

  difference(other: FieldSet): FieldSet {
    const children = new Map<PathElement, FieldSet>();
    for (const [element, child] of this.children) children.set(element, child.difference(other.below(element)));
    return build(
      [...this.members].filter((element) => !other.members.has(element)),
      children,
    );
  }

  /** Difference where a path of `other` takes all that is below it along. */
  recursiveDifference(other: FieldSet): FieldSet {
    const children = new Map<PathElement, FieldSet>();
    for (const [element, child] of this.children) {
      if (!other.members.has(element)) children.set(element, child.recursiveDifference(other.below(element)));
    }
    return build(
      [...this.members].filter((element) => !other.members.has(element)),
      children,
    );
  }

  /** Adds the named struct fields that paths go through. */
  withNamedFields(schema: Schema | undefined): FieldSet {
    const members = [...this.members];
    const children = new Map<PathElement, FieldSet>();
    const own = schema === undefined ? undefined : withoutPointer(schema);
    for (const [element, child] of this.children) {
      const name = fieldName(element);
      if (name !== undefined && own?.type === "struct" && own.fields.has(name)) members.push(element);
      children.set(element, child.withNamedFields(own === undefined ? undefined : elementSchema(own, element)));
    }
    return build(members, children);
  }

  /** All paths: members of a level before what is below it. */
  paths(): Path[] {
    const members: Path[] = [...this.members].sort(compareElements).map((element) => [element]);
    const below = [...this.children.keys()].sort(compareElements).flatMap((element) =>
      this.below(element)
        .paths()
        .map((path): Path => [element, ...path]),
    );
    return [...members, ...below];
  }

  /** The `fieldsV1` form. */
  toFieldsV1(): JsonRecord {
    const fields: JsonRecord = {};
    const elements = new Set([...this.members, ...this.children.keys()]);
    for (const element of [...elements].sort(compareElements)) {
      const child = this.children.get(element);
      if (child === undefined) define(fields, element, {});
      else define(fields, element, this.members.has(element) ? { ".": {}, ...child.toFieldsV1() } : child.toFieldsV1());
    }
    return fields;
  }

  /** Reads `fieldsV1`. Throws a SyntaxError for a broken path element, and for what is no object. */
  static fromFieldsV1(fields: unknown): FieldSet {
    const set = new FieldSet();
    if (fields === undefined || fields === null) return set;
    if (!isRecord(fields)) throw new SyntaxError("an object of fields was expected");
    for (const [text, below] of Object.entries(fields)) {
      const element = text === "." ? undefined : parsePathElement(text);
      if (element === undefined) continue;
      const child = FieldSet.fromFieldsV1(below);
      const hasChildren = child.members.size > 0 || child.children.size > 0;
      if (hasChildren) set.children.set(element, child);
      if (!hasChildren || (isRecord(below) && Object.hasOwn(below, "."))) set.members.add(element);
    }
    return set;
  }
}

const empty = new FieldSet();

/** Children without a path are left out. */
function build(members: readonly PathElement[], children: ReadonlyMap<PathElement, FieldSet>): FieldSet {
  const set = new FieldSet();
  for (const element of members) set.members.add(element);
  for (const [element, child] of children) if (!child.isEmpty) set.children.set(element, child);
  return set;
}

/** The schema of what an element leads to. */
export function elementSchema(schema: Schema, element: PathElement): Schema | undefined {
  const name = fieldName(element);
  if (name !== undefined) return memberSchema(schema, name);
  return schema.type === "list" ? schema.items : schema.type === "any" ? schema : undefined;
}
