/**
 * What is wrong with literals that the types let pass: times, durations and patterns that are none, lists of several types.
 */
import type { Checked } from "./checker.ts";
import type { Call, Expression } from "./expression.ts";
import { parseDuration, parseTimestamp } from "./functions/conversions.ts";
import { isPattern } from "./functions/texts.ts";
import type { Problem } from "./problem.ts";
import { type CelType, formatType, isSameType, optionalOf } from "./type.ts";

/** Checks the literals in an expression that has no other problem. */
export function literalProblems(expression: Expression, checked: Checked): readonly Problem[] {
  const problems: Problem[] = [];
  visit(expression, (node, isFormatArgument) => {
    if (node.op === "call") checkCall(problems, node);
    if (isFormatArgument) return;
    if (node.op === "list") checkAlike(problems, node.items, checked, node.optionals);
    if (node.op === "map") {
      checkAlike(
        problems,
        node.entries.map(({ key }) => key),
        checked,
      );
      const optionals = new Set(node.entries.flatMap(({ isOptional }, index) => (isOptional ? [index] : [])));
      checkAlike(
        problems,
        node.entries.map(({ value }) => value),
        checked,
        optionals,
      );
    }
  });
  return problems;
}

function checkCall(problems: Problem[], call: Call): void {
  const text = (index: number): { readonly value: string; readonly offset: number } | undefined => {
    const argument = call.args[index];
    return argument?.op === "literal" && typeof argument.value === "string"
      ? { value: argument.value, offset: argument.offset }
      : undefined;
  };
  const check = (index: number, isGood: (value: string) => boolean) => {
    const found = text(index);
    if (found !== undefined && !isGood(found.value))
      problems.push({ offset: found.offset, message: `invalid ${call.name} argument` });
  };
  if (call.name === "timestamp") check(0, (value) => parseTimestamp(value) !== undefined);
  if (call.name === "duration") check(0, (value) => parseDuration(value) !== undefined);
  if (call.name === "matches") check(call.target === undefined ? 1 : 0, isPattern);
}

/** All elements have the type of the first. */
function checkAlike(
  problems: Problem[],
  nodes: readonly Expression[],
  checked: Checked,
  optionals: ReadonlySet<number> = new Set(),
): void {
  let wanted: CelType | undefined;
  for (const [index, node] of nodes.entries()) {
    const type = checked.typeOf(node);
    const given = optionals.has(index) ? (type.parameters[0] ?? type) : type;
    if (wanted === undefined || wanted.kind === "dyn") wanted = given;
    else if (!isSameType(wanted, given) && !isEmptyLiteral(given)) {
      const show = (shown: CelType) => formatType(optionals.has(index) ? optionalOf(shown) : shown);
      problems.push({
        offset: node.offset,
        message: `expected type '${formatType(wanted)}' but found '${show(given)}'`,
      });
      return;
    }
  }
}

function isEmptyLiteral(type: CelType): boolean {
  return type.kind === "dyn";
}

/** Calls back for a node and all below it. What is given to `format` may be of several types. */
function visit(node: Expression, run: (node: Expression, isFormatArgument: boolean) => void, isFormat = false): void {
  run(node, isFormat);
  const areArguments = node.op === "call" && node.name === "format";
  if (node.op === "call" && node.target !== undefined) visit(node.target, run);
  for (const inner of innerOf(node)) visit(inner, run, areArguments);
}

/** The parts of a node, a call's target apart. */
function innerOf(node: Expression): readonly Expression[] {
  switch (node.op) {
    case "select":
      return [node.operand];
    case "call":
      return node.args;
    case "list":
      return node.items;
    case "map":
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return node.fields.map(({ value }) => value);
    case "comprehension":
      return [node.range, node.init, node.condition, node.step, node.result];
    default:
      return [];
  }
}
