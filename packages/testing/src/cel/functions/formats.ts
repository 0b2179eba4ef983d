/**
 * Formats by name: `format.dns1123Label().validate(text)`.
 */
import {
  validateDns1035Label,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateLabelKey,
  validateLabelValue,
} from "bowline/core";
import type { FunctionLibrary } from "../function-library.ts";
import { CelOpaque, CelOptional } from "../value.ts";
import { urlProblem } from "./addresses.ts";
import { parseTimestamp } from "./conversions.ts";

const FORMAT = "kubernetes.NamedFormat";

class CelFormat extends CelOpaque {
  readonly typeName = FORMAT;
  readonly name: string;
  /** Of its pattern, for costs. */
  override readonly size: number;
  readonly validate: (text: string) => readonly string[];
  constructor(name: string, size: number, validate: (text: string) => readonly string[]) {
    super();
    this.name = name;
    this.size = size;
    this.validate = validate;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof CelFormat && this.name === other.name;
  }
}

/** A prefix may end in a dash. */
function asPrefix(text: string): string {
  return text.length > 1 && text.endsWith("-") ? `${text.slice(0, -1)}a` : text;
}

const when = (isGood: boolean, problem: string): readonly string[] => (isGood ? [] : [problem]);
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const FORMATS: Readonly<Record<string, CelFormat>> = {
  dns1123Label: new CelFormat("DNS1123Label", 30, validateDns1123Label),
  dns1123Subdomain: new CelFormat("DNS1123Subdomain", 60, validateDns1123Subdomain),
  dns1035Label: new CelFormat("DNS1035Label", 30, validateDns1035Label),
  qualifiedName: new CelFormat("QualifiedName", 60, validateLabelKey),
  dns1123LabelPrefix: new CelFormat("DNS1123LabelPrefix", 30, (text) => validateDns1123Label(asPrefix(text))),
  dns1123SubdomainPrefix: new CelFormat("DNS1123SubdomainPrefix", 60, (text) =>
    validateDns1123Subdomain(asPrefix(text)),
  ),
  dns1035LabelPrefix: new CelFormat("DNS1035LabelPrefix", 30, (text) => validateDns1035Label(asPrefix(text))),
  labelValue: new CelFormat("LabelValue", 40, validateLabelValue),
  uri: new CelFormat("URI", 1103, (text) => [urlProblem(text)].filter((problem) => problem !== undefined)),
  uuid: new CelFormat("uuid", 63, (text) => when(UUID.test(text), "does not match the UUID format")),
  byte: new CelFormat("byte", 84, (text) =>
    when(
      text !== "" && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
      "invalid base64",
    ),
  ),
  date: new CelFormat("date", 94, (text) => when(DATE.test(text) && !Number.isNaN(Date.parse(text)), "invalid date")),
  datetime: new CelFormat("datetime", 94, (text) => when(parseTimestamp(text) !== undefined, "invalid datetime")),
};

/** Declares the functions of formats. */
export function declareFormats(library: FunctionLibrary): void {
  for (const [name, format] of Object.entries(FORMATS)) {
    library.declare(`format.${name}`, `format.${name}(): ${FORMAT}`, () => format);
  }
  library
    .declare("format-named", `format.named(string): optional(${FORMAT})`, (name: string) => {
      const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
      return format === undefined ? CelOptional.none() : CelOptional.of(format);
    })
    .declare(
      "format-validate",
      `<${FORMAT}>.validate(string): optional(list(string))`,
      (format: CelFormat, text: string) => {
        const problems = format.validate(text);
        return problems.length === 0 ? CelOptional.none() : CelOptional.of([...problems]);
      },
    );
}
