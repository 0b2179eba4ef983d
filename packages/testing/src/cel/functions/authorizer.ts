/**
 * `authorizer`: questions about what the user of a request may do.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-authorizer-library
 */
import type { AccessAttributes } from "../../registry/strategy.ts";
import { type FunctionLibrary, fail } from "../function-library.ts";
import { type CelType, struct } from "../type.ts";
import { CelOpaque, type CelValue } from "../value.ts";

type TypeName = "Authorizer" | "PathCheck" | "GroupCheck" | "ResourceCheck" | "Decision";
type IsAllowed = (attributes: AccessAttributes) => boolean;

function nameOf(name: TypeName): string {
  return `kubernetes.authorization.${name}`;
}

/** The type of one of the steps to a decision. */
export function authorizerType(name: TypeName): CelType {
  return struct(nameOf(name));
}

/** A question as far as an expression has put it together. */
class Question extends CelOpaque {
  readonly typeName: string;
  readonly attributes: Partial<AccessAttributes>;
  readonly isAllowed: IsAllowed;
  constructor(type: TypeName, attributes: Partial<AccessAttributes>, isAllowed: IsAllowed) {
    super();
    this.typeName = nameOf(type);
    this.attributes = attributes;
    this.isAllowed = isAllowed;
  }
  equals(other: CelOpaque): boolean {
    return other === this;
  }
  with(type: TypeName, more: Partial<AccessAttributes>): Question {
    return new Question(type, { ...this.attributes, ...more }, this.isAllowed);
  }
}

class Decision extends CelOpaque {
  readonly typeName: string = nameOf("Decision");
  readonly isAllowed: boolean;
  constructor(isAllowed: boolean) {
    super();
    this.isAllowed = isAllowed;
  }
  equals(other: CelOpaque): boolean {
    return other instanceof Decision && other.isAllowed === this.isAllowed;
  }
}

/** The value of `authorizer` for a user's request. */
export function authorizerValue(isAllowed: IsAllowed): CelValue {
  return new Question("Authorizer", {}, isAllowed);
}

/** The value of `authorizer.requestResource`. */
export function requestResourceValue(isAllowed: IsAllowed, attributes: Partial<AccessAttributes>): CelValue {
  return new Question("ResourceCheck", attributes, isAllowed);
}

/** Declares what can be asked. */
export function declareAuthorizer(library: FunctionLibrary): void {
  const [authorizer, path, group, resource, decision] = (
    ["Authorizer", "PathCheck", "GroupCheck", "ResourceCheck", "Decision"] as const
  ).map(nameOf);
  const check = (question: Question, verb: string) =>
    new Decision(question.isAllowed({ ...question.attributes, verb }));
  const notEmpty = (what: string, value: string): string => {
    return value === "" ? fail(`${what} must not be empty`) : value;
  };
  library
    .declare("authorizer_path", `<${authorizer}>.path(string): ${path}`, (question: Question, value: string) =>
      question.with("PathCheck", { path: notEmpty("path", value) }),
    )
    .declare("authorizer_group", `<${authorizer}>.group(string): ${group}`, (question: Question, value: string) =>
      question.with("GroupCheck", { group: value }),
    )
    .declare(
      "authorizer_serviceaccount",
      `<${authorizer}>.serviceAccount(string, string): ${authorizer}`,
      (question: Question) => new Question("Authorizer", question.attributes, () => false),
    )
    .declare("groupcheck_resource", `<${group}>.resource(string): ${resource}`, (question: Question, value: string) =>
      question.with("ResourceCheck", { resource: notEmpty("resource", value) }),
    )
    .declare("pathcheck_check", `<${path}>.check(string): ${decision}`, check)
    .declare("resourcecheck_check", `<${resource}>.check(string): ${decision}`, check)
    .declare("decision_errored", `<${decision}>.errored(): bool`, () => false)
    .declare("decision_error", `<${decision}>.error(): string`, () => "")
    .declare("decision_allowed", `<${decision}>.allowed(): bool`, ({ isAllowed }: Decision) => isAllowed)
    .declare("decision_reason", `<${decision}>.reason(): string`, () => "");
  for (const member of ["subresource", "namespace", "name"] as const) {
    library.declare(
      `resourcecheck_${member}`,
      `<${resource}>.${member}(string): ${resource}`,
      (question: Question, value: string) => question.with("ResourceCheck", { [member]: value }),
    );
  }
  // The rights of this server do not depend on selectors.
  const unchanged = (question: Question) => question;
  library
    .declare("authorizer_fieldselector", `<${resource}>.fieldSelector(string): ${resource}`, unchanged)
    .declare("authorizer_labelselector", `<${resource}>.labelSelector(string): ${resource}`, unchanged);
}
