/**
 * Cases that the test server does not answer as the real server does, each with the reason. `npm run conformance` prints
 * them, and says which of them have become needless.
 */

/** Cases by the pattern of their titles, and why they differ. */
export interface KnownDifference {
  readonly cases: RegExp;
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    cases: /^apply: of a v1 PersistentVolumeClaim, /,
    reason: "the real server stores a claim anew though the apply changes nothing",
  },
];

/** Why this case is known to differ on the test server; undefined where it must not. */
export function knownReason(title: string): string | undefined {
  return KNOWN_DIFFERENCES.find(({ cases }) => cases.test(title))?.reason;
}
