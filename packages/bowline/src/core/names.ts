/**
 * The rules for names of objects, in the API server's words. Each check returns what is wrong, nothing when all is well.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/util/validation
 */
import { utf8Length } from "./go-text.ts";

/** A rule of one text: the messages of what is wrong, in the server's order. */
export type ValidateText = (value: string) => string[];
/** As {@link ValidateText} for an object's name; with `isPrefix` the text is a `generateName`, so a dash may end it. */
export type ValidateName = (name: string, isPrefix?: boolean) => string[];

/** What a message calls the bytes that it counts. */
type LengthUnit = "characters" | "bytes";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const labelPattern: RegExp = new RegExp(`^${label}$`);
const labelMessage =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomain = `${label}(\\.${label})*`;
const subdomainPattern: RegExp = new RegExp(`^${subdomain}$`);
const subdomainMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const underscoredLabel = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const underscored = `${underscoredLabel}(\\.${underscoredLabel})*`;
const underscoredPattern: RegExp = new RegExp(`^${underscored}$`);
const underscoredMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
const label1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const label1035Pattern: RegExp = new RegExp(`^${label1035}$`);
const label1035Message =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const wildcard = `\\*\\.${subdomain}`;
const wildcardPattern: RegExp = new RegExp(`^${wildcard}$`);
const wildcardMessage =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";

/** The longest RFC 1123 or 1035 label, in bytes. */
export const dnsLabelMaxLength = 63;
/** The longest RFC 1123 subdomain, in bytes. */
export const dnsSubdomainMaxLength = 253;

/** The rule for namespaces and others that become one part of a DNS name. Newer rules of the server call the unit bytes. */
export function validateDns1123Label(value: string, unit: LengthUnit = "characters"): string[] {
  const errors = tooLong(value, dnsLabelMaxLength, unit);
  if (!labelPattern.test(value)) {
    errors.push(
      subdomainPattern.test(value) ? "must not contain dots" : patternError(labelMessage, label, "my-name", "123-abc"),
    );
  }
  return errors;
}

/** The rule for the names of most kinds. Newer rules of the server call the unit bytes. */
export function validateDns1123Subdomain(value: string, unit: LengthUnit = "characters"): string[] {
  const errors = tooLong(value, dnsSubdomainMaxLength, unit);
  if (!subdomainPattern.test(value)) errors.push(patternError(subdomainMessage, subdomain, "example.com"));
  return errors;
}

/** The rule for search domains of DNS, whose labels may begin with an underscore and hold more of them. */
export function validateDns1123SubdomainWithUnderscore(value: string): string[] {
  const errors = tooLong(value, dnsSubdomainMaxLength);
  if (!underscoredPattern.test(value)) errors.push(patternError(underscoredMessage, underscored, "example.com"));
  return errors;
}

/** The rule for the names of services. */
export function validateDns1035Label(value: string): string[] {
  const errors = tooLong(value, dnsLabelMaxLength);
  if (!label1035Pattern.test(value)) errors.push(patternError(label1035Message, label1035, "my-name", "abc-123"));
  return errors;
}

/** The rule for hosts that begin with `*.`. */
export function validateWildcardDns1123Subdomain(value: string): string[] {
  const errors = tooLong(value, dnsSubdomainMaxLength);
  if (!wildcardPattern.test(value)) errors.push(patternError(wildcardMessage, wildcard, "*.example.com"));
  return errors;
}

/** The rule for RBAC objects and others whose name has only to fit into a URL's path. */
export const validatePathSegmentName: ValidateName = (name, isPrefix = false) => {
  if (!isPrefix && (name === "." || name === "..")) return [`may not be '${name}'`];
  return ["/", "%"]
    .filter((character) => name.includes(character))
    .map((character) => `may not contain '${character}'`);
};

/** {@link validateDns1123Subdomain} for an object's name. */
export const validateNameIsDns1123Subdomain: ValidateName = (name, isPrefix) =>
  validateDns1123Subdomain(isPrefix ? maskTrailingDash(name) : name);
/** {@link validateDns1123Label} for an object's name. */
export const validateNameIsDns1123Label: ValidateName = (name, isPrefix) =>
  validateDns1123Label(isPrefix ? maskTrailingDash(name) : name);
/** {@link validateDns1035Label} for an object's name. */
export const validateNameIsDns1035Label: ValidateName = (name, isPrefix) =>
  validateDns1035Label(isPrefix ? maskTrailingDash(name) : name);

/** The text for a value that does not match a pattern. */
export function patternError(message: string, pattern: string, ...examples: readonly string[]): string {
  const regex = `regex used for validation is '${pattern}')`;
  if (examples.length === 0) return `${message} (${regex}`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}${regex}`;
}

/** The text for a value over its limit, as a list of none or one. */
export function tooLong(value: string, maxBytes: number, unit: LengthUnit = "characters"): string[] {
  return utf8Length(value) > maxBytes ? [`must be no more than ${maxBytes} ${unit}`] : [];
}

/** What follows the prefix is alphanumeric, so a trailing dash is fine. Two characters go, as in apimachinery. */
function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}
