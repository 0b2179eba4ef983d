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
    cases: /^read: what is not there$/,
    reason: "there is no proxy to Services, so one that is missing is not told from one without endpoints",
  },
  {
    cases: /^update: with empty managedFields$/,
    reason: "an empty list in the body is dropped as if it was not there, and so does not clear managedFields",
  },
  {
    cases: /^apply: of a v1 PersistentVolumeClaim, /,
    reason: "the real server stores a claim anew though the apply changes nothing",
  },
  {
    cases: /^subresources: ephemeral containers$/,
    reason: "an empty list in the body is dropped as if it was not there, and so is not shown in the refusal",
  },
];

/** Why this case is known to differ on the test server; undefined where it must not. */
export function knownReason(title: string): string | undefined {
  return KNOWN_DIFFERENCES.find(({ cases }) => cases.test(title))?.reason;
}
