/**
 * Evaluates a checked expression, and counts what it costs as cel-go does it.
 */
import { actualCost } from "./actual-cost.ts";
import type { Checked } from "./checker.ts";
import type { Call, Comprehension, Expression, List, MapLiteral, Struct } from "./expression.ts";
import type { Overload } from "./function-library.ts";
import { CelError, CelObject, CelOptional, type CelValue, CostExceeded, Invalid, isOfType, mapKey } from "./value.ts";

/** What a list, a map and an object cost to make. */
const CREATION = { list: 10, map: 30, struct: 40 } as const;

/** Evaluates one expression once. */
export class Evaluator {
  readonly #checked: Checked;
  readonly #variables: Readonly<Record<string, CelValue>>;
  readonly #mostCost: number;
  readonly #scopes: Map<string, CelValue>[] = [];
  /** What has been spent. */
  cost = 0;

  constructor(checked: Checked, variables: Readonly<Record<string, CelValue>>, mostCost: number) {
    this.#checked = checked;
    this.#variables = variables;
    this.#mostCost = mostCost;
  }

  evaluate(expression: Expression): CelValue {
    const value = this.#evaluate(expression);
    if (value instanceof Invalid) throw new CelError(value.message);
    return value;
  }

  #evaluate(expression: Expression): CelValue {
    const constant = this.#checked.constantOf(expression);
    if (constant !== undefined) return constant.value;
    switch (expression.op) {
      case "literal":
        return expression.value;
      case "identifier":
        this.#spend(1);
        return this.#variable(expression.name);
      case "select": {
        const variable = this.#checked.qualifiedOf(expression);
        if (variable === undefined) return this.#select(expression.operand, expression.field, expression.isTest);
        this.#spend(1);
        return this.#variables[variable];
      }
      case "call":
        return this.#call(expression);
      case "list":
        return this.#list(expression);
      case "map":
        return this.#map(expression);
      case "struct":
        return this.#struct(expression);
      case "comprehension":
        return this.#fold(expression);
    }
  }

  #spend(cost: number): void {
    this.cost += cost;
    if (this.cost > this.#mostCost) throw new CostExceeded("operation cancelled: actual cost limit exceeded");
  }

  #variable(name: string): CelValue {
    for (let index = this.#scopes.length - 1; index >= 0; index--) {
      const scope = this.#scopes[index];
      if (scope?.has(name) === true) return scope.get(name);
    }
    const own = name.replace(/^\./, "");
    if (!Object.hasOwn(this.#variables, own)) throw new CelError(`no such attribute(s): ${own}`);
    return this.#variables[own];
  }

  #select(operand: Expression, field: string, isTest: boolean): CelValue {
    const target = this.evaluate(operand);
    if (!isTest) this.#spend(1);
    if (target instanceof CelOptional) {
      const found = target.hasValue ? memberOf(target.value, field) : undefined;
      if (isTest) return found !== undefined;
      return found === undefined ? CelOptional.none() : CelOptional.of(found);
    }
    const found = memberOf(target, field);
    if (isTest) return found !== undefined;
    if (found === undefined) throw new CelError(`no such key: ${field}`);
    return found;
  }

  #call(call: Call): CelValue {
    const [first, second, third] = call.args;
    switch (call.name) {
      case "_&&_":
        return this.#logical(first, second, false);
      case "_||_":
        return this.#logical(first, second, true);
      case "_?_:_": {
        const condition = first === undefined ? undefined : this.evaluate(first);
        if (typeof condition !== "boolean") throw new CelError("no such overload");
        const chosen = condition ? second : third;
        return chosen === undefined ? undefined : this.evaluate(chosen);
      }
      case "@not_strictly_false":
        return this.#mayStillHold(first);
      case "_?._":
        return first === undefined || second?.op !== "literal"
          ? undefined
          : this.#optionalSelect(first, String(second.value));
      default:
        return this.#apply(call);
    }
  }

  /** Whether a fold goes on: an error counts as undecided. */
  #mayStillHold(accumulated: Expression | undefined): boolean {
    this.#spend(1);
    try {
      return accumulated !== undefined && this.evaluate(accumulated) !== false;
    } catch (error) {
      if (error instanceof CelError) return true;
      throw error;
    }
  }

  /** `||` with `decisive` true, `&&` with false: one decisive side is enough, whatever the other comes to. */
  #logical(left: Expression | undefined, right: Expression | undefined, decisive: boolean): boolean {
    const attempt = (side: Expression | undefined): CelValue => {
      if (side === undefined) return undefined;
      try {
        const value = this.evaluate(side);
        return typeof value === "boolean" ? value : new CelError("no such overload");
      } catch (error) {
        if (error instanceof CelError) return error;
        throw error;
      }
    };
    const first = attempt(left);
    if (first === decisive) return decisive;
    const second = attempt(right);
    if (second === decisive) return decisive;
    if (first instanceof CelError) throw first;
    if (second instanceof CelError) throw second;
    return !decisive;
  }

  #optionalSelect(operand: Expression, field: string): CelValue {
    const target = this.evaluate(operand);
    this.#spend(1);
    const inside = target instanceof CelOptional ? (target.hasValue ? target.value : undefined) : target;
    const found = inside === undefined ? undefined : memberOf(inside, field);
    return found === undefined ? CelOptional.none() : CelOptional.of(found);
  }

  #apply(call: Call): CelValue {
    const overloads = this.#checked.overloadsOf(call);
    const isMember = overloads[0]?.isMember === true && call.target !== undefined;
    const args: CelValue[] = [];
    if (isMember && call.target !== undefined) args.push(this.evaluate(call.target));
    for (const argument of call.args) args.push(this.evaluate(argument));
    const overload = overloads.find((candidate) => isCallable(candidate, args));
    if (overload === undefined) throw new CelError("no such overload");
    const result = overload.run(...args);
    if (result instanceof Invalid) throw new CelError(result.message);
    this.#spend(actualCost(this.#checked.nameOf(call), overload.id, args, result));
    return result;
  }

  #list({ items, optionals }: List): CelValue {
    const list: CelValue[] = [];
    for (const [index, item] of items.entries()) {
      const value = this.evaluate(item);
      if (!optionals.has(index)) list.push(value);
      else if (value instanceof CelOptional && value.hasValue) list.push(value.value);
    }
    this.#spend(CREATION.list);
    return list;
  }

  #map({ entries }: MapLiteral): CelValue {
    const map = new Map<CelValue, CelValue>();
    for (const { key, value, isOptional } of entries) {
      const own = mapKey(this.evaluate(key));
      const given = this.evaluate(value);
      if (map.has(own)) throw new CelError(`Failed with repeated key`);
      if (!isOptional) map.set(own, given);
      else if (given instanceof CelOptional && given.hasValue) map.set(own, given.value);
    }
    this.#spend(CREATION.map);
    return map;
  }

  #struct(expression: Struct): CelValue {
    const object = new CelObject(this.#checked.typeOf(expression));
    for (const { name, value, isOptional } of expression.fields) {
      const given = this.evaluate(value);
      if (!isOptional) object.set(name, given);
      else if (given instanceof CelOptional && given.hasValue) object.set(name, given.value);
    }
    this.#spend(CREATION.struct);
    return object;
  }

  #fold(fold: Comprehension): CelValue {
    const range = this.evaluate(fold.range);
    const accumulated = new Map<string, CelValue>([[fold.accumulator, this.evaluate(fold.init)]]);
    const variables = new Map<string, CelValue>();
    this.#scopes.push(accumulated, variables);
    try {
      for (const [key, value] of entriesOf(range)) {
        const isPair = fold.secondVariable !== undefined;
        variables.set(fold.variable, isPair || !Array.isArray(range) ? key : value);
        if (fold.secondVariable !== undefined) variables.set(fold.secondVariable, value);
        if (!this.#continues(fold)) break;
        accumulated.set(fold.accumulator, this.#step(fold));
      }
      this.#scopes.pop();
      const result = this.#evaluateResult(fold, accumulated);
      this.#scopes.push(variables);
      return result;
    } finally {
      this.#scopes.splice(this.#scopes.indexOf(accumulated));
    }
  }

  #continues(fold: Comprehension): boolean {
    return this.evaluate(fold.condition) === true;
  }

  /** An error is kept as what was accumulated, since a later item may decide without it. */
  #step(fold: Comprehension): CelValue {
    try {
      return this.evaluate(fold.step);
    } catch (error) {
      if (error instanceof CelError) return new Invalid(error.message);
      throw error;
    }
  }

  #evaluateResult(fold: Comprehension, accumulated: ReadonlyMap<string, CelValue>): CelValue {
    const value = accumulated.get(fold.accumulator);
    if (value instanceof Invalid) throw new CelError(value.message);
    return this.evaluate(fold.result);
  }
}

function isCallable({ parameters }: Overload, args: readonly CelValue[]): boolean {
  return parameters.length === args.length && parameters.every((type, index) => isOfType(args[index], type));
}

/** A member of a map or object; undefined where there is none. */
function memberOf(target: CelValue, field: string): CelValue | undefined {
  if (target instanceof CelObject) return target.get(field) ?? target.get(`__${field}__`);
  if (target instanceof Map) return target.get(field);
  if (target === null || target === undefined) throw new CelError(`no such key: ${field}`);
  throw new CelError("no such overload");
}

function entriesOf(range: CelValue): Iterable<readonly [CelValue, CelValue]> {
  if (Array.isArray(range)) return range.map((item: CelValue, index) => [BigInt(index), item] as const);
  if (range instanceof Map) return [...range] as [CelValue, CelValue][];
  throw new CelError("no such overload");
}
