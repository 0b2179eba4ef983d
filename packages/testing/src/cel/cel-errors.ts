/**
 * What is wrong with an expression, worded and placed as cel-go does it, which is what kube-apiserver answers.
 */
import { type ASTNode, TypeError as CelTypeError, EvaluationError, ParseError } from "@marcbachmann/cel-js";

const OPERANDS =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** What finding the words for an error needs to know of the environment. */
export interface ErrorContext {
  /** Whether a function of this name exists, with whatever arguments. */
  isKnownFunction(name: string): boolean;
  /** The type of a part of the expression, `dyn` where it has none of its own. */
  typeOf(source: string): string;
}

/** The text of an error of compilation: each problem with its place and its line. */
export function compilationText(source: string, error: unknown, context: ErrorContext): string {
  return problemsText(source, [describe(source, error, context)]);
}

/** Problems as cel-go lists them. */
export function problemsText(source: string, problems: readonly Problem[]): string {
  return problems.map((problem) => problemText(source, problem)).join("\n");
}

function problemText(source: string, { offset, message }: Problem): string {
  const before = source.slice(0, offset).split("\n");
  const column = before.at(-1)?.length ?? 0;
  const line = source.split("\n")[before.length - 1] ?? "";
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${".".repeat(column)}^`;
}

/** Characters that start no token; each is left out of what is parsed, with what the lexer has read on. */
export function lexicalProblems(source: string): { readonly problems: readonly Problem[]; readonly rest: string } {
  const problems: Problem[] = [];
  let rest = "";
  const tokens =
    /[A-Za-z_]\w*|\d[\w.]*|[rR]?"(?:\\.|[^"\\\n])*"|[rR]?'(?:\\.|[^'\\\n])*'|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}\s]/gy;
  for (let index = 0; index < source.length; ) {
    tokens.lastIndex = index;
    const token = tokens.exec(source)?.[0];
    if (token !== undefined) {
      rest += token;
      index += token.length;
      continue;
    }
    const first = source[index] ?? "";
    const length = first === '"' || first === "'" ? source.length - index : /[=&|]/.test(first) ? 2 : 1;
    const text = source.slice(index, index + length);
    problems.push({ offset: index, message: `Syntax error: token recognition error at: '${text}'` });
    rest += " ".repeat(text.length);
    index += text.length;
  }
  return { problems, rest };
}

/** One thing that is wrong, and where. */
export interface Problem {
  readonly offset: number;
  readonly message: string;
}

/** The problem behind an error of the library. */
export function describe(source: string, error: unknown, context: ErrorContext): Problem {
  if (error instanceof ParseError) return syntaxProblem(source, error);
  if (error instanceof CelTypeError || error instanceof EvaluationError) return typeProblem(source, error, context);
  return { offset: 0, message: error instanceof Error ? error.message : String(error) };
}

function syntaxProblem(source: string, error: ParseError): Problem {
  const offset = error.range?.start ?? 0;
  const rest = source.slice(offset);
  const token = /^(?:[A-Za-z_]\w*|\d+(?:\.\d+)?|"[^"]*"|'[^']*'|[<>=!]=|&&|\|\||.)/s.exec(rest)?.[0] ?? "";
  const shown = rest.trim() === "" ? "<EOF>" : token;
  if (error.code === "expected_token" && error.summary.startsWith("Expected IDENTIFIER")) {
    const dot = source.lastIndexOf(".", offset - 1);
    return {
      offset,
      message: `Syntax error: no viable alternative at input '${source.slice(dot, offset)}${shown === "<EOF>" ? "" : token}'`,
    };
  }
  if (error.code === "unterminated_string") {
    const text = source.slice(offset);
    return { offset, message: `Syntax error: token recognition error at: '${text}'` };
  }
  if (shown === "<EOF>" && error.code === "expected_token" && CLOSING[expectedToken(error)] !== undefined) {
    return { offset, message: `Syntax error: missing ${CLOSING[expectedToken(error)]} at '<EOF>'` };
  }
  if (shown === "<EOF>") {
    return {
      offset: source.trimEnd().length === 0 ? 0 : offset,
      message: `Syntax error: mismatched input '<EOF>' expecting ${OPERANDS}`,
    };
  }
  const isOperandMissing = error.code === "unexpected_token";
  return {
    offset,
    message: isOperandMissing
      ? `Syntax error: mismatched input '${token}' expecting ${OPERANDS}`
      : `Syntax error: extraneous input '${token}' expecting <EOF>`,
  };
}

const CLOSING: Readonly<Record<string, string>> = { RPAREN: "')'", RBRACKET: "']'", RBRACE: "'}'" };

function expectedToken(error: ParseError): string {
  return /Expected (\w+)/.exec(error.summary)?.[1] ?? "";
}

function typeProblem(source: string, error: CelTypeError | EvaluationError, context: ErrorContext): Problem {
  const node = error.node as ASTNode | undefined;
  const start = error.range?.start ?? 0;
  const quotedType = /'([^']+)'/.exec(error.summary)?.[1] ?? "dyn";
  switch (error.code) {
    case "cannot_index_type":
      return {
        offset: dotBefore(source, start),
        message: `type '${typeName(quotedType)}' does not support field selection`,
      };
    case "no_such_key":
      return {
        offset: dotBefore(source, start),
        message: `undefined field '${error.summary.replace("No such key: ", "")}'`,
      };
    case "unknown_variable":
      return {
        offset: start,
        message: `undeclared reference to '${error.summary.replace("Unknown variable: ", "")}' (in container '')`,
      };
    case "no_such_overload":
      return operatorProblem(source, error.summary, node, start);
    case "no_matching_overload":
      return callProblem(source, error.summary, node, start, context.isKnownFunction);
    case "invalid_comprehension_range":
      return {
        offset: start,
        message: `expression of type '${typeName(quotedType)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      };
    case "invalid_logical_operand":
      return logicalProblem(source, node, start, context);
    case "invalid_condition_type":
    case "incompatible_ternary_branches":
      return ternaryProblem(source, node, start, context);
    case "invalid_macro_argument":
      return {
        offset: start,
        message: error.summary.replace(/^(\w+\(\)) invalid argument$/, "invalid argument to $1 macro"),
      };
    case "invalid_index_type": {
      const container = node?.op === "[]" ? node.args[0] : undefined;
      const bracket = source.indexOf("[", container?.end ?? start);
      const types = `(${container === undefined ? "list(dyn)" : typeOf(source, container, context)}, ${typeName(quotedType)})`;
      return {
        offset: bracket < 0 ? start : bracket,
        message: `found no matching overload for '_[_]' applied to '${types}'`,
      };
    }
    case "heterogeneous_list_element":
    case "heterogeneous_map_key":
    case "heterogeneous_map_value": {
      const [, wanted = "", got = ""] = /'([^']+)' but found '([^']+)'/.exec(error.summary) ?? [];
      return { offset: start, message: `expected type '${typeName(wanted)}' but found '${typeName(got)}'` };
    }
    default:
      return { offset: start, message: error.summary };
  }
}

function logicalProblem(source: string, node: ASTNode | undefined, start: number, context: ErrorContext): Problem {
  const operands = node?.op === "&&" || node?.op === "||" ? node.args : [];
  const wrong = operands.find((operand) => !["bool", "dyn"].includes(typeOf(source, operand, context)));
  if (wrong === undefined) return { offset: start, message: "expected type 'bool'" };
  return { offset: wrong.start, message: `expected type 'bool' but found '${typeOf(source, wrong, context)}'` };
}

function ternaryProblem(source: string, node: ASTNode | undefined, start: number, context: ErrorContext): Problem {
  const ternary = node?.op === "?:" ? node : undefined;
  const end = ternary?.args[0].end ?? node?.end ?? start;
  const question = source.indexOf("?", end);
  const operands = ternary?.args ?? restOfTernary(source, node, question);
  const types = operands.map((operand) =>
    typeof operand === "string" ? typeName(context.typeOf(operand)) : typeOf(source, operand, context),
  );
  return {
    offset: question < 0 ? start : question,
    message: `found no matching overload for '_?_:_' applied to '(${types.join(", ")})'`,
  };
}

/** The operands of a ternary of which only the condition is known. */
function restOfTernary(
  source: string,
  condition: ASTNode | undefined,
  question: number,
): readonly (ASTNode | string)[] {
  const colon = source.indexOf(":", question);
  return [condition ?? source.slice(0, question), source.slice(question + 1, colon), source.slice(colon + 1)];
}

function typeOf(source: string, node: ASTNode, context: ErrorContext): string {
  return typeName(context.typeOf(source.slice(node.start, node.end)));
}

function operatorProblem(source: string, summary: string, node: ASTNode | undefined, start: number): Problem {
  const unary = /no such overload: ([!-])(\S.*)$/.exec(summary);
  if (unary !== null) {
    const name = unary[1] === "!" ? "!_" : "-_";
    return {
      offset: start,
      message: `found no matching overload for '${name}' applied to '(${typeName(unary[2] ?? "")})'`,
    };
  }
  const binary = /no such overload: (.+) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.+)$/.exec(summary);
  if (binary === null) {
    const index = /no such overload: (.+)\[(.+)\]$/.exec(summary);
    if (index === null) return { offset: start, message: summary };
    const bracket = source.indexOf("[", start);
    return {
      offset: bracket < 0 ? start : bracket,
      message: `found no matching overload for '_[_]' applied to '(${typeName(index[1] ?? "")}, ${typeName(index[2] ?? "")})'`,
    };
  }
  const [, left = "", operator = "", right = ""] = binary;
  const name = operator === "in" ? "@in" : `_${operator}_`;
  const message = `found no matching overload for '${name}' applied to '(${typeName(left)}, ${typeName(right)})'`;
  return { offset: operatorOffset(source, node, start), message };
}

function operatorOffset(source: string, node: ASTNode | undefined, start: number): number {
  const args = node?.args as unknown as readonly ASTNode[] | undefined;
  const [left, right] = Array.isArray(args) ? args : [];
  if (left === undefined || right === undefined || typeof right.start !== "number" || node === undefined) return start;
  const operator = node.op === "?:" ? "?" : node.op;
  const between = source.slice(left.end, right.start).indexOf(operator);
  return between < 0 ? start : left.end + between;
}

function callProblem(
  source: string,
  summary: string,
  node: ASTNode | undefined,
  start: number,
  isKnownFunction: (name: string) => boolean,
): Problem {
  const call = /'(?:(.+)\.)?(\w+)\((.*)\)'$/s.exec(summary);
  if (call === null) return { offset: start, message: summary };
  const [, receiver, name = "", args = ""] = call;
  const from = node?.op === "rcall" ? node.args[1].end : start;
  const open = source.indexOf("(", from);
  const offset = open < 0 ? start : open;
  if (!isKnownFunction(name)) return { offset, message: `undeclared reference to '${name}' (in container '')` };
  const types = args === "" ? "" : splitTypes(args).map(typeName).join(", ");
  const applied = receiver === undefined ? `(${types})` : `${typeName(receiver)}.(${types})`;
  return { offset, message: `found no matching overload for '${name}' applied to '${applied}'` };
}

function splitTypes(text: string): string[] {
  return text.match(/[^,<]+(?:<[^>]*>+)?/g)?.map((part) => part.trim()) ?? [];
}

function dotBefore(source: string, offset: number): number {
  const dot = source.lastIndexOf(".", offset);
  return dot < 0 ? offset : dot;
}

/** A type's name as cel-go prints it. */
export function typeName(name: string): string {
  if (name === "list") return "list(dyn)";
  if (name === "map") return "map(dyn, dyn)";
  return name
    .replace("google.protobuf.Timestamp", "timestamp")
    .replace("google.protobuf.Duration", "duration")
    .replaceAll("<", "(")
    .replaceAll(">", ")");
}

/** The text of an error of evaluation. */
export function evaluationText(error: unknown): string {
  if (!(error instanceof EvaluationError) && !(error instanceof CelTypeError))
    return error instanceof Error ? error.message : String(error);
  const { code, summary } = error;
  switch (code) {
    case "no_such_key":
      return summary.replace("No such key", "no such key");
    case "index_out_of_bounds":
      return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ""}`;
    case "field_type_mismatch":
      return mismatchText(summary);
    case "no_such_overload":
    case "no_matching_overload":
      return "no such overload";
    default:
      return summary;
  }
}

/** A value is not of the type that its schema gives it: only whole numbers that were written as fractions come so far. */
function mismatchText(summary: string): string {
  const [, wanted = "", got = ""] = /is not of type '([^']+)', got '([^']+)'/.exec(summary) ?? [];
  return `invalid data, expected ${typeName(wanted)}, got ${got === "double" ? "float64" : typeName(got)}`;
}
