/**
 * What storing does to an object: kinds that are kept as protobuf cannot tell an empty list from none.
 */
import type { Schema } from "../schema/index.ts";

/** Groups whose objects are kept as JSON. */
const JSON_GROUPS = new Set(["apiextensions.k8s.io", "apiregistration.k8s.io"]);

/** Turns empty lists and maps that Go always writes into null, in place. */
export function dropEmptyLists(value: unknown, schema: Schema, group: string): void {
  if (!JSON_GROUPS.has(group)) visit(value, schema);
}

function visit(value: unknown, schema: Schema): void {
  if (typeof value !== "object" || value === null) return;
  switch (schema.type) {
    case "pointer":
      visit(value, schema.to);
      break;
    case "list":
      if (Array.isArray(value)) for (const item of value) visit(item, schema.items);
      break;
    case "map":
      for (const item of Object.values(value)) visit(item, schema.values);
      break;
    case "struct": {
      const fields = value as Record<string, unknown>;
      for (const [name, member] of Object.entries(fields)) {
        const field = schema.fields.get(name);
        if (field === undefined) continue;
        if (isEmpty(member) && (field.schema.type === "list" || field.schema.type === "map")) fields[name] = null;
        else visit(member, field.schema);
      }
    }
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
