/**
 * The error of text that is not what it should be: a quantity, a duration, a selector.
 */
import { goQuote } from "./go-text.ts";
import { KubeError } from "./kube-error.ts";

/** What a {@link ParseError} was to be. */
export type ParsedForm =
  | "apiVersion"
  | "duration"
  | "field selector"
  | "JSON pointer"
  | "JSONPath"
  | "label selector"
  | "quantity"
  | "time";

const codes = {
  apiVersion: "InvalidApiVersion",
  duration: "InvalidDuration",
  "field selector": "InvalidFieldSelector",
  "JSON pointer": "InvalidJsonPointer",
  JSONPath: "InvalidJsonPath",
  "label selector": "InvalidLabelSelector",
  quantity: "InvalidQuantity",
  time: "InvalidTime",
} satisfies Record<ParsedForm, string>;

/** Text or an object that cannot be read as `form`. A retry does not help: the input has to change. */
export class ParseError extends KubeError {
  readonly form: ParsedForm;
  /** What was given, as text. */
  readonly input: string;
  /** What is wrong with it, in Kubernetes' own words: the API server answers with this text. */
  readonly reason: string;

  constructor(form: ParsedForm, input: string, reason: string) {
    super(
      codes[form],
      `cannot read ${goQuote(shorten(input))} as ${form === "apiVersion" ? "an" : "a"} ${form}: ${reason}`,
    );
    this.form = form;
    this.input = input;
    this.reason = reason;
  }
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
