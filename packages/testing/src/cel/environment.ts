/**
 * What expressions can name: functions, variables, types. An environment is extended, never changed.
 */
import { type Checked, check, type Declarations } from "./checker.ts";
import { type CostLimits, estimateCost, type SizeEstimator } from "./estimated-cost.ts";
import { Evaluator } from "./evaluator.ts";
import type { Expression } from "./expression.ts";
import type { FunctionLibrary } from "./function-library.ts";
import { literalProblems } from "./literal-checks.ts";
import { parse } from "./parser.ts";
import { problemsText } from "./problem.ts";
import { standardLibrary } from "./standard-library.ts";
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
} from "./type.ts";
import { CelError, CelTypeValue, type CelValue, CostExceeded } from "./value.ts";

/** What one evaluation may cost. */
export const MOST_CALL_COST = 1_000_000;

/** A compiled expression, or why it is none. */
export type Compilation =
  | { readonly isValid: true; readonly program: CelProgram }
  | { readonly isValid: false; readonly error: string };

/** What an expression evaluates to, or why it does not, and what it has cost. */
export type Evaluation =
  | { readonly type: "value"; readonly value: CelValue; readonly cost: number }
  | { readonly type: "error"; readonly message: string; readonly cost: number }
  | { readonly type: "tooExpensive"; readonly message: string; readonly cost: number };

/** An expression that has been compiled. */
export interface CelProgram {
  readonly type: CelType;
  /** Whether it names this variable. */
  uses(variable: string): boolean;
  evaluate(variables: Readonly<Record<string, CelValue>>): Evaluation;
  /** What it can cost, when values are as large as they may be. */
  estimate(sizes: SizeEstimator): CostLimits;
}

const TYPES: Readonly<Record<string, CelType>> = {
  bool: BOOL,
  bytes: BYTES,
  double: DOUBLE,
  int: INT,
  list: listOf(DYN),
  map: mapOf(DYN, DYN),
  null_type: NULL,
  optional_type: optionalOf(DYN),
  string: STRING,
  type: typeOf(),
  uint: UINT,
  "google.protobuf.Duration": DURATION,
  "google.protobuf.Timestamp": TIMESTAMP,
};

/** What expressions can name. */
export class Environment implements Declarations {
  readonly functions: FunctionLibrary;
  readonly #variables: ReadonlyMap<string, CelType>;
  readonly #structs: (name: string) => CelType | undefined;

  /** `structs` finds the types of which struct literals can be written. */
  constructor(
    functions: FunctionLibrary = standardLibrary(),
    variables: ReadonlyMap<string, CelType> = new Map(),
    structs: (name: string) => CelType | undefined = () => undefined,
  ) {
    this.functions = functions;
    this.#variables = variables;
    this.#structs = structs;
  }

  /** An environment with more variables. */
  withVariables(variables: Readonly<Record<string, CelType>>): Environment {
    return new Environment(this.functions, new Map([...this.#variables, ...Object.entries(variables)]), this.#structs);
  }

  /** An environment with other functions, in which struct literals can be written. */
  withStructs(functions: FunctionLibrary, structs: (name: string) => CelType | undefined): Environment {
    return new Environment(functions, this.#variables, structs);
  }

  variable(name: string): CelType | undefined {
    return this.#variables.get(name);
  }

  constant(name: string): { readonly type: CelType; readonly value: CelValue } | undefined {
    const type = this.structType(name) ?? (Object.hasOwn(TYPES, name) ? TYPES[name] : undefined);
    return type === undefined ? undefined : { type: typeOf(type), value: new CelTypeValue(name) };
  }

  structType(name: string): CelType | undefined {
    return this.#structs(name.replace(/^\./, ""));
  }

  compile(source: string): Compilation {
    const parsed = parse(source);
    if (!parsed.isValid) return { isValid: false, error: problemsText(source, parsed.problems) };
    const { expression } = parsed;
    const checked = check(expression, this);
    const problems = checked.problems.length > 0 ? checked.problems : literalProblems(expression, checked);
    if (problems.length > 0) return { isValid: false, error: problemsText(source, problems) };
    return { isValid: true, program: programOf(expression, checked) };
  }
}

function programOf(expression: Expression, checked: Checked): CelProgram {
  return {
    type: checked.type,
    uses: (variable) => checked.variables.has(variable),
    evaluate(variables): Evaluation {
      const evaluator = new Evaluator(checked, variables, MOST_CALL_COST);
      try {
        const value = evaluator.evaluate(expression);
        return { type: "value", value, cost: evaluator.cost };
      } catch (error) {
        const { cost } = evaluator;
        if (error instanceof CelError) return { type: "error", message: error.message, cost };
        if (error instanceof CostExceeded) return { type: "tooExpensive", message: error.message, cost };
        throw error;
      }
    },
    estimate: (sizes) => estimateCost(expression, checked, sizes),
  };
}
