/**
 * Macros: calls that become other expressions before types are checked.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#macros
 */
import { ACCUMULATOR, type Expression } from "./expression.ts";

/** A macro whose arguments are of the wrong sort. */
export class MacroError extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** The expression that a call stands for; undefined for a call that is no macro. */
export function expandMacro(
  name: string,
  target: Expression | undefined,
  args: readonly Expression[],
  offset: number,
): Expression | undefined {
  if (target === undefined) return name === "has" && args.length === 1 ? presence(args, offset) : undefined;
  return new Expansion(target, args, offset).expand(name);
}

function presence(args: readonly Expression[], offset: number): Expression {
  const [argument] = args;
  if (argument?.op === "select" && !argument.isTest) return { ...argument, isTest: true, offset };
  throw new MacroError(argument?.offset ?? offset, "invalid argument to has() macro");
}

/** Builds what stands for one call. All new nodes stand at its bracket. */
class Expansion {
  readonly #target: Expression;
  readonly #args: readonly Expression[];
  readonly #offset: number;

  constructor(target: Expression, args: readonly Expression[], offset: number) {
    this.#target = target;
    this.#args = args;
    this.#offset = offset;
  }

  expand(name: string): Expression | undefined {
    switch (`${name}/${this.#args.length}`) {
      case "all/2":
        return this.#fold(this.#variables(1), this.#value(true), this.#goOn(this.#result), this.#binary("&&", 1));
      case "all/3":
        return this.#fold(this.#variables(2), this.#value(true), this.#goOn(this.#result), this.#binary("&&", 2));
      case "exists/2":
        return this.#fold(
          this.#variables(1),
          this.#value(false),
          this.#goOn(this.#not(this.#result)),
          this.#binary("||", 1),
        );
      case "exists/3":
        return this.#fold(
          this.#variables(2),
          this.#value(false),
          this.#goOn(this.#not(this.#result)),
          this.#binary("||", 2),
        );
      case "exists_one/2":
        return this.#one(this.#variables(1), this.#at(1));
      case "exists_one/3":
      case "existsOne/3":
        return this.#one(this.#variables(2), this.#at(2));
      case "map/2":
        return this.#collect(this.#variables(1, "argument is not an identifier"), this.#at(1), undefined);
      case "map/3":
        return this.#collect(this.#variables(1, "argument is not an identifier"), this.#at(2), this.#at(1));
      case "filter/2":
        return this.#collect(this.#variables(1, "argument is not an identifier"), this.#at(0), this.#at(1));
      case "transformList/3":
        return this.#collect(this.#variables(2), this.#at(2), undefined);
      case "transformList/4":
        return this.#collect(this.#variables(2), this.#at(3), this.#at(2));
      case "transformMap/3":
        return this.#insert(this.#variables(2), (key) => [key, this.#at(2)], undefined);
      case "transformMap/4":
        return this.#insert(this.#variables(2), (key) => [key, this.#at(3)], this.#at(2));
      case "transformMapEntry/3":
        return this.#insert(this.#variables(2), () => [this.#at(2)], undefined);
      case "transformMapEntry/4":
        return this.#insert(this.#variables(2), () => [this.#at(3)], this.#at(2));
      case "sortBy/2":
        return this.#sortBy();
      case "optMap/2":
        return this.#optional(this.#call("optional.of", [this.#bound("optMap")]));
      case "optFlatMap/2":
        return this.#optional(this.#bound("optFlatMap"));
      default:
        return undefined;
    }
  }

  #at(index: number): Expression {
    return this.#args[index] ?? this.#target;
  }

  /** The names of the first arguments. */
  #variables(count: number, what = "argument must be a simple name"): readonly string[] {
    const names: string[] = [];
    for (const argument of this.#args.slice(0, count)) {
      if (argument.op !== "identifier") throw new MacroError(argument.offset, what);
      if (names.includes(argument.name))
        throw new MacroError(argument.offset, `duplicate variable name: ${argument.name}`);
      if (argument.name === "__result__")
        throw new MacroError(argument.offset, "iteration variable overwrites accumulator variable");
      names.push(argument.name);
    }
    return names;
  }

  get #result(): Expression {
    return this.#name(ACCUMULATOR);
  }

  #name(name: string): Expression {
    return { op: "identifier", name, offset: this.#offset };
  }

  #value(value: unknown): Expression {
    return { op: "literal", value, offset: this.#offset };
  }

  #call(name: string, args: readonly Expression[]): Expression {
    return { op: "call", name, args, offset: this.#offset };
  }

  #not(operand: Expression): Expression {
    return this.#call("!_", [operand]);
  }

  #goOn(condition: Expression): Expression {
    return this.#call("@not_strictly_false", [condition]);
  }

  #binary(sign: string, index: number): Expression {
    return this.#call(`_${sign}_`, [this.#result, this.#at(index)]);
  }

  #fold(
    variables: readonly string[],
    init: Expression,
    condition: Expression,
    step: Expression,
    result: Expression = this.#result,
  ): Expression {
    const [variable = "", secondVariable] = variables;
    const range = this.#target;
    const accumulator = ACCUMULATOR;
    const offset = this.#offset;
    return { op: "comprehension", range, variable, secondVariable, accumulator, init, condition, step, result, offset };
  }

  #one(variables: readonly string[], predicate: Expression): Expression {
    const more = this.#call("_+_", [this.#result, this.#value(1n)]);
    const step = this.#call("_?_:_", [predicate, more, this.#result]);
    const result = this.#call("_==_", [this.#result, this.#value(1n)]);
    return this.#fold(variables, this.#value(0n), this.#value(true), step, result);
  }

  #collect(variables: readonly string[], item: Expression, filter: Expression | undefined): Expression {
    const empty: Expression = { op: "list", items: [], optionals: new Set(), offset: this.#offset };
    const one: Expression = { op: "list", items: [item], optionals: new Set(), offset: this.#offset };
    const step = this.#call("_+_", [this.#result, one]);
    return this.#fold(variables, empty, this.#value(true), this.#filtered(step, filter));
  }

  #insert(
    variables: readonly string[],
    entry: (key: Expression) => readonly Expression[],
    filter: Expression | undefined,
  ): Expression {
    const empty: Expression = { op: "map", entries: [], offset: this.#offset };
    const step = this.#call("cel.@mapInsert", [this.#result, ...entry(this.#name(variables[0] ?? ""))]);
    return this.#fold(variables, empty, this.#value(true), this.#filtered(step, filter));
  }

  #filtered(step: Expression, filter: Expression | undefined): Expression {
    return filter === undefined ? step : this.#call("_?_:_", [filter, step, this.#result]);
  }

  #member(name: string): Expression {
    return { op: "call", name, target: this.#target, args: [], offset: this.#offset };
  }

  #sortBy(): Expression {
    const list = this.#name("@__sortBy_input__");
    const keys = new Expansion(list, this.#args, this.#offset).expand("map") ?? list;
    const result: Expression = {
      op: "call",
      name: "@sortByAssociatedKeys",
      target: list,
      args: [keys],
      offset: this.#offset,
    };
    return this.#binding("@__sortBy_input__", this.#target, result);
  }

  /** An argument in which the first one names the value of the target. */
  #bound(macro: string): Expression {
    const [variable, body] = this.#args;
    if (variable?.op !== "identifier")
      throw new MacroError(this.#at(0).offset, `${macro}() variable name must be a simple identifier`);
    return this.#binding(variable.name, this.#member("value"), body ?? this.#target);
  }

  /** An expression in which a name stands for a value: a fold over nothing. */
  #binding(name: string, value: Expression, body: Expression): Expression {
    return {
      op: "comprehension",
      range: { op: "list", items: [], optionals: new Set(), offset: this.#offset },
      variable: "#unused",
      accumulator: name,
      init: value,
      condition: this.#value(false),
      step: this.#name(name),
      result: body,
      offset: this.#offset,
    };
  }

  #optional(value: Expression): Expression {
    return this.#call("_?_:_", [this.#member("hasValue"), value, this.#call("optional.none", [])]);
  }
}
