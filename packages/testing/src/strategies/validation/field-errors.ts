/**
 * Collects causes of an `Invalid` answer, each worded as apimachinery's `field.Error` words it.
 *
 * kube-apiserver checks an object twice: by code, then by rules declared beside the types, whose causes come last. `declared` collects
 * the latter, so that the order of causes is the real one.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field
 */
import { goQuote } from "bowline/core";
import type { FieldError, FieldErrorType } from "../../registry/field-error.ts";

export const IMMUTABLE = "field is immutable";
export const NOT_NEGATIVE = "must be greater than or equal to 0";

/** A list of causes under construction. Paths are texts: `spec.containers[0]`. */
export class FieldErrors {
  readonly #handwritten: FieldError[] = [];
  #declared: FieldErrors | undefined;

  /** Where causes of declared rules go. */
  get declared(): FieldErrors {
    this.#declared ??= new FieldErrors();
    return this.#declared;
  }

  get hasErrors(): boolean {
    return this.#handwritten.length > 0 || (this.#declared?.hasErrors ?? false);
  }

  get count(): number {
    return this.all().length;
  }

  /** All causes, in the order of the answer. */
  all(): FieldError[] {
    return [...this.#handwritten, ...(this.#declared?.all() ?? [])];
  }

  required(field: string, detail = ""): void {
    this.#add("FieldValueRequired", field, "Required value", undefined, detail);
  }
  invalid(field: string, value: unknown, detail: string): void {
    this.#add("FieldValueInvalid", field, "Invalid value", value, detail);
  }
  /** `isPlain`: the value has Go's own string type, whose texts are quoted and not encoded. */
  notSupported(field: string, value: unknown, supported: readonly string[], isPlain = false): void {
    const detail =
      supported.length === 0 ? "" : `supported values: ${supported.map((item) => goQuote(item)).join(", ")}`;
    // Nearly all of these values have a string type of their own in Go, which prints as JSON.
    this.#add("FieldValueNotSupported", field, "Unsupported value", isPlain ? value : typedText(value), detail);
  }
  forbidden(field: string, detail: string): void {
    this.#add("FieldValueForbidden", field, "Forbidden", undefined, detail);
  }
  duplicate(field: string, value: unknown, detail = ""): void {
    this.#add("FieldValueDuplicate", field, "Duplicate value", value, detail);
  }
  notFound(field: string, value: unknown, detail = ""): void {
    this.#add("FieldValueNotFound", field, "Not found", value, detail);
  }
  tooLong(field: string, maxBytes: number): void {
    this.#add(
      "FieldValueTooLong",
      field,
      "Too long",
      undefined,
      `may not be more than ${maxBytes} ${maxBytes === 1 ? "byte" : "bytes"}`,
    );
  }
  /** As declared rules word it. */
  tooLongText(field: string, most: number): void {
    const detail = `may not be more than ${most} ${most === 1 ? "character" : "characters"}`;
    this.#add("FieldValueTooLong", field, "Too long", undefined, detail);
  }
  tooMany(field: string, actual: number, most: number): void {
    this.#add(
      "FieldValueTooMany",
      field,
      "Too many",
      actual,
      `must have at most ${most} ${most === 1 ? "item" : "items"}`,
    );
  }
  internal(field: string, detail: string): void {
    this.#add("InternalError", field, "Internal error", undefined, detail);
  }

  /** Causes that were worded elsewhere. */
  addAll(errors: readonly FieldError[]): void {
    this.#handwritten.push(...errors);
  }

  /** One `Invalid value` for each text. */
  invalidEach(field: string, value: unknown, details: readonly string[]): void {
    for (const detail of details) this.invalid(field, value, detail);
  }

  /** A value that is one of few, or a cause. Empty counts as missing where `missing` says how. */
  oneOf(field: string, value: string, supported: readonly string[], missing?: "required" | "plain"): void {
    if (value === "" && missing === "required") this.required(field);
    else if (!supported.includes(value)) this.notSupported(field, value, supported, missing === "plain");
  }

  notNegative(field: string, value: number | undefined): void {
    if (value !== undefined && value < 0) this.invalid(field, value, NOT_NEGATIVE);
  }

  #add(type: FieldErrorType, field: string, title: string, value: unknown, detail: string): void {
    let message = title;
    if (value !== undefined) message += `: ${goValue(value)}`;
    if (detail !== "") message += `: ${detail}`;
    this.#handwritten.push({ type, field, message });
  }
}

/** A text of a string type of its own, as Go has them for all sets of constants: `field.Error` prints it as JSON, escapes and all. */
export function typedText(value: unknown): unknown {
  return typeof value === "string" ? new TypedText(value) : value;
}

class TypedText {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toJSON(): string {
    return this.#text;
  }
}

/** A value as `field.Error` prints it: strings quoted, numbers and booleans plain, all else as Go's JSON. */
export function goValue(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return goJson(value);
}

/** JSON as Go's encoder writes it: `<`, `>` and `&` are escaped. Members keep their order; see `sortedMap`. */
export function goJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A map with its keys in order, as Go prints maps. */
export function sortedMap<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `parent.name`, or `name` at the root. */
export function child(parent: string, name: string): string {
  return parent === "" ? name : `${parent}.${name}`;
}
