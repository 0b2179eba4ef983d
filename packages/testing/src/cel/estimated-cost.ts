/**
 * What an expression can cost, when all values are as large as their schema lets them be, counted as cel-go counts it.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints
 */
import type { Checked } from "./checker.ts";
import { add, type CostLimits, exactly, times, UNKNOWN, union } from "./cost-limits.ts";
import { callCost, type Sized } from "./estimated-call-cost.ts";
import {
  ACCUMULATOR,
  type Call,
  type Comprehension,
  type Expression,
  type MapLiteral,
  qualifiedName,
} from "./expression.ts";
import type { CelType } from "./type.ts";
import { CelUint, sizeOf } from "./value.ts";

export type { CostLimits } from "./cost-limits.ts";

/** Finds how large a value can be, from the path to it: the variable, then fields, `@items`, `@keys`, `@values`. */
export type SizeEstimator = (path: readonly string[]) => CostLimits | undefined;

/** Estimates an expression. */
export function estimateCost(expression: Expression, checked: Checked, sizes: SizeEstimator): CostLimits {
  return new Coster(checked, sizes).cost(expression);
}

/** The sizes of what a list or map holds. */
interface EntrySizes {
  readonly container: "list" | "map";
  readonly key: CostLimits;
  readonly value: CostLimits;
}

interface Local {
  readonly path: readonly string[];
  readonly size: CostLimits | undefined;
  readonly entries: EntrySizes | undefined;
}

const CREATION = { list: 10, map: 30, struct: 40 } as const;
const ZERO = exactly(0);
const ONE = exactly(1);

class Coster {
  readonly #checked: Checked;
  readonly #sizes: SizeEstimator;
  readonly #paths: Map<Expression, readonly string[]> = new Map();
  readonly #known: Map<Expression, CostLimits> = new Map();
  readonly #entries: Map<Expression, EntrySizes> = new Map();
  readonly #locals: Map<string, Local[]> = new Map();

  constructor(checked: Checked, sizes: SizeEstimator) {
    this.#checked = checked;
    this.#sizes = sizes;
  }

  cost(node: Expression): CostLimits {
    if (this.#checked.constantOf(node) !== undefined) {
      this.#paths.set(node, [qualifiedName(node) ?? ""]);
      return ONE;
    }
    switch (node.op) {
      case "literal":
        return ZERO;
      case "identifier":
        this.#paths.set(node, this.#local(node.name)?.path ?? [node.name]);
        return ONE;
      case "select": {
        if (this.#checked.qualifiedOf(node) !== undefined) return ONE;
        const operand = this.cost(node.operand);
        if (node.isTest) return operand;
        this.#paths.set(node, [...this.#path(node.operand), node.field]);
        const isRead = ["map", "struct", "parameter"].includes(this.#checked.typeOf(node.operand).kind);
        return isRead ? add(operand, ONE) : operand;
      }
      case "call":
        return this.#call(node);
      case "list": {
        const cost = node.items.map((item) => this.cost(item)).reduce(add, ZERO);
        this.#entries.set(node, { container: "list", key: ONE, value: this.#unionOf(node.items) });
        return add(cost, exactly(CREATION.list));
      }
      case "map":
        return this.#map(node);
      case "struct":
        return add(node.fields.map(({ value }) => this.cost(value)).reduce(add, ZERO), exactly(CREATION.struct));
      case "comprehension":
        return isBinding(node) ? this.#bind(node) : this.#fold(node);
    }
  }

  #map(node: MapLiteral): CostLimits {
    const cost = node.entries.map(({ key, value }) => add(this.cost(key), this.cost(value))).reduce(add, ZERO);
    const key = this.#unionOf(node.entries.map((entry) => entry.key));
    const value = this.#unionOf(node.entries.map((entry) => entry.value));
    this.#entries.set(node, { container: "map", key, value });
    return add(cost, exactly(CREATION.map));
  }

  #unionOf(nodes: readonly Expression[]): CostLimits {
    if (nodes.length === 0) return ZERO;
    return nodes.map((node) => this.#sizeOrUnknown(node)).reduce(union);
  }

  #call(call: Call): CostLimits {
    const [first] = call.args;
    if (call.name === "dyn" && first !== undefined) {
      const cost = this.cost(first);
      this.#copySizes(call, first);
      return add(ONE, cost);
    }
    const argCosts = call.args.map((argument) => this.cost(argument));
    const args = call.args.map((argument) => this.#sized(argument));
    if (call.name === "_?._") return add(argCosts[0] ?? ZERO, ONE);
    const overloads = this.#checked.overloadsOf(call);
    if (overloads.length === 0) return ZERO;
    const isMember = overloads[0]?.isMember === true && call.target !== undefined;
    const before = isMember && call.target !== undefined ? this.cost(call.target) : ZERO;
    const target = isMember && call.target !== undefined ? this.#sized(call.target) : undefined;
    let cost: CostLimits | undefined;
    let size: CostLimits | undefined;
    for (const { id } of overloads) {
      const own = this.#overload(call, id, target, args, argCosts);
      cost = cost === undefined ? own.cost : union(cost, own.cost);
      if (own.size !== undefined) size = size === undefined ? own.size : union(size, own.size);
      if ((id === "index_list" || id === "index_map") && first !== undefined) {
        size = this.#entrySizes(first)?.value;
        this.#paths.set(call, [...this.#path(first), id === "index_list" ? "@items" : "@values"]);
      }
      size ??= this.#size(call);
    }
    if (size !== undefined) this.#known.set(call, size);
    return add(before, cost ?? ZERO);
  }

  #overload(
    call: Call,
    id: string,
    target: Sized | undefined,
    args: readonly Sized[],
    argCosts: readonly CostLimits[],
  ): { readonly cost: CostLimits; readonly size?: CostLimits | undefined } {
    const sum = argCosts.reduce(add, ZERO);
    const [first = ZERO, second = ZERO, third = ZERO] = argCosts;
    if (id === "logical_and" || id === "logical_or") return { cost: { min: first.min, max: add(first, second).max } };
    const [, yes, no] = call.args;
    if (id === "conditional" && yes !== undefined && no !== undefined) {
      this.#setEntries(call, unionOfEntries(this.#entrySizes(yes), this.#entrySizes(no)));
      return { cost: add(first, union(second, third)), size: union(this.#sizeOrUnknown(yes), this.#sizeOrUnknown(no)) };
    }
    const [left, right] = call.args;
    if (/^add_(string|bytes|list)$/.test(id) && left !== undefined && right !== undefined) {
      this.#setEntries(call, unionOfEntries(this.#entrySizes(left), this.#entrySizes(right)));
    }
    const { cost, size } = callCost(this.#checked.nameOf(call), id, target, args);
    return { cost: add(cost, sum), size };
  }

  #fold(node: Comprehension): CostLimits {
    let sum = add(this.cost(node.range), this.cost(node.init));
    const init: Local = {
      path: this.#path(node.init),
      size: this.#size(node.init),
      entries: this.#entrySizes(node.init),
    };
    this.#push(node.accumulator, init);
    const entries = this.#entrySizes(node.range);
    const isList = (entries?.container ?? this.#checked.typeOf(node.range).kind) === "list";
    const path = this.#path(node.range);
    const keys: Local = { path: [...path, isList ? "@indices" : "@keys"], size: entries?.key, entries: undefined };
    const values: Local = { path: [...path, isList ? "@items" : "@values"], size: entries?.value, entries: undefined };
    const isPair = node.secondVariable !== undefined;
    this.#push(node.variable, isPair || !isList ? keys : values);
    if (node.secondVariable !== undefined) this.#push(node.secondVariable, values);
    const each = add(this.cost(node.condition), this.cost(node.step));
    this.#pop(node.variable);
    if (node.secondVariable !== undefined) this.#pop(node.secondVariable);
    sum = add(sum, this.cost(node.result));
    this.#pop(node.accumulator);
    const count = this.#sizeOrUnknown(node.range);
    if (node.init.op === "literal") {
      const size = this.#size(node.init);
      if (size !== undefined) this.#known.set(node, size);
    } else if (node.init.op === "list" || node.init.op === "map") {
      this.#known.set(node, count);
      this.#setEntries(node, this.#entrySizes(node.step));
    }
    return add(sum, times(count, each));
  }

  #bind(node: Comprehension): CostLimits {
    const sum = add(this.cost(node.range), this.cost(node.init));
    this.#push(node.accumulator, {
      path: this.#path(node.init),
      size: this.#size(node.init),
      entries: this.#entrySizes(node.init),
    });
    const result = this.cost(node.result);
    this.#pop(node.accumulator);
    this.#copySizes(node, node.result);
    return add(sum, result);
  }

  #push(name: string, local: Local): void {
    this.#locals.set(name, [...(this.#locals.get(name) ?? []), local]);
  }

  #pop(name: string): void {
    this.#locals.get(name)?.pop();
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #path(node: Expression): readonly string[] {
    const local = node.op === "identifier" ? this.#local(node.name) : undefined;
    return local?.path ?? this.#paths.get(node) ?? [];
  }

  #sized(node: Expression): Sized {
    const path = this.#path(node);
    const own = path[0] === ACCUMULATOR ? [] : path;
    const items = this.#checked.typeOf(node).parameters[0];
    return {
      type: this.#checked.typeOf(node),
      size: this.#size(node),
      item:
        items === undefined
          ? undefined
          : { type: items, size: own.length === 0 ? undefined : this.#sizes([...own, "@items"]) },
      literal: node.op === "literal" ? node.value : undefined,
    };
  }

  #sizeOrUnknown(node: Expression): CostLimits {
    return this.#size(node) ?? UNKNOWN;
  }

  #size(node: Expression): CostLimits | undefined {
    const known = this.#known.get(node) ?? literalSize(node);
    if (known !== undefined) return known;
    const path = this.#path(node);
    const estimated = path.length === 0 ? undefined : this.#sizes(path);
    if (estimated !== undefined) {
      this.#known.set(node, estimated);
      return estimated;
    }
    if (isScalar(this.#checked.typeOf(node))) return ONE;
    return node.op === "identifier" ? this.#local(node.name)?.size : undefined;
  }

  #entrySizes(node: Expression): EntrySizes | undefined {
    return this.#entries.get(node) ?? (node.op === "identifier" ? this.#local(node.name)?.entries : undefined);
  }

  #setEntries(node: Expression, entries: EntrySizes | undefined): void {
    if (entries !== undefined) this.#entries.set(node, entries);
  }

  #copySizes(to: Expression, from: Expression): void {
    const size = this.#size(from);
    if (size !== undefined) this.#known.set(to, size);
    this.#setEntries(to, this.#entrySizes(from));
  }
}

/** What `optMap` becomes: a name for a value. */
function isBinding({ range, condition, accumulator }: Comprehension): boolean {
  const isEmpty = range.op === "list" && range.items.length === 0;
  return isEmpty && condition.op === "literal" && condition.value === false && accumulator !== ACCUMULATOR;
}

function unionOfEntries(a: EntrySizes | undefined, b: EntrySizes | undefined): EntrySizes | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { container: a.container, key: union(a.key, b.key), value: union(a.value, b.value) };
}

function literalSize(node: Expression): CostLimits | undefined {
  if (node.op === "list") return exactly(node.items.length);
  if (node.op === "map") return exactly(node.entries.length);
  if (node.op !== "literal") return undefined;
  return exactly(node.value instanceof CelUint ? 1 : sizeOf(node.value));
}

function isScalar(type: CelType): boolean {
  if (type.name === "optional_type") return type.parameters[0] !== undefined && isScalar(type.parameters[0]);
  return ["bool", "double", "duration", "int", "timestamp", "uint"].includes(type.kind);
}
