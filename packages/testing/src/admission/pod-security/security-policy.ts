/**
 * Which level of the Pod Security Standards a namespace asks for, by its labels: to refuse Pods, and to warn of them.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
import { FieldErrors } from "../../strategies/validation/field-errors.ts";

/** From the laxest to the strictest. */
export const LEVELS = ["privileged", "baseline", "restricted"] as const;
export type Level = (typeof LEVELS)[number];

/** A level, as it was in a minor version; `latest` is newer than all of them. */
export interface LevelVersion {
  readonly level: Level;
  readonly minor: number | "latest";
}

/** What a namespace asks for. Its word for audits leaves no trace in answers. */
export interface SecurityPolicy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

type Labels = Readonly<Record<string, string>> | undefined;
type Mode = keyof SecurityPolicy;

const PREFIX = "pod-security.kubernetes.io/";
const UNRESTRICTED: LevelVersion = { level: "privileged", minor: "latest" };

/** The policy in a namespace's labels, and what is wrong with them. A bad level to enforce counts as the strictest. */
export function readPolicy(labels: Labels): { readonly policy: SecurityPolicy; readonly errors: FieldErrors } {
  const errors = new FieldErrors();
  const [enforce, audit, warn] = (["enforce", "audit", "warn"] as const).map((mode) => readMode(mode, labels, errors));
  const policy = { enforce: enforce ?? UNRESTRICTED, audit: audit ?? UNRESTRICTED, warn: warn ?? UNRESTRICTED };
  const isEnforced = isLevel(labels?.[`${PREFIX}enforce`]) && policy.enforce.level !== "privileged";
  if (!isEnforced || labels?.[`${PREFIX}warn`] !== undefined) return { policy, errors };
  // What is enforced is warned of too, since of workloads only their Pods are refused.
  const { level, minor } = policy.enforce;
  const hasVersion = labels?.[`${PREFIX}warn-version`] !== undefined;
  return { policy: { ...policy, warn: { level, minor: hasVersion ? policy.warn.minor : minor } }, errors };
}

/** `baseline:v1.30` */
export function policyText({ level, minor }: LevelVersion): string {
  return `${level}:${minor === "latest" ? minor : `v1.${minor}`}`;
}

export function isSamePolicy(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.minor === b.minor;
}

function readMode(mode: Mode, labels: Labels, errors: FieldErrors): LevelVersion {
  const level = labels?.[`${PREFIX}${mode}`];
  const version = labels?.[`${PREFIX}${mode}-version`];
  const field = `metadata.labels[${PREFIX}${mode}`;
  const isGood = level === undefined || isLevel(level);
  if (!isGood) errors.invalid(`${field}]`, level, `must be one of ${LEVELS.join(", ")}`);
  const minor = version === undefined ? "latest" : readMinor(version);
  if (minor === undefined) errors.invalid(`${field}-version]`, version ?? "", 'must be "latest" or "v1.x"');
  const fallback = mode === "enforce" ? "restricted" : "privileged";
  return { level: isLevel(level) ? level : isGood ? "privileged" : fallback, minor: minor ?? "latest" };
}

function isLevel(level: string | undefined): level is Level {
  return (LEVELS as readonly (string | undefined)[]).includes(level);
}

function readMinor(version: string): number | "latest" | undefined {
  if (version === "latest") return version;
  const minor = /^v1\.(0|[1-9][0-9]*)$/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
