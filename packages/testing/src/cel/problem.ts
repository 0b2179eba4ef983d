/**
 * What is wrong with an expression, shown as cel-go does it: place, words, the line, and a caret under it.
 */

/** One thing that is wrong, and where. */
export interface Problem {
  readonly offset: number;
  readonly message: string;
}

/** Problems in the order of their places, as one text. */
export function problemsText(source: string, problems: readonly Problem[]): string {
  return [...problems]
    .sort((a, b) => a.offset - b.offset)
    .map((problem) => problemText(source, problem))
    .join("\n");
}

function problemText(source: string, { offset, message }: Problem): string {
  const before = source.slice(0, offset).split("\n");
  const prefix = [...(before.at(-1) ?? "")];
  const line = source.split("\n")[before.length - 1] ?? "";
  // Wide characters get wide marks.
  const marks = prefix.map((character) => (character.charCodeAt(0) > 127 ? "．" : ".")).join("");
  const next = [...source.slice(offset)][0] ?? "";
  const caret = next !== "" && next.charCodeAt(0) > 127 ? "＾" : "^";
  return `ERROR: <input>:${before.length}:${prefix.length + 1}: ${message}\n | ${line}\n | ${marks}${caret}`;
}
