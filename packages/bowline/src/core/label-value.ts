/**
 * The rules for keys and values of labels, in the API server's words. Keys of annotations follow the rule for label keys,
 * in lower case.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.37.2/pkg/api/validate/content
 */
import { patternError, tooLong, validateDns1123Subdomain } from "./names.ts";

const name = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const namePattern: RegExp = new RegExp(`^${name}$`);
const nameMessage =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const value = `(${name})?`;
const valuePattern: RegExp = new RegExp(`^${value}$`);
const valueMessage =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** The longest label value, and the longest key without its prefix, in bytes. */
export const labelMaxLength = 63;

/** What is wrong with a label's key, a qualified name such as `app.kubernetes.io/name`; nothing when all is well. */
export function validateLabelKey(key: string): string[] {
  const parts = key.split("/");
  if (parts.length > 2) {
    const rule = patternError(nameMessage, name, "MyName", "my.name", "123-abc");
    return [`a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const [prefix = "", local = ""] = parts.length === 2 ? parts : [undefined, parts[0]];
  if (parts.length === 2) {
    if (prefix === "") errors.push("prefix part must be non-empty");
    else errors.push(...validateDns1123Subdomain(prefix, "bytes").map((error) => `prefix part ${error}`));
  }
  if (local === "") errors.push("name part must be non-empty");
  else errors.push(...tooLong(local, labelMaxLength, "bytes").map((error) => `name part ${error}`));
  if (!namePattern.test(local)) {
    errors.push(`name part ${patternError(nameMessage, name, "MyName", "my.name", "123-abc")}`);
  }
  return errors;
}

/** What is wrong with a label's value; nothing when all is well. */
export function validateLabelValue(text: string): string[] {
  const errors = tooLong(text, labelMaxLength, "bytes");
  if (!valuePattern.test(text)) errors.push(patternError(valueMessage, value, "MyValue", "my_value", "12345"));
  return errors;
}
