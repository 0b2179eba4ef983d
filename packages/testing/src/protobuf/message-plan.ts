/**
 * Which field of a kind each field number of its protobuf message stands for.
 */
import { type Field, type Schema, type StructSchema, shortGoName } from "../schema/schema.ts";

/** The fields of one message. */
export interface MessagePlan {
  /** As errors name it: `ConfigMap`. */
  readonly message: string;
  readonly fields: ReadonlyMap<number, PlannedField>;
}

/** A value with a name of its own, or a message whose fields stand in the struct around it. */
export type PlannedField =
  | { readonly type: "value"; readonly name: string; readonly goName: string; readonly schema: Schema }
  | { readonly type: "embedded"; readonly goName: string; readonly plan: MessagePlan };

const plans = new WeakMap<StructSchema, MessagePlan>();

/** The plan of a struct's message. */
export function planFor(schema: StructSchema): MessagePlan {
  let plan = plans.get(schema);
  if (plan === undefined) {
    plan = makePlan(shortGoName(schema.go), [...schema.fields.values()], 0);
    plans.set(schema, plan);
  }
  return plan;
}

function makePlan(message: string, fields: readonly Field[], depth: number): MessagePlan {
  const planned = new Map<number, PlannedField>();
  const embedded = new Map<number, Field[]>();
  for (const field of fields) {
    const number = field.wirePath?.[depth];
    // apiVersion and kind are in the envelope.
    if (number === undefined) continue;
    const goName = field.goName ?? field.name;
    if (field.wirePath?.length === depth + 1) {
      planned.set(number, { type: "value", name: field.name, goName, schema: field.schema });
    } else {
      embedded.set(number, [...(embedded.get(number) ?? []), field]);
    }
  }
  for (const [number, inner] of embedded) {
    const goName = inner[0]?.embedded ?? "";
    planned.set(number, { type: "embedded", goName, plan: makePlan(goName, inner, depth + 1) });
  }
  return { message, fields: planned };
}
