/**
 * What is wrong with a YAML text, in the words of the server's library instead of ours.
 */

/** What our library says. */
export interface YamlProblem {
  readonly reason: string;
  /** From 0. */
  readonly line: number;
  readonly offset: number;
}

/** A problem seen while reading a token, or in the order of tokens; the two number their lines differently. */
interface Explained {
  readonly why: string;
  readonly by: "scanner" | "parser";
  /** From 0. */
  readonly line: number;
}

const NO_TOKEN = "found character that cannot start any token";
const NO_CONTENT = "did not find expected node content";

export function problemOf(error: unknown): YamlProblem | undefined {
  const { reason, mark } = error as {
    readonly reason?: string;
    readonly mark?: { readonly line: number; readonly position: number };
  };
  return reason === undefined ? undefined : { reason, line: mark?.line ?? 0, offset: mark?.position ?? 0 };
}

export function yamlMessage(error: unknown, text: string): string {
  const problem = problemOf(error);
  if (problem === undefined) return `yaml: ${error instanceof Error ? error.message : String(error)}`;
  const { why, by, line } = explain(problem, text);
  if (line === 0) return `yaml: ${why}`;
  return `yaml: line ${by === "scanner" ? line + 1 : line}: ${why}`;
}

function explain(problem: YamlProblem, text: string): Explained {
  const { reason, line, offset } = problem;
  const scanner = (why: string, at = line): Explained => ({ why, by: "scanner", line: at });
  const parser = (why: string, at = line): Explained => ({ why, by: "parser", line: at });
  const lastLine = text.split("\n").length - 1;

  if (/quoted scalar/.test(reason)) return scanner("found unexpected end of stream", lastLine);
  if (/deficient indentation/.test(reason) && isInQuotes(text.slice(0, offset))) {
    return scanner("found unexpected end of stream", lastLine);
  }
  if (/flow collection/.test(reason)) {
    return parser(expectedInCollection(text), text.endsWith("\n") ? lastLine : lastLine + 1);
  }
  if (/deficient indentation|flow sequence|flow mapping/.test(reason)) {
    return parser(expectedInCollection(text.slice(0, offset)));
  }
  if (/expected ':' after/.test(reason)) return scanner("could not find expected ':'", line + 1);
  if (/tab characters/.test(reason)) return scanner(NO_TOKEN);
  const character = text[offset] ?? "";
  if (/indentation|mapping entry|document separator/.test(reason)) {
    if (text.startsWith("\t") || "@`%".includes(character)) return scanner(NO_TOKEN);
    if ("]},".includes(character)) return parser(NO_CONTENT);
  }
  if (/document separator/.test(reason)) {
    return parser(
      text.trimStart().startsWith("-") ? "did not find expected '-' indicator" : "did not find expected key",
    );
  }
  if (/indentation|mapping entry|implicit/.test(reason))
    return scanner("mapping values are not allowed in this context");
  const alias = /^unidentified alias "(.*)"$/.exec(reason)?.[1];
  if (alias !== undefined) return parser(`unknown anchor '${alias}' referenced`, 0);
  if (/name of an (anchor|alias)/.test(reason)) return scanner("did not find expected alphabetic or numeric character");
  if (/directive name/.test(reason)) return scanner("could not find expected directive name");
  if (/escape sequence/.test(reason)) return scanner("found unknown escape character");
  return scanner(reason);
}

/** What a flow collection that ends too early lacks. */
function expectedInCollection(before: string): string {
  if (/[{[,:]\s*$/.test(before)) return NO_CONTENT;
  return `did not find expected ',' or '${before.lastIndexOf("{") > before.lastIndexOf("[") ? "}" : "]"}'`;
}

function isInQuotes(before: string): boolean {
  return (before.match(/"/g) ?? []).length % 2 === 1 || (before.match(/'/g) ?? []).length % 2 === 1;
}
