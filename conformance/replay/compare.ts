/**
 * Differences between two JSON values, by path.
 */

/** One difference. `undefined` stands for what is absent. */
export interface Difference {
  readonly path: string;
  readonly want: unknown;
  readonly got: unknown;
}

/** Every difference, in the order of the paths. */
export function compare(want: unknown, got: unknown, path = ""): Difference[] {
  if (Object.is(want, got)) return [];
  if (Array.isArray(want) && Array.isArray(got)) {
    const length = Math.max(want.length, got.length);
    return Array.from({ length }, (_, index) => compare(want[index], got[index], `${path}[${index}]`)).flat();
  }
  if (isRecord(want) && isRecord(got)) {
    const keys = [...new Set([...Object.keys(want), ...Object.keys(got)])].sort();
    return keys.flatMap((key) => compare(want[key], got[key], `${path}.${key}`));
  }
  return [{ path, want, got }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
