/**
 * Rules for names, keys and other short texts. Each gives the reasons why a text does not fit, none where it does.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

export type NameRule = (name: string, isPrefix: boolean) => string[];

const DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const LABEL_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${LABEL_KEY})?`;
const CONFIG_KEY = "[-._a-zA-Z0-9]+";
const WILDCARD_DNS = `\\*\\.${DNS_SUBDOMAIN}`;
const PERCENT = "[0-9]+%";
const HTTP_HEADER = "[-A-Za-z0-9]+";
const HTTP_PATH = `[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+`;

const DNS_LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const DNS_SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_KEY_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const compiled = new Map<string, RegExp>();
function matches(pattern: string, text: string): boolean {
  let regex = compiled.get(pattern);
  if (regex === undefined) {
    regex = new RegExp(`^${pattern}$`);
    compiled.set(pattern, regex);
  }
  return regex.test(text);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function ruleText(text: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${text} (regex used for validation is '${pattern}')`;
  return `${text} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${pattern}')`;
}

export function dnsLabelProblems(text: string, unit: "characters" | "bytes" = "characters"): string[] {
  const problems: string[] = [];
  if (byteLength(text) > 63) problems.push(`must be no more than 63 ${unit}`);
  if (!matches(DNS_LABEL, text)) {
    if (matches(DNS_SUBDOMAIN, text)) problems.push("must not contain dots");
    else problems.push(ruleText(DNS_LABEL_TEXT, DNS_LABEL, "my-name", "123-abc"));
  }
  return problems;
}

export function dnsSubdomainProblems(text: string, unit: "characters" | "bytes" = "characters"): string[] {
  const problems: string[] = [];
  if (byteLength(text) > 253) problems.push(`must be no more than 253 ${unit}`);
  if (!matches(DNS_SUBDOMAIN, text)) problems.push(ruleText(DNS_SUBDOMAIN_TEXT, DNS_SUBDOMAIN, "example.com"));
  return problems;
}

/** A subdomain whose labels may begin with and hold underscores, as search domains do. */
export function underscoredSubdomainProblems(text: string): string[] {
  const label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
  const pattern = `${label}(\\.${label})*`;
  const problems: string[] = [];
  if (byteLength(text) > 253) problems.push("must be no more than 253 characters");
  if (!matches(pattern, text)) {
    const why =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
    problems.push(ruleText(why, pattern, "example.com"));
  }
  return problems;
}

export function dns1035Problems(text: string): string[] {
  const problems: string[] = [];
  if (byteLength(text) > 63) problems.push("must be no more than 63 characters");
  if (!matches(DNS_1035, text)) {
    const why =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
    problems.push(ruleText(why, DNS_1035, "my-name", "abc-123"));
  }
  return problems;
}

export function wildcardDnsProblems(text: string): string[] {
  const problems: string[] = [];
  if (byteLength(text) > 253) problems.push("must be no more than 253 characters");
  if (!matches(WILDCARD_DNS, text)) {
    const why =
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
    problems.push(ruleText(why, WILDCARD_DNS, "*.example.com"));
  }
  return problems;
}

/** Keys of labels and annotations, names of finalizers, of extended resources, ... */
export function labelKeyProblems(text: string): string[] {
  const problems: string[] = [];
  const parts = text.split("/");
  const nameText = ruleText(LABEL_KEY_TEXT, LABEL_KEY, "MyName", "my.name", "123-abc");
  if (parts.length > 2)
    return [`a valid label key ${nameText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) ?? "";
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    if (prefix === "") problems.push("prefix part must be non-empty");
    else problems.push(...dnsSubdomainProblems(prefix, "bytes").map((problem) => `prefix part ${problem}`));
  }
  if (name === "") problems.push("name part must be non-empty");
  else if (byteLength(name) > 63) problems.push("name part must be no more than 63 bytes");
  if (!matches(LABEL_KEY, name)) problems.push(`name part ${nameText}`);
  return problems;
}

export function labelValueProblems(text: string): string[] {
  const problems: string[] = [];
  if (byteLength(text) > 63) problems.push("must be no more than 63 bytes");
  if (!matches(LABEL_VALUE, text)) {
    const why =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
    problems.push(ruleText(why, LABEL_VALUE, "MyValue", "my_value", "12345"));
  }
  return problems;
}

/** Keys of ConfigMaps and Secrets. */
export function configKeyProblems(text: string): string[] {
  const problems: string[] = [];
  if (byteLength(text) > 253) problems.push("must be no more than 253 characters");
  if (!matches(CONFIG_KEY, text)) {
    problems.push(
      ruleText(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        CONFIG_KEY,
        "key.name",
        "KEY_NAME",
        "key-name",
      ),
    );
  }
  if (text === ".") problems.push("must not be '.'");
  else if (text === "..") problems.push("must not be '..'");
  else if (text.startsWith("..")) problems.push("must not start with '..'");
  return problems;
}

export function envNameProblems(text: string): string[] {
  if (text === "") return ["environment variable name must be non-empty"];
  return /^[\x20-\x3c\x3e-\x7e]*$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function percentProblems(text: string): string[] {
  const why = "a valid percent string must be a numeric string followed by an ending '%'";
  return matches(PERCENT, text) ? [] : [ruleText(why, PERCENT, "1%", "93%")];
}

export function httpHeaderProblems(text: string): string[] {
  const why = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return matches(HTTP_HEADER, text) ? [] : [ruleText(why, HTTP_HEADER, "X-Header-Name")];
}

/** The path of a domain-prefixed path: `example.com/path`. */
export function httpPathProblems(text: string): string[] {
  return matches(HTTP_PATH, text) ? [] : [ruleText("Invalid path", HTTP_PATH)];
}

/** Names of container ports (IANA service names). */
export function portNameProblems(text: string): string[] {
  const problems: string[] = [];
  if (byteLength(text) > 15) problems.push("must be no more than 15 characters");
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) problems.push("must contain at least one letter (a-z)");
  if (text.includes("--")) problems.push("must not contain consecutive hyphens");
  if (text.startsWith("-") || text.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

export function rangeProblems(value: number, low: number, high: number): string[] {
  return value >= low && value <= high ? [] : [`must be between ${low} and ${high}, inclusive`];
}

export function portProblems(value: number): string[] {
  return rangeProblems(value, 1, 65535);
}

/** Names that only have to be one segment of a path (RBAC's). */
export const pathSegmentName: NameRule = (name, isPrefix) => {
  if (!isPrefix && (name === "." || name === "..")) return [`may not be '${name}'`];
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
};

export const dnsSubdomainName: NameRule = (name, isPrefix) =>
  dnsSubdomainProblems(isPrefix ? withoutTrailingDash(name) : name);
export const dnsLabelName: NameRule = (name, isPrefix) => dnsLabelProblems(isPrefix ? withoutTrailingDash(name) : name);
export const dns1035Name: NameRule = (name, isPrefix) => dns1035Problems(isPrefix ? withoutTrailingDash(name) : name);

/** A prefix may end in a dash, since something follows it. */
function withoutTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}
