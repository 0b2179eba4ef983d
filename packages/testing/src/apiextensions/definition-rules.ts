/**
 * How CustomResourceDefinitions are defaulted, prepared and checked.
 */

import { validateDns1123Subdomain } from "bowline/core";
import { clone } from "../merge/json-value.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { fieldsAt, isSemanticallyEqual, isTrueAt, itemsAt, textAt, textsAt } from "../strategies/json-access.ts";
import type { KindRules } from "../strategies/kind-rules.ts";
import { asDefinition, CLEANUP_FINALIZER, type Definition, type DefinitionCondition } from "./definition.ts";
import { definitionWarnings, validateDefinition, validateDefinitionStatus } from "./definition-validation.ts";

/** The rules of the kind, without its controllers. */
export const definitionRules: KindRules = {
  nameRule: (name) => validateDns1123Subdomain(name),
  allowUnconditionalUpdate: false,
  allowsAnyFinalizer: true,
  default: fillDefaults,
  prepareForCreate(object): void {
    object.metadata.generation = 1;
    object["status"] = { conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions: null };
    storeVersion(object);
  },
  prepareForUpdate(object, old): void {
    const generation = old.metadata.generation ?? 0;
    object.metadata.generation = isSemanticallyEqual(object["spec"], old["spec"]) ? generation : generation + 1;
    storeVersion(object);
  },
  prepareForStatusUpdate(object, old): void {
    const { resourceVersion, managedFields } = object.metadata;
    object.metadata = {
      ...clone(old.metadata),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      managedFields,
    };
  },
  validate(errors, object): void {
    const definition = asDefinition(object);
    const { plural } = definition.spec.names;
    if (object.metadata.name !== `${plural}.${definition.spec.group}`) {
      errors.invalid("metadata.name", object.metadata.name, 'must be spec.names.plural+"."+spec.group');
    }
    validateDefinition(errors, definition);
  },
  validateUpdate: (errors, object, old) => validateDefinition(errors, asDefinition(object), asDefinition(old)),
  validateStatusUpdate: (errors, object) => validateDefinitionStatus(errors, asDefinition(object)),
  warnings(object, old): string[] {
    const before = old === undefined ? [] : definitionWarnings(asDefinition(old).spec);
    return definitionWarnings(asDefinition(object).spec).filter((text) => !before.includes(text));
  },
  deletion: {
    returnsObject: true,
    isHeld: ({ metadata }) =>
      metadata["deletionTimestamp"] === undefined || (metadata.finalizers?.includes(CLEANUP_FINALIZER) ?? false),
    markTerminating(object): void {
      const { metadata } = object;
      if (!metadata.finalizers?.includes(CLEANUP_FINALIZER))
        metadata.finalizers = [...(metadata.finalizers ?? []), CLEANUP_FINALIZER];
      setCondition(asDefinition(object), {
        type: "Terminating",
        status: "True",
        lastTransitionTime: String(metadata["deletionTimestamp"]),
        reason: "InstanceDeletionPending",
        message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
      });
    },
  },
};

/** Puts a condition into the status; its time of transition stays where the status of it does. */
export function setCondition(definition: Definition, condition: DefinitionCondition): void {
  const status = (definition.status ?? {}) as { conditions?: DefinitionCondition[] | null };
  const conditions = [...(status.conditions ?? [])];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const present = conditions[index];
  if (present === undefined) conditions.push(condition);
  else
    conditions[index] =
      present.status === condition.status
        ? { ...condition, lastTransitionTime: present.lastTransitionTime }
        : condition;
  status.conditions = conditions;
  (definition as { status?: unknown }).status = status;
}

function fillDefaults(object: ApiObject): void {
  const spec = fieldsAt(object, "spec");
  if (spec === undefined) return;
  const status = fieldsAt(object, "status");
  if (status !== undefined && textsAt(status, "storedVersions").length === 0) {
    const storage = itemsAt(spec, "versions").find((version) => isTrueAt(version, "storage"));
    if (storage !== undefined) status["storedVersions"] = [textAt(storage, "name")];
  }
  const names = fieldsAt(spec, "names");
  if (names !== undefined) {
    const kind = typeof names["kind"] === "string" ? names["kind"] : "";
    if (!names["singular"]) names["singular"] = kind.toLowerCase();
    if (!names["listKind"] && kind !== "") names["listKind"] = `${kind}List`;
  }
  if (spec["conversion"] === undefined || spec["conversion"] === null) spec["conversion"] = { strategy: "None" };
}

/** Notes the version that objects are stored in from now on. */
function storeVersion(object: ApiObject): void {
  const { spec, status } = asDefinition(object);
  const name = spec.versions?.find(({ storage }) => storage)?.name;
  const stored = status?.storedVersions ?? [];
  if (name === undefined || stored.includes(name) || status === undefined) return;
  (status as { storedVersions?: readonly string[] }).storedVersions = [...stored, name];
}
