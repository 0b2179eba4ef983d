/**
 * One CEL expression, compiled and run.
 */
import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import {
  compilationText,
  describe,
  type ErrorContext,
  evaluationText,
  lexicalProblems,
  type Problem,
  problemsText,
  typeName,
} from "./cel-errors.ts";
import { isKnownFunction, toRegExp } from "./cel-library.ts";

/** A compiled expression, or why it is none. */
export type Compilation =
  | { readonly isValid: true; readonly program: CelProgram }
  | { readonly isValid: false; readonly error: string };

/** What an expression evaluates to, or why it does not. */
export type Evaluation =
  | { readonly type: "value"; readonly value: unknown }
  | { readonly type: "error"; readonly message: string };

/** An expression that has been compiled. */
export interface CelProgram {
  /** The type of its result, as CEL names it. */
  readonly type: string;
  /** Whether it names this variable. */
  uses(variable: string): boolean;
  evaluate(variables: Readonly<Record<string, unknown>>): Evaluation;
}

/** Compiles an expression in an environment. */
export function compile(environment: Environment, source: string): Compilation {
  const context: ErrorContext = {
    isKnownFunction,
    typeOf(part): string {
      const checked = environment.check(part);
      return checked.valid ? (checked.type ?? "dyn") : "dyn";
    },
  };
  const { problems, rest } = lexicalProblems(source);
  const checked = environment.check(rest);
  if (problems.length > 0) {
    const more = checked.valid
      ? []
      : [describe(rest, checked.error, context)].filter(({ message }) => message.startsWith("Syntax"));
    return { isValid: false, error: problemsText(source, [...problems, ...more]) };
  }
  if (!checked.valid) return { isValid: false, error: compilationText(source, checked.error, context) };
  const parsed = environment.parse(source);
  const further = macroProblems(environment, source, parsed.ast, context);
  if (further.length > 0) return { isValid: false, error: problemsText(source, further) };
  return {
    isValid: true,
    program: {
      type: checked.type ?? "dyn",
      uses: (variable) => nodesOf(parsed.ast).some((node) => node.op === "id" && node.args === variable),
      evaluate(variables): Evaluation {
        try {
          return { type: "value", value: parsed({ ...variables }) };
        } catch (error) {
          return { type: "error", message: evaluationText(error) };
        }
      },
    },
  };
}

/** What the library lets pass: `has` of an undeclared field or of no field at all, patterns that are none, lists of several types. */
function macroProblems(environment: Environment, source: string, ast: ASTNode, context: ErrorContext): Problem[] {
  const mixed = new Set(
    nodesOf(ast).flatMap((node) => (node.op === "rcall" && node.args[0] === "format" ? node.args[2] : [])),
  );
  return nodesOf(ast).flatMap((node): Problem[] => {
    if (node.op === "list" && !mixed.has(node)) return mixedProblems(source, node.args, context);
    if (node.op === "call" && node.args[0] === "has") {
      const [field] = node.args[1];
      if (field === undefined) return [];
      if (field.op !== "." && field.op !== ".?")
        return [{ offset: field.start, message: "invalid argument to has() macro" }];
      const checked = environment.check(source.slice(field.start, field.end));
      // A variable of a comprehension is not known here, and its fields go unchecked.
      if (checked.valid || checked.error?.code === "unknown_variable") return [];
      const problem = describe(source.slice(field.start, field.end), checked.error, context);
      // The macro has become a test of presence, which stands where its arguments begin.
      return [{ ...problem, offset: source.lastIndexOf("(", field.start) }];
    }
    if (node.op === "rcall" && node.args[0] === "matches") {
      const [pattern] = node.args[2];
      if (pattern?.op !== "value" || typeof pattern.args !== "string" || isPattern(pattern.args)) return [];
      return [{ offset: pattern.start, message: "invalid matches argument" }];
    }
    return [];
  });
}

/** All elements of a list have the type of the first, but for those that `format` takes. */
function mixedProblems(source: string, elements: readonly ASTNode[], context: ErrorContext): Problem[] {
  const types = elements.map((element) => context.typeOf(source.slice(element.start, element.end)));
  const wanted = types.find((type) => type !== "dyn");
  const index = types.findIndex((type) => type !== "dyn" && type !== wanted);
  const element = elements[index];
  if (element === undefined || wanted === undefined) return [];
  return [
    {
      offset: element.start,
      message: `expected type '${typeName(wanted)}' but found '${typeName(types[index] ?? "dyn")}'`,
    },
  ];
}

function isPattern(pattern: string): boolean {
  try {
    toRegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

/** A node and all below it. */
function nodesOf(node: unknown): ASTNode[] {
  if (Array.isArray(node)) return node.flatMap(nodesOf);
  if (typeof node !== "object" || node === null || !("op" in node) || !("args" in node)) return [];
  return [node as ASTNode, ...nodesOf(node.args)];
}
