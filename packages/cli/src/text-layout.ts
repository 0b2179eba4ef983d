/**
 * How output looks: aligned everywhere, with colour on a terminal.
 */

/** The words of a terminal; plain where it shows no colours. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

const ESCAPE = "\u001b[";

/** Colours, or none. */
export function styleOf(hasColour: boolean | undefined): Style {
  const paint =
    (code: number) =>
    (text: string): string =>
      hasColour === true && text !== "" ? `${ESCAPE}${code}m${text}${ESCAPE}0m` : text;
  return { bold: paint(1), dim: paint(2), green: paint(32), yellow: paint(33), red: paint(31) };
}

/** A name and what is to be said of it; `undefined` leaves the line out. */
export type Field = readonly [name: string, value: string | undefined];

/** One line a field, the values below each other. */
export function formatFields(fields: readonly Field[], style: Style): string {
  const shown = fields.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  return shown.map(({ name, value }) => `  ${style.dim(name.padEnd(width))}  ${value}\n`).join("");
}

/** Columns as wide as their widest cell, below a line of headings. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[], style: Style): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [style.dim(line(headings)), ...rows.map(line)].map((text) => `${text}\n`).join("");
}

/** Control characters of names from a file or a server become visible, so that none of them commands the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** `in 14 min`, `3 days ago`: as much as one wants to know of a time that is also shown in full. */
export function formatDistance(toMs: number, nowMs: number): string {
  const seconds = Math.round(Math.abs(toMs - nowMs) / 1000);
  const [size, one, many] = units.findLast(([least]) => seconds >= least * 2) ?? units[0];
  const count = Math.round(seconds / size);
  const amount = `${count} ${count === 1 ? one : many}`;
  return toMs >= nowMs ? `in ${amount}` : `${amount} ago`;
}

/** A unit is used from two of it on. */
const units = [
  [1, "s", "s"],
  [60, "min", "min"],
  [3600, "hour", "hours"],
  [86_400, "day", "days"],
] as const;
