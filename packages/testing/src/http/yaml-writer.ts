/**
 * YAML as the server writes it: block style, keys sorted, long strings folded at 80 columns.
 */

const PREFERRED_WIDTH = 80;

/** The document for a JSON value, with a line end. */
export function toYaml(value: unknown): string {
  const lines: string[] = [];
  write(JSON.parse(JSON.stringify(value ?? null)), 0, "", lines);
  return `${lines.join("\n")}\n`;
}

function write(value: unknown, depth: number, prefix: string, lines: string[]): void {
  const indent = " ".repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) lines.push(`${prefix}[]`);
    for (const [index, item] of value.entries()) {
      write(item, depth + 2, `${index === 0 ? prefix : indent}- `, lines);
    }
    return;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    if (entries.length === 0) lines.push(`${prefix}{}`);
    for (const [index, [key, item]] of entries.entries()) {
      const head = `${index === 0 ? prefix : indent}${scalar(key, 0, 0)}:`;
      if (Array.isArray(item) && item.length > 0) {
        lines.push(head);
        write(item, depth, indent, lines);
      } else if (typeof item === "object" && item !== null && Object.keys(item).length > 0) {
        lines.push(head);
        write(item, depth + 2, " ".repeat(depth + 2), lines);
      } else write(item, depth + 2, `${head} `, lines);
    }
    return;
  }
  lines.push(prefix + scalar(value, prefix.length, depth));
}

function scalar(value: unknown, column: number, depth: number): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (
    value.includes("\n") &&
    !/[^\t\n\x20-\x7e\u00a0-\uffff]/.test(value) &&
    !/^[ \n]/.test(value) &&
    !/ \n/.test(value)
  ) {
    const chomp = value.endsWith("\n\n") ? "+" : value.endsWith("\n") ? "" : "-";
    const body = (chomp === "+" ? value.slice(0, -1) : value.replace(/\n$/, ""))
      .split("\n")
      .map((line) => (line === "" ? "" : " ".repeat(Math.max(depth, 2)) + line));
    return `|${chomp}\n${body.join("\n")}`;
  }
  if (/[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/.test(value)) return JSON.stringify(value);
  if (isAmbiguous(value)) return JSON.stringify(value);
  const isPlain =
    value !== "" &&
    !/^[\s\-?:,[\]{}#&*!|>'"%@`]/.test(value.replace(/^[-?:](?=\S)/, "x")) &&
    !/: |:$| #|^ | $/.test(value);
  return fold(isPlain ? value : `'${value.replaceAll("'", "''")}'`, column, depth);
}

/** Whether YAML 1.1 would read the text as something other than a string. */
function isAmbiguous(value: string): boolean {
  return (
    value === "" ||
    /^(~|null|true|false|yes|no|on|off|y|n)$/i.test(value) ||
    /^[-+]?(\.?\d[\d_]*(\.[\d_]*)?([eE][-+]?\d+)?|0x[\da-fA-F_]+|0b[01_]+|0o?[0-7_]+|\.inf)$/i.test(value) ||
    /^\.nan$/i.test(value) ||
    /^\d{4}-\d\d?-\d\d?([Tt ]|$)/.test(value) ||
    /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$/.test(value) ||
    value === "=" ||
    value === "<<"
  );
}

function fold(text: string, column: number, depth: number): string {
  let result = "";
  let width = column;
  for (let index = 0; index < text.length; index++) {
    const isBreak =
      text[index] === " " && width > PREFERRED_WIDTH && text[index - 1] !== " " && text[index + 1] !== " ";
    if (isBreak && index > 0 && index < text.length - 1) {
      result += `\n${" ".repeat(depth)}`;
      width = depth;
    } else {
      result += text[index];
      width++;
    }
  }
  return result;
}
