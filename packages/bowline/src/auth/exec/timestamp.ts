/**
 * RFC 3339 timestamps with exactly the forms that Go reads, which are others than those of Date.parse.
 */
const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([-+])(\d{2}):(\d{2}))$/;

/**
 * Milliseconds since 1970; `"never"` for the first instant of year 1, which is Go's "no time"; `undefined` where it is none.
 */
export function parseTimestamp(text: string): number | "never" | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 24 || zoneMinute > 60) return undefined;
  const date = new Date(0);
  // Date.UTC takes the years before 100 for years of the twentieth century.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const fractionMs = Number(`0.${match[7] ?? 0}`) * 1000;
  const zoneMs = (zoneHour * 60 + zoneMinute) * 60_000 * (match[8] === "-" ? -1 : 1);
  const time = date.getTime() - zoneMs + fractionMs;
  return time === firstInstantMs ? "never" : time;
}

const firstInstantMs = -62_135_596_800_000;

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
