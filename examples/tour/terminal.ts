/**
 * How the tour looks: colour and progress in place on a terminal, plain lines everywhere else.
 */
import { stripVTControlCharacters } from "node:util";

const ESCAPE = "\u001b[";

/** Writes headings, lines, tables and a block that is redrawn in place. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  /** Whether lines can be redrawn. */
  readonly isInteractive: boolean;
  readonly #hasColour: boolean;
  #drawn = 0;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.isInteractive = out.isTTY === true && process.env["TERM"] !== "dumb";
    this.#hasColour = this.isInteractive && (process.env["NO_COLOR"] ?? "") === "";
  }

  /** A step's title, and below it the call that the step is about. */
  step(title: string, call: string): void {
    this.line("");
    this.line(`${this.bold(title)}  ${this.dim(call)}`);
  }

  line(text: string): void {
    this.#drawn = 0;
    this.#out.write(`${text}\n`);
  }

  /** Columns as wide as their widest cell. */
  table(rows: readonly (readonly string[])[]): void {
    for (const row of alignColumns(rows)) this.line(`  ${row}`);
  }

  /** Replaces the block drawn before, on a terminal; elsewhere prints only `changed`, if there is one. */
  redraw(rows: readonly (readonly string[])[], changed: string | undefined): void {
    if (!this.isInteractive) {
      if (changed !== undefined) this.#out.write(`  ${changed}\n`);
      return;
    }
    const width = this.#out.columns ?? 80;
    const up = this.#drawn > 0 ? `${ESCAPE}${this.#drawn}A${ESCAPE}0J` : "";
    const lines = alignColumns(rows).map((row) => `  ${truncate(row, width - 3)}\n`);
    this.#out.write(up + lines.join(""));
    this.#drawn = rows.length;
  }

  bold(text: string): string {
    return this.#paint("1", text);
  }
  dim(text: string): string {
    return this.#paint("2", text);
  }
  green(text: string): string {
    return this.#paint("32", text);
  }
  yellow(text: string): string {
    return this.#paint("33", text);
  }
  red(text: string): string {
    return this.#paint("31", text);
  }

  #paint(code: string, text: string): string {
    return this.#hasColour ? `${ESCAPE}${code}m${text}${ESCAPE}0m` : text;
  }
}

/** Pads cells by what is seen of them. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, seenLength(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - seenLength(cell)))
      .join("  ")
      .trimEnd(),
  );
}

function seenLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

function truncate(text: string, width: number): string {
  return seenLength(text) <= width ? text : `${stripVTControlCharacters(text).slice(0, Math.max(0, width - 1))}…`;
}
