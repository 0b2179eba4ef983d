/**
 * Cron schedules: what is wrong with one, and when one is due.
 *
 * The five fields are minute, hour, day of month, month and day of week; `@daily` and the like stand for some of them.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */

interface FieldRange {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const RANGES: readonly FieldRange[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: MONTHS },
  { low: 0, high: 6, names: DAYS },
];
const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

class ScheduleError extends Error {}

/** What is wrong with a schedule, undefined where nothing is. */
export function scheduleProblem(schedule: string): string | undefined {
  try {
    parse(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}

/** The first minute after `after` at which the schedule is due; undefined where that is not within five years, or the schedule is wrong. */
export function nextDue(schedule: string, after: Date, timeZone = "UTC"): Date | undefined {
  let parsed: Parsed;
  try {
    parsed = parse(schedule);
  } catch {
    return undefined;
  }
  if (parsed.everyMs !== undefined) return new Date(Math.floor(after.getTime() / 1000) * 1000 + parsed.everyMs);
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    weekday: "short",
  });
  const minuteMs = 60_000;
  let time = Math.floor(after.getTime() / minuteMs) * minuteMs + minuteMs;
  const end = time + 5 * 366 * 24 * 60 * minuteMs;
  while (time < end) {
    const at = new Date(time);
    const now = readClock(clock, at);
    if (!parsed.fields[3]?.has(now.month) || !isDay(parsed, now)) {
      // To the next hour: days and zones differ in whole hours at least.
      time += (60 - now.minute) * minuteMs;
      continue;
    }
    if (!parsed.fields[1]?.has(now.hour)) time += (60 - now.minute) * minuteMs;
    else if (!parsed.fields[0]?.has(now.minute)) time += minuteMs;
    else return at;
  }
  return undefined;
}

interface Parsed {
  readonly fields: readonly ReadonlySet<number>[];
  readonly isAnyDayOfMonth: boolean;
  readonly isAnyDayOfWeek: boolean;
  /** For `@every 1h`. */
  readonly everyMs?: number | undefined;
}

function isDay(parsed: Parsed, now: { day: number; weekday: number }): boolean {
  const isDayOfMonth = parsed.fields[2]?.has(now.day) ?? false;
  const isDayOfWeek = parsed.fields[4]?.has(now.weekday) ?? false;
  // As in cron: where both are restricted, either is enough.
  return parsed.isAnyDayOfMonth || parsed.isAnyDayOfWeek ? isDayOfMonth && isDayOfWeek : isDayOfMonth || isDayOfWeek;
}

function readClock(
  clock: Intl.DateTimeFormat,
  at: Date,
): { month: number; day: number; hour: number; minute: number; weekday: number } {
  const parts = Object.fromEntries(clock.formatToParts(at).map((part) => [part.type, part.value]));
  return {
    month: Number(parts["month"]),
    day: Number(parts["day"]),
    hour: Number(parts["hour"]),
    minute: Number(parts["minute"]),
    weekday: DAYS.indexOf((parts["weekday"] ?? "").toLowerCase()),
  };
}

function parse(text: string): Parsed {
  if (text === "") throw new ScheduleError("empty spec string");
  let schedule = text;
  if (schedule.startsWith("TZ=") || schedule.startsWith("CRON_TZ=")) {
    const zone = schedule.slice(schedule.indexOf("=") + 1, schedule.indexOf(" "));
    if (!isTimeZone(zone)) throw new ScheduleError(`provided bad location ${zone}: unknown time zone ${zone}`);
    schedule = schedule.slice(schedule.indexOf(" ")).trim();
  }
  if (schedule.startsWith("@")) {
    const every = /^@every ((?:\d+(?:\.\d+)?(?:h|m|s|ms))+)$/.exec(schedule);
    if (every?.[1] !== undefined)
      return { fields: [], isAnyDayOfMonth: true, isAnyDayOfWeek: true, everyMs: durationMs(every[1]) };
    const descriptor = DESCRIPTORS[schedule];
    if (descriptor === undefined) throw new ScheduleError(`unrecognized descriptor: ${schedule}`);
    schedule = descriptor;
  }
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5)
    throw new ScheduleError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`);
  const sets = fields.map((field, index) => parseField(field, RANGES[index] ?? { low: 0, high: 0 }));
  return { fields: sets, isAnyDayOfMonth: isAny(fields[2]), isAnyDayOfWeek: isAny(fields[4]) };
}

function isAny(field: string | undefined): boolean {
  return field?.split(",").some((part) => part.startsWith("*") || part.startsWith("?")) ?? false;
}

function durationMs(text: string): number {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, n = "0", unit = "s"]) => sum + Number(n) * (units[unit] ?? 0),
    0,
  );
}

function parseField(field: string, range: FieldRange): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(",").filter((item) => item !== "")) {
    const [span = "", step, ...more] = part.split("/");
    if (more.length > 0) throw new ScheduleError(`too many slashes: ${part}`);
    const bounds = span.split("-");
    let low: number;
    let high: number;
    if (bounds[0] === "*" || bounds[0] === "?") [low, high] = [range.low, range.high];
    else {
      low = parseValue(bounds[0] ?? "", range);
      if (bounds.length > 2) throw new ScheduleError(`too many hyphens: ${part}`);
      high = bounds[1] === undefined ? low : parseValue(bounds[1], range);
    }
    let stride = 1;
    if (step !== undefined) {
      stride = parseNumber(step);
      if (bounds.length === 1 && bounds[0] !== "*" && bounds[0] !== "?") high = range.high;
    }
    if (low < range.low) throw new ScheduleError(`beginning of range (${low}) below minimum (${range.low}): ${part}`);
    if (high > range.high) throw new ScheduleError(`end of range (${high}) above maximum (${range.high}): ${part}`);
    if (low > high) throw new ScheduleError(`beginning of range (${low}) beyond end of range (${high}): ${part}`);
    if (stride === 0) throw new ScheduleError(`step of range should be a positive number: ${part}`);
    for (let value = low; value <= high; value += stride) values.add(value);
  }
  return values;
}

function parseValue(text: string, range: FieldRange): number {
  const named = range.names?.indexOf(text.toLowerCase()) ?? -1;
  return named >= 0 ? named + range.low : parseNumber(text);
}

function parseNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new ScheduleError(`failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`);
  const value = Number(text);
  if (value < 0) throw new ScheduleError(`negative number (${value}) not allowed: ${text}`);
  return value;
}

/** What is wrong with a time zone's name. */
export function timeZoneProblems(zone: string): string[] {
  if (zone === "") return ["timeZone must be nil or non-empty string"];
  const unknown = `unknown time zone ${zone}`;
  const hasValidParts = zone
    .split("/")
    .every((part) => part !== "." && part !== ".." && /^[A-Za-z._0-9+][A-Za-z._0-9+-]{0,13}$/.test(part));
  if (!hasValidParts) return [unknown];
  const problems: string[] = [];
  if (zone.toLowerCase() === "local")
    problems.push("timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
  if (zone !== "Local" && !isTimeZone(zone)) problems.push(unknown);
  return problems;
}

/** Time zones are files with the real server, so that their names have one spelling. */
function isTimeZone(zone: string): boolean {
  try {
    const known = new Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone;
    return known === zone || known.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}
