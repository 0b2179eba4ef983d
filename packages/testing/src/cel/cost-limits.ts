/**
 * Sizes and costs as ranges. No number goes beyond what an unsigned integer of 64 bits holds.
 */

/** The least and the most that something is. */
export interface CostLimits {
  readonly min: number;
  readonly max: number;
}

const MOST = 2 ** 64;

/** Of something of which nothing is known. */
export const UNKNOWN: CostLimits = { min: 0, max: MOST };

export function exactly(value: number): CostLimits {
  return { min: value, max: value };
}

export function add(a: CostLimits, b: CostLimits): CostLimits {
  return { min: Math.min(a.min + b.min, MOST), max: Math.min(a.max + b.max, MOST) };
}

export function times(a: CostLimits, b: CostLimits): CostLimits {
  return { min: Math.min(a.min * b.min, MOST), max: Math.min(a.max * b.max, MOST) };
}

/** Multiplied by a factor, rounded up. */
export function scaled(limits: CostLimits, factor: number): CostLimits {
  return { min: Math.min(Math.ceil(limits.min * factor), MOST), max: Math.min(Math.ceil(limits.max * factor), MOST) };
}

export function union(a: CostLimits, b: CostLimits): CostLimits {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
