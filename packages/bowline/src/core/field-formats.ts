/**
 * The rules for values of some fields, in the API server's words: names of ports, of environment variables, of keys in a
 * ConfigMap. Each check returns what is wrong, nothing when all is well.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/util/validation
 */
import { dnsSubdomainMaxLength, patternError, tooLong } from "./names.ts";

const percent = "[0-9]+%";
const httpHeaderName = "[-A-Za-z0-9]+";
const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const envVarName = "[-._a-zA-Z][-._a-zA-Z0-9]*";
const configMapKey = "[-._a-zA-Z0-9]+";
const cIdentifier = "[A-Za-z_][A-Za-z0-9_]*";

/** The rule for names of container ports (IANA_SVC_NAME). */
export function validatePortName(value: string): string[] {
  const errors = tooLong(value, 15);
  if (!/^[-a-z0-9]+$/.test(value)) {
    errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(value)) errors.push("must contain at least one letter (a-z)");
  if (value.includes("--")) errors.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-")) errors.push("must not begin or end with a hyphen");
  return errors;
}

/** The rule for numbers of ports. */
export function validatePortNumber(port: number): string[] {
  return validateInRange(port, 1, 65_535);
}

/** The rule for a number that has bounds. */
export function validateInRange(value: number, lowest: number, highest: number): string[] {
  return value >= lowest && value <= highest ? [] : [`must be between ${lowest} and ${highest}, inclusive`];
}

/** The rule for percentages such as `25%`. */
export function validatePercent(value: string): string[] {
  const message = "a valid percent string must be a numeric string followed by an ending '%'";
  return matches(value, percent) ? [] : [patternError(message, percent, "1%", "93%")];
}

/** The rule for names of HTTP headers in probes. */
export function validateHttpHeaderName(value: string): string[] {
  const message = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return matches(value, httpHeaderName) ? [] : [patternError(message, httpHeaderName, "X-Header-Name")];
}

/** The rule for what follows the domain in a domain-prefixed path, such as a controller's `example.com/name`. */
export function validateHttpPath(value: string): string[] {
  return matches(value, httpPath) ? [] : [patternError("Invalid path", httpPath)];
}

/** The strict rule for names of environment variables. */
export function validateEnvVarName(value: string): string[] {
  const message =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
  const examples = ["my.env-name", "MY_ENV.NAME", "MyEnvName1"];
  const errors = matches(value, envVarName) ? [] : [patternError(message, envVarName, ...examples)];
  return [...errors, ...parentDirectory(value)];
}

/** The rule for names of environment variables that the server uses since v1.30. */
export function validateRelaxedEnvVarName(value: string): string[] {
  if (value === "") return ["environment variable name must be non-empty"];
  if (/^[ -<>-~]+$/.test(value)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** The rule for keys of a ConfigMap or a Secret. */
export function validateConfigMapKey(value: string): string[] {
  const errors = tooLong(value, dnsSubdomainMaxLength);
  const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  if (!matches(value, configMapKey)) {
    errors.push(patternError(message, configMapKey, "key.name", "KEY_NAME", "key-name"));
  }
  return [...errors, ...parentDirectory(value)];
}

/** The rule for identifiers as in C. */
export function validateCIdentifier(value: string): string[] {
  const message =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return matches(value, cIdentifier) ? [] : [patternError(message, cIdentifier, "my_name", "MY_NAME", "MyName")];
}

function matches(value: string, pattern: string): boolean {
  return new RegExp(`^${pattern}$`).test(value);
}

/** Such a key would be a file in a volume, so it must not climb out of it. */
function parentDirectory(value: string): string[] {
  if (value === "." || value === "..") return [`must not be '${value}'`];
  return value.startsWith("..") ? ["must not start with '..'"] : [];
}
