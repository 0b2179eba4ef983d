/**
 * Events, kept as v1; `events.k8s.io/v1` names the same fields differently.
 */

import { validateLabelKey, validateNameIsDns1123Subdomain } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import type { ApiObject } from "../../registry/strategy.ts";
import { internalShape } from "../difference/internal-difference.ts";
import { at, type Fields, fieldsAt, isSemanticallyEqual, numberAt, textAt } from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { type FieldErrors, IMMUTABLE } from "../validation/field-errors.ts";
import { validateMetadata, validateMetadataUpdate } from "../validation/metadata-validation.ts";

/** The names of one field, in `v1` and in `events.k8s.io/v1`. */
const RENAMED: readonly (readonly [core: string, events: string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["reportingComponent", "reportingController"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
];

function selectable(...path: string[]): (object: ApiObject) => string {
  return (object) => textAt(object, ...path);
}

/** Rules of `v1`. */
export const eventRules: KindRules = {
  skipsMetadata: true,
  allowCreateOnUpdate: true,
  deletion: { defaultPropagation: "unsupported" },
  validate: (errors, object) => validateEvent(errors, object, true),
  validateUpdate: (errors, object) => validateEvent(errors, object, true),
  selectableFields: {
    "involvedObject.kind": selectable("involvedObject", "kind"),
    "involvedObject.namespace": selectable("involvedObject", "namespace"),
    "involvedObject.name": selectable("involvedObject", "name"),
    "involvedObject.uid": selectable("involvedObject", "uid"),
    "involvedObject.apiVersion": selectable("involvedObject", "apiVersion"),
    "involvedObject.resourceVersion": selectable("involvedObject", "resourceVersion"),
    "involvedObject.fieldPath": selectable("involvedObject", "fieldPath"),
    reason: selectable("reason"),
    reportingComponent: selectable("reportingComponent"),
    source: (object) => textAt(object, "source", "component") || textAt(object, "reportingComponent"),
    type: selectable("type"),
  },
};

/** What a change through `events.k8s.io` has to leave alone. */
const FIXED = [
  "involvedObject",
  "reason",
  "message",
  "source",
  "firstTimestamp",
  "lastTimestamp",
  "count",
  "reason",
  "type",
  "eventTime",
  "action",
  "related",
  "reportingComponent",
  "reportingInstance",
];

/** A member as Go prints it. */
function goMember(member: string, value: unknown): unknown {
  if (member === "involvedObject") return internalShape("ObjectReference", value);
  return value ?? (TEXTS.includes(member) ? "" : null);
}

const TEXTS = ["reason", "message", "type", "action", "reportingComponent", "reportingInstance"];

/** Rules of `events.k8s.io/v1`, which checks more. */
export const newEventRules: KindRules = {
  ...eventRules,
  validate(errors, object): void {
    const event = renamed(object, "v1", 1, 0);
    validateEvent(errors, event, false);
    validateMetadata(errors, event.metadata, true, validateNameIsDns1123Subdomain);
    validateNewEvent(errors, event);
  },
  validateUpdate(errors, object, old): void {
    const [event, before] = [renamed(object, "v1", 1, 0), renamed(old, "v1", 1, 0)];
    validateEvent(errors, event, false);
    validateMetadataUpdate(errors, event.metadata, before.metadata);
    for (const member of FIXED) {
      if (!isSemanticallyEqual(event[member], before[member])) {
        const field = member === "reportingComponent" ? "reportingController" : member;
        errors.invalid(field, goMember(member, event[member]), IMMUTABLE);
      }
    }
  },
  toStorage: (object) => renamed(object, "v1", 1, 0),
  fromStorage: (object) => renamed(object, "events.k8s.io/v1", 0, 1),
  selectableFields: Object.fromEntries(
    Object.entries(eventRules.selectableFields ?? {})
      .filter(([field]) => field !== "source")
      .map(([field, read]) => [
        field.replace("involvedObject", "regarding").replace("reportingComponent", "reportingController"),
        (object: ApiObject) => read(renamed(object, "v1", 1, 0)),
      ]),
  ),
};

function renamed(object: ApiObject, apiVersion: string, from: 0 | 1, to: 0 | 1): ApiObject {
  const out: ApiObject = { ...clone(object), apiVersion };
  for (const names of RENAMED) {
    const value = out[names[from]];
    delete out[names[from]];
    if (value !== undefined) out[names[to]] = value;
  }
  return out;
}

function validateEvent(errors: FieldErrors, object: Fields, isCore: boolean): void {
  const namespace = textAt(object, "metadata", "namespace");
  const about = textAt(object, "involvedObject", "namespace");
  const mismatch = () => errors.invalid("involvedObject.namespace", about, "does not match event.namespace");
  if (at(object, "eventTime") === undefined) {
    if (about === "" ? namespace !== "" && namespace !== "default" : namespace !== about) mismatch();
    return;
  }
  if (about === "" && namespace !== "default" && namespace !== "kube-system") mismatch();
  const field = isCore ? "reportingComponent" : "reportingController";
  const component = textAt(object, "reportingComponent");
  if (component === "") errors.required(field);
  errors.invalidEach(field, component, validateLabelKey(component));
  const instance = textAt(object, "reportingInstance");
  if (instance === "") errors.required("reportingInstance");
  else if (instance.length > 128) errors.invalid("reportingInstance", "", "can have at most 128 characters");
  const limits = { action: 128, reason: 128 };
  for (const [name, most] of Object.entries(limits)) {
    const value = textAt(object, name);
    if (value === "") errors.required(name);
    if (value.length > most) errors.invalid(name, "", `can have at most ${most} characters`);
  }
  if (textAt(object, "message").length > 1024) errors.invalid("message", "", "can have at most 1024 characters");
}

function validateNewEvent(errors: FieldErrors, object: Fields): void {
  const series = fieldsAt(object, "series");
  if (series !== undefined) {
    if ((numberAt(series, "count") ?? 0) < 2) errors.invalid("series.count", "", "should be at least 2");
    if (at(series, "lastObservedTime") === undefined) errors.required("series.lastObservedTime");
  }
  if (at(object, "eventTime") === undefined) errors.required("eventTime");
  const type = textAt(object, "type");
  if (type !== "Normal" && type !== "Warning") errors.invalid("type", "", `has invalid value: ${type}`);
  for (const member of ["firstTimestamp", "lastTimestamp"]) {
    if (at(object, member) !== undefined) errors.invalid(member, "", "needs to be unset");
  }
  if ((numberAt(object, "count") ?? 0) !== 0) errors.invalid("count", "", "needs to be unset");
  if (textAt(object, "source", "component") !== "" || textAt(object, "source", "host") !== "")
    errors.invalid("source", "", "needs to be unset");
}
