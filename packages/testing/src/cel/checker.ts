/**
 * Finds the type of each part of an expression, and all that is wrong with it, as cel-go's checker does it.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#gradual-type-checking
 */
import type { Call, Comprehension, Expression, List, MapLiteral, Select, Struct } from "./expression.ts";
import { qualifiedName } from "./expression.ts";
import type { FunctionLibrary, Overload } from "./function-library.ts";
import type { Problem } from "./problem.ts";
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DYN,
  ERROR,
  formatType,
  INT,
  insideOptional,
  isSameType,
  listOf,
  mapOf,
  mostGeneral,
  NULL,
  optionalOf,
  parameter,
  parameterOf,
  STRING,
  TypeMapping,
  UINT,
} from "./type.ts";
import { CelUint } from "./value.ts";

/** What names stand for in an expression. */
export interface Declarations {
  readonly functions: FunctionLibrary;
  variable(name: string): CelType | undefined;
  /** Constants: types as values, whose names may have dots. */
  constant(name: string): { readonly type: CelType; readonly value: unknown } | undefined;
  /** The type of a struct literal. */
  structType(name: string): CelType | undefined;
}

/** What is known of an expression after it was checked. */
export interface Checked {
  readonly type: CelType;
  readonly problems: readonly Problem[];
  /** The type of each node. */
  typeOf(expression: Expression): CelType;
  /** The overloads that a call can be of. */
  overloadsOf(call: Call): readonly Overload[];
  /** The name under which a call's function was found, which takes in its target where that is only a name. */
  nameOf(call: Call): string;
  /** Whether a name, with or without dots, is a constant, and which. */
  constantOf(expression: Expression): { readonly value: unknown } | undefined;
  /** The variable that a selection is the name of. */
  qualifiedOf(expression: Expression): string | undefined;
  /** The variables that are named. */
  readonly variables: ReadonlySet<string>;
}

/** Checks an expression. */
export function check(expression: Expression, declarations: Declarations): Checked {
  return new Checker(declarations).whole(expression);
}

class Checker {
  readonly #declarations: Declarations;
  readonly #problems: Problem[] = [];
  readonly #types: Map<Expression, CelType> = new Map();
  readonly #overloads: Map<Call, readonly Overload[]> = new Map();
  readonly #names: Map<Call, string> = new Map();
  readonly #constants: Map<Expression, { readonly value: unknown }> = new Map();
  /** Selections that are variables whose names have dots. */
  readonly #qualified: Map<Expression, string> = new Map();
  readonly #variables: Set<string> = new Set();
  readonly #mapping: TypeMapping = new TypeMapping();
  /** Innermost last. */
  readonly #scopes: Map<string, CelType>[] = [];
  #parameters = 0;

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  whole(expression: Expression): Checked {
    this.#check(expression);
    for (const [node, type] of this.#types) this.#types.set(node, this.#mapping.substitute(type, true));
    const typeOf = (node: Expression): CelType => this.#types.get(node) ?? DYN;
    return {
      type: typeOf(expression),
      problems: this.#problems,
      typeOf,
      overloadsOf: (call) => this.#overloads.get(call) ?? [],
      nameOf: (call) => this.#names.get(call) ?? call.name,
      constantOf: (node) => this.#constants.get(node),
      qualifiedOf: (node) => this.#qualified.get(node),
      variables: this.#variables,
    };
  }

  #check(expression: Expression): CelType {
    const type = this.#typeOf(expression);
    this.#types.set(expression, type);
    return type;
  }

  #typeOf(expression: Expression): CelType {
    switch (expression.op) {
      case "literal":
        return literalType(expression.value);
      case "identifier": {
        const name = expression.name.replace(/^\./, "");
        const found = this.#named(expression, name, expression.name.startsWith("."));
        if (found !== undefined) return found;
        return this.#problem(expression, `undeclared reference to '${expression.name}' (in container '')`);
      }
      case "select":
        return this.#select(expression);
      case "call":
        return expression.name === "_?._" ? this.#optionalSelect(expression) : this.#call(expression);
      case "list":
        return this.#list(expression);
      case "map":
        return this.#map(expression);
      case "struct":
        return this.#struct(expression);
      case "comprehension":
        return this.#comprehension(expression);
    }
  }

  #problem({ offset }: { readonly offset: number }, message: string): CelType {
    this.#problems.push({ offset, message });
    return ERROR;
  }

  /** What a variable or constant is; undefined where the name is neither. */
  #named(expression: Expression, name: string, isAbsolute = false): CelType | undefined {
    if (!isAbsolute) {
      for (const scope of [...this.#scopes].reverse()) {
        const type = scope.get(name);
        if (type !== undefined) return type;
      }
    }
    const type = this.#declarations.variable(name);
    if (type !== undefined) {
      this.#variables.add(name);
      return type;
    }
    const constant = this.#declarations.constant(name);
    if (constant === undefined) return undefined;
    this.#constants.set(expression, constant);
    return constant.type;
  }

  #select(expression: Select): CelType {
    const name = qualifiedName(expression);
    const isShadowed = name !== undefined && this.#scopes.some((scope) => scope.has(name.split(".")[0] ?? ""));
    const variable = name === undefined || isShadowed ? undefined : this.#declarations.variable(name);
    if (name !== undefined && variable !== undefined) {
      this.#variables.add(name);
      this.#qualified.set(expression, name);
      return variable;
    }
    const constant = name === undefined || isShadowed ? undefined : this.#declarations.constant(name);
    if (constant !== undefined) {
      this.#constants.set(expression, constant);
      return constant.type;
    }
    const type = this.#field(expression, expression.operand, expression.field, false);
    return expression.isTest ? BOOL : this.#mapping.substitute(type, false);
  }

  #optionalSelect(call: Call): CelType {
    const [operand, field] = call.args;
    if (operand === undefined || field?.op !== "literal") return ERROR;
    return this.#mapping.substitute(this.#field(call, operand, String(field.value), true), false);
  }

  #field(expression: Expression, operand: Expression, field: string, isOptional: boolean): CelType {
    const given = this.#mapping.substitute(this.#check(operand), false);
    const inside = insideOptional(given);
    const target = inside ?? given;
    const found = this.#fieldOf(expression, target, field);
    return inside !== undefined || isOptional ? optionalOf(found) : found;
  }

  #fieldOf(expression: Expression, target: CelType, field: string): CelType {
    switch (target.kind) {
      case "map":
        return parameterOf(target, 1);
      case "struct": {
        // Words of the language can be written as they are, or with underscores.
        const type = target.fields?.get(field) ?? target.fields?.get(`__${field}__`);
        return type ?? this.#problem(expression, `undefined field '${field}'`);
      }
      case "parameter":
        this.#mapping.isAssignable(DYN, target);
        return DYN;
      case "dyn":
      case "error":
        return DYN;
      default:
        this.#problem(expression, `type '${formatType(target)}' does not support field selection`);
        return DYN;
    }
  }

  #call(call: Call): CelType {
    for (const argument of call.args) this.#check(argument);
    const { functions } = this.#declarations;
    const { target } = call;
    const undeclared = () => this.#problem(call, `undeclared reference to '${call.name}' (in container '')`);
    if (target === undefined) {
      const overloads = functions.overloads(call.name.replace(/^\./, ""));
      return overloads === undefined ? undeclared() : this.#resolve(call, call.name, overloads, undefined);
    }
    const prefix = qualifiedName(target);
    const whole = prefix === undefined ? undefined : `${prefix}.${call.name}`;
    const qualified = whole === undefined ? undefined : functions.overloads(whole);
    if (whole !== undefined && qualified !== undefined) {
      this.#names.set(call, whole);
      return this.#resolve(call, whole, qualified, undefined);
    }
    this.#check(target);
    const overloads = functions.overloads(call.name);
    return overloads === undefined ? undeclared() : this.#resolve(call, call.name, overloads, target);
  }

  #resolve(call: Call, name: string, overloads: readonly Overload[], target: Expression | undefined): CelType {
    const nodes = target === undefined ? call.args : [target, ...call.args];
    const given = nodes.map((node) => this.#types.get(node) ?? DYN);
    if (name === "_&&_" || name === "_||_") return this.#logical(call, overloads, given);
    let result: CelType | undefined;
    const matching: Overload[] = [];
    for (const overload of overloads) {
      if (overload.isMember !== (target !== undefined)) continue;
      const fresh = this.#instance(overload);
      if (!this.#mapping.areAssignable(given, fresh.parameters)) continue;
      matching.push(overload);
      const own = this.#mapping.substitute(fresh.result, false);
      if (result === undefined) result = own;
      else if (result.kind !== "dyn" && !isSameType(own, result)) result = DYN;
    }
    this.#overloads.set(call, matching);
    if (result !== undefined) return result;
    const types = given.map((type) => formatType(this.#mapping.substitute(type, true)));
    const shown = target === undefined ? `(${types.join(", ")})` : `${types[0]}.(${types.slice(1).join(", ")})`;
    return this.#problem(call, `found no matching overload for '${name}' applied to '${shown}'`);
  }

  /** An overload with type parameters that no other call has. */
  #instance(overload: Overload): Pick<Overload, "parameters" | "result"> {
    const names = new Map<string, CelType>();
    const fresh = (type: CelType): CelType => {
      if (type.kind === "parameter") {
        const known = names.get(type.name) ?? this.#fresh();
        names.set(type.name, known);
        return known;
      }
      return type.parameters.length === 0 ? type : { ...type, parameters: type.parameters.map(fresh) };
    };
    return { parameters: overload.parameters.map(fresh), result: fresh(overload.result) };
  }

  #fresh(): CelType {
    this.#parameters += 1;
    return parameter(`_var${this.#parameters}`);
  }

  #logical(call: Call, overloads: readonly Overload[], given: readonly CelType[]): CelType {
    let isValid = true;
    for (const [index, type] of given.entries()) {
      if (this.#mapping.isAssignable(type, BOOL)) continue;
      isValid = false;
      this.#mismatch(call.args[index] ?? call, BOOL, type);
    }
    this.#overloads.set(call, overloads);
    return isValid ? BOOL : ERROR;
  }

  #mismatch(node: { readonly offset: number }, wanted: CelType, given: CelType): CelType {
    return this.#problem(node, `expected type '${formatType(wanted)}' but found '${formatType(given)}'`);
  }

  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    // What does not fit is found when literals are checked.
    return this.#mapping.isAssignable(previous, current) ? mostGeneral(previous, current) : DYN;
  }

  /** The type inside an item that may be missing. */
  #unwrapped(node: Expression, type: CelType): CelType {
    const inside = insideOptional(type);
    if (inside === undefined && type.kind !== "dyn") this.#mismatch(node, optionalOf(type), type);
    return inside ?? type;
  }

  #list({ items, optionals }: List): CelType {
    let type: CelType | undefined;
    for (const [index, item] of items.entries()) {
      const own = this.#check(item);
      type = this.#join(type, optionals.has(index) ? this.#unwrapped(item, own) : own);
    }
    return listOf(type ?? this.#fresh());
  }

  #map({ entries }: MapLiteral): CelType {
    let keys: CelType | undefined;
    let values: CelType | undefined;
    for (const { key, value, isOptional } of entries) {
      keys = this.#join(keys, this.#check(key));
      const own = this.#check(value);
      values = this.#join(values, isOptional ? this.#unwrapped(value, own) : own);
    }
    return mapOf(keys ?? this.#fresh(), values ?? this.#fresh());
  }

  #struct(expression: Struct): CelType {
    const { name } = expression;
    const type = this.#declarations.structType(name);
    if (type === undefined) {
      const isType = this.#declarations.constant(name) !== undefined;
      const why = isType ? `'${name}' is not a message type` : `undeclared reference to '${name}' (in container '')`;
      return this.#problem(expression, why);
    }
    for (const field of expression.fields) {
      const own = this.#check(field.value);
      const wanted = type.fields?.get(field.name) ?? this.#problem(field, `undefined field '${field.name}'`);
      const given = field.isOptional ? this.#unwrapped(field.value, own) : own;
      if (!this.#mapping.isAssignable(wanted, given)) {
        const what = `expected type of field '${field.name}' is '${formatType(wanted)}' but provided type is '${formatType(given)}'`;
        this.#problem(field, what);
      }
    }
    return type;
  }

  #comprehension(expression: Comprehension): CelType {
    this.#check(expression.range);
    const accumulated = this.#check(expression.init);
    const range = this.#mapping.substitute(this.#types.get(expression.range) ?? DYN, false);
    const [first, second] = this.#iterated(expression, range);
    this.#scopes.push(new Map([[expression.accumulator, accumulated]]));
    const variables = new Map([[expression.variable, first]]);
    if (expression.secondVariable !== undefined) variables.set(expression.secondVariable, second);
    this.#scopes.push(variables);
    this.#check(expression.condition);
    this.#assert(expression.condition, BOOL);
    this.#check(expression.step);
    this.#assert(expression.step, accumulated);
    this.#scopes.pop();
    const result = this.#check(expression.result);
    this.#scopes.pop();
    return this.#mapping.substitute(result, false);
  }

  /** The types of the variables. */
  #iterated({ range, secondVariable }: Comprehension, type: CelType): readonly [CelType, CelType] {
    const isPair = secondVariable !== undefined;
    switch (type.kind) {
      case "list":
        return isPair ? [INT, parameterOf(type, 0)] : [parameterOf(type, 0), DYN];
      case "map":
        return [parameterOf(type, 0), parameterOf(type, 1)];
      case "dyn":
      case "error":
      case "parameter":
        this.#mapping.isAssignable(DYN, type);
        return [DYN, DYN];
      default: {
        const what = `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
        this.#problem(range, what);
        return [ERROR, ERROR];
      }
    }
  }

  #assert(expression: Expression, wanted: CelType): void {
    const given = this.#types.get(expression) ?? DYN;
    if (!this.#mapping.isAssignable(wanted, given)) this.#mismatch(expression, wanted, given);
  }
}

function literalType(value: unknown): CelType {
  if (value === null) return NULL;
  if (value instanceof CelUint) return UINT;
  if (value instanceof Uint8Array) return BYTES;
  switch (typeof value) {
    case "bigint":
      return INT;
    case "number":
      return DOUBLE;
    case "string":
      return STRING;
    default:
      return BOOL;
  }
}
