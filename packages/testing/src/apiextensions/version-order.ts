/**
 * The order of API versions: `v2`, `v1`, `v1beta2`, `v1alpha1`, then all others by name.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/version#CompareKubeAwareVersionStrings
 */

const STAGES = ["alpha", "beta", ""];

/** Negative where `a` comes before `b` in discovery: the more mature and newer first. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) {
    if (left !== undefined) return -1;
    if (right !== undefined) return 1;
    return a < b ? -1 : 1;
  }
  return right.stage - left.stage || right.major - left.major || right.minor - left.minor;
}

function parse(version: string): { readonly stage: number; readonly major: number; readonly minor: number } | undefined {
  const parts = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (parts === null) return undefined;
  const [, major = "0", stage = "", minor = "0"] = parts;
  return { stage: STAGES.indexOf(stage), major: Number(major), minor: Number(minor) };
}
