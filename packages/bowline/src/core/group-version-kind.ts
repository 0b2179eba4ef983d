/**
 * API groups and versions: `apps/v1` taken apart, put together, and ordered by stability.
 *
 * @see https://kubernetes.io/docs/reference/using-api/#api-versioning
 */
import { compareUtf8 } from "./go-text.ts";
import { ParseError } from "./parse-error.ts";

/** An apiVersion in its two parts; the core group is `""`. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** A kind in its group and version. */
export interface GroupVersionKind extends GroupVersion {
  readonly kind: string;
}

/**
 * Takes an apiVersion apart: `v1` is in the core group.
 *
 * @throws {@link ParseError} where there is more than one slash. Nothing else is checked, as in apimachinery.
 */
export function parseApiVersion(apiVersion: string): GroupVersion {
  const parts = apiVersion.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) {
    throw new ParseError("apiVersion", apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  }
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
}

/** Puts an apiVersion together: the core group's is the version alone. */
export function formatApiVersion({ group, version }: GroupVersion): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The group, version and kind of an object. */
export function groupVersionKind(object: { readonly apiVersion: string; readonly kind: string }): GroupVersionKind {
  return { ...parseApiVersion(object.apiVersion), kind: object.kind };
}

/**
 * Orders versions by priority, the least first: other names in reverse order, then alpha, beta and stable ones, each by
 * number. The greatest is what a client should prefer.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/version#CompareKubeAwareVersionStrings
 */
export function compareKubeVersions(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  const left = versionRank(a);
  const right = versionRank(b);
  if (left === undefined && right === undefined) return compareUtf8(a, b) > 0 ? -1 : 1;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  const difference = left.stability - right.stability || left.major - right.major || left.minor - right.minor;
  if (difference === 0) return 0;
  return difference < 0 ? -1 : 1;
}

function versionRank(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = /^v([0-9]+)(?:(alpha|beta)([0-9]+))?$/.exec(version);
  if (match === null) return undefined;
  const [, major = "", stability, minor = "0"] = match;
  if (isOverInt64(major) || isOverInt64(minor)) return undefined;
  return { stability: ["alpha", "beta", undefined].indexOf(stability), major: Number(major), minor: Number(minor) };
}

/** Numbers that do not fit are no version numbers in Go. */
function isOverInt64(digits: string): boolean {
  return BigInt(digits) > 2n ** 63n - 1n;
}
