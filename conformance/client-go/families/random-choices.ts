/**
 * Choices that are random and always the same.
 */
import { randomNumbers } from "./mutations.ts";

/** Choices that depend on the seed alone. */
export interface Choices {
  /** One of them. */
  pick<T>(list: readonly T[]): T;
  /** As many of them, with repetitions. */
  some<T>(list: readonly T[], count: number): readonly T[];
  /** True in that share of all cases. */
  chance(share: number): boolean;
}

export function choices(seed: number): Choices {
  const random = randomNumbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return {
    pick,
    some: (list, count) => Array.from({ length: count }, () => pick(list)),
    chance: (share) => random() < share,
  };
}

/** A case for each of the numbers from `start` on. */
export function numbered<T>(start: number, count: number, make: (number: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(start + index));
}
