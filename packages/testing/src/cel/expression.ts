/**
 * Expressions as a tree, macros expanded. A node's offset is where cel-go places what is wrong with it: an operator's own sign, the
 * opening bracket of a call.
 */
import type { CelValue } from "./value.ts";

interface Node {
  readonly offset: number;
}

export interface Literal extends Node {
  readonly op: "literal";
  readonly value: CelValue;
}

export interface Identifier extends Node {
  readonly op: "identifier";
  readonly name: string;
}

export interface Select extends Node {
  readonly op: "select";
  readonly operand: Expression;
  readonly field: string;
  /** `has(a.b)`, which asks whether the field is there. */
  readonly isTest: boolean;
}

export interface Call extends Node {
  readonly op: "call";
  readonly name: string;
  readonly target?: Expression | undefined;
  readonly args: readonly Expression[];
}

export interface List extends Node {
  readonly op: "list";
  readonly items: readonly Expression[];
  /** Items that are left out where they are empty: `[?a]`. */
  readonly optionals: ReadonlySet<number>;
}

export interface Entry extends Node {
  readonly key: Expression;
  readonly value: Expression;
  readonly isOptional: boolean;
}

export interface MapLiteral extends Node {
  readonly op: "map";
  readonly entries: readonly Entry[];
}

export interface Field extends Node {
  readonly name: string;
  readonly value: Expression;
  readonly isOptional: boolean;
}

export interface Struct extends Node {
  readonly op: "struct";
  readonly name: string;
  readonly fields: readonly Field[];
}

/** What `all`, `map` and the other macros become: a fold over a list, or over the keys of a map. */
export interface Comprehension extends Node {
  readonly op: "comprehension";
  readonly range: Expression;
  readonly variable: string;
  /** With it, the first variable is the index or key and this is the item or value. */
  readonly secondVariable?: string | undefined;
  readonly accumulator: string;
  readonly init: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

export type Expression = Literal | Identifier | Select | Call | List | MapLiteral | Struct | Comprehension;

/** The variable that macros fold into. */
export const ACCUMULATOR = "@result";

/** A name with dots, if that is all that an expression is. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.op === "identifier") return expression.name;
  if (expression.op !== "select" || expression.isTest) return undefined;
  const prefix = qualifiedName(expression.operand);
  return prefix === undefined ? undefined : `${prefix}.${expression.field}`;
}
