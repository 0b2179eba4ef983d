/**
 * Reads times as Go's `time.Parse` does, with its messages.
 *
 * @see https://pkg.go.dev/time#Parse
 */
import { goTimeQuote } from "./go-text.ts";
import { ParseError } from "./parse-error.ts";

/** The two layouts of the API: seconds, which may have a fraction all the same, and exactly six decimals. */
export type TimeLayout = "Time" | "MicroTime";

/** A moment: whole seconds since 1970, as milliseconds, and what is finer. */
export interface ParsedTime {
  readonly secondsMs: number;
  readonly microseconds: number;
}

const layouts = { Time: "2006-01-02T15:04:05Z07:00", MicroTime: "2006-01-02T15:04:05.000000Z07:00" } as const;

/**
 * Reads a time. Nanoseconds are cut to microseconds.
 *
 * @throws {@link ParseError} where Go has an error, with its text as the reason.
 */
export function parseTime(text: string, layout: TimeLayout): ParsedTime {
  return new Parser(text, layout).parse();
}

class Parser {
  readonly #text: string;
  readonly #layout: TimeLayout;
  #rest: string;

  constructor(text: string, layout: TimeLayout) {
    this.#text = text;
    this.#rest = text;
    this.#layout = layout;
  }

  parse(): ParsedTime {
    const year = this.#number(/^[0-9]{4}/, "2006");
    this.#literal("-");
    const month = this.#number(twoDigits, "01");
    if (month < 1 || month > 12) this.#failRange("month");
    this.#literal("-");
    const day = this.#number(twoDigits, "02");
    this.#literal("T");
    const hour = this.#number(/^[0-9]{1,2}/, "15");
    if (hour > 23) this.#failRange("hour");
    this.#literal(":");
    const minute = this.#number(twoDigits, "04");
    if (minute > 59) this.#failRange("minute");
    this.#literal(":");
    const second = this.#number(twoDigits, "05");
    if (second > 59) this.#failRange("second");
    const fraction = this.#fraction();
    const offsetMinutes = this.#zone();
    if (this.#rest !== "") this.#fail(`: extra text: ${goTimeQuote(this.#rest)}`);
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) this.#failRange("day");
    return {
      secondsMs: date.getTime() + (hour * 60 + minute - offsetMinutes) * 60_000 + second * 1000,
      microseconds: Number(fraction.slice(0, 6).padEnd(6, "0")),
    };
  }

  #fraction(): string {
    // Go reads a fraction after the seconds even where the layout has none.
    const isExact = this.#layout === "MicroTime";
    const match = (isExact ? /^[.,]([0-9]{6})/ : /^[.,]([0-9]+)/).exec(this.#rest);
    if (match === null) return isExact ? this.#failElement(".000000") : "";
    this.#rest = this.#rest.slice(match[0].length);
    return match[1] ?? "";
  }

  /** The zone's offset in minutes. */
  #zone(): number {
    if (this.#rest.startsWith("Z")) {
      this.#rest = this.#rest.slice(1);
      return 0;
    }
    const match = /^(.)([0-9]{2}):(..)/s.exec(this.#rest);
    if (match === null) this.#failElement("Z07:00");
    const [matched, sign, hour, minute = ""] = match;
    // Where both are out of range, Go names the minute.
    if (twoDigits.test(minute) && Number(minute) > 60) this.#failRange("time zone offset minute");
    if (Number(hour) > 24) this.#failRange("time zone offset hour");
    if (!twoDigits.test(minute) || (sign !== "+" && sign !== "-")) this.#failElement("Z07:00");
    this.#rest = this.#rest.slice(matched.length);
    return (Number(hour) * 60 + Number(minute)) * (sign === "-" ? -1 : 1);
  }

  #number(pattern: RegExp, element: string): number {
    const digits = pattern.exec(this.#rest)?.[0];
    if (digits === undefined) this.#failElement(element);
    this.#rest = this.#rest.slice(digits.length);
    return Number(digits);
  }

  #literal(character: string): void {
    if (!this.#rest.startsWith(character)) this.#failElement(character);
    this.#rest = this.#rest.slice(1);
  }

  #failElement(element: string): never {
    this.#fail(
      ` as ${goTimeQuote(layouts[this.#layout])}: cannot parse ${goTimeQuote(this.#rest)} as ${goTimeQuote(element)}`,
    );
  }

  #failRange(what: string): never {
    this.#fail(`: ${what} out of range`);
  }

  #fail(problem: string): never {
    throw new ParseError("time", this.#text, `parsing time ${goTimeQuote(this.#text)}${problem}`);
  }
}

const twoDigits = /^[0-9]{2}/;
