/**
 * StatefulSets and ControllerRevisions.
 */

import { validateDns1123Label, validateNameIsDns1123Label } from "bowline/core";
import { clone } from "../../merge/json-value.ts";
import { internalValue } from "../difference/internal-difference.ts";
import {
  at,
  ensureFields,
  type Fields,
  fieldsAt,
  fieldsOf,
  fillAbsent,
  fillEmpty,
  isSemanticallyEqual,
  itemsAt,
  numberAt,
  shownAt,
  textAt,
} from "../json-access.ts";
import type { KindRules } from "../kind-rules.ts";
import { defaultPodTemplate } from "../pod/pod-defaults.ts";
import { validatePodTemplate } from "../pod/pod-spec-validation.ts";
import { claimWarnings, templateWarnings } from "../pod/pod-warnings.ts";
import { defaultClaim, validateClaimSpec } from "../storage/claim-validation.ts";
import { type FieldErrors, IMMUTABLE, typedText } from "../validation/field-errors.ts";
import { goSelector, isUsable } from "../validation/metadata-validation.ts";
import { validateCollisionCount } from "./deployment.ts";
import {
  intOrPercentOf,
  validateAlwaysRestarting,
  validateAtMost100Percent,
  validateIntOrPercent,
  validateRequiredSelector,
  validateStatusCounts,
  validateTemplateLabels,
} from "./workload-validation.ts";

export const statefulSetRules: KindRules = {
  nameRule: validateNameIsDns1123Label,
  generation: ["spec"],
  default(object): void {
    const spec = ensureFields(object, "spec");
    fillEmpty(spec, "podManagementPolicy", "OrderedReady");
    const strategy = ensureFields(spec, "updateStrategy");
    if (textAt(strategy, "type") === "") {
      strategy["type"] = "RollingUpdate";
      fillAbsent(strategy, "rollingUpdate", {});
    }
    const rolling = fieldsAt(strategy, "rollingUpdate");
    if (strategy["type"] === "RollingUpdate" && rolling !== undefined) {
      fillAbsent(rolling, "partition", 0);
      fillAbsent(rolling, "maxUnavailable", 1);
    }
    const retention = ensureFields(spec, "persistentVolumeClaimRetentionPolicy");
    fillEmpty(retention, "whenDeleted", "Retain");
    fillEmpty(retention, "whenScaled", "Retain");
    fillAbsent(spec, "replicas", 1);
    fillAbsent(spec, "revisionHistoryLimit", 10);
    defaultPodTemplate(ensureFields(spec, "template"));
    for (const claim of itemsAt(spec, "volumeClaimTemplates")) {
      claim["kind"] = "PersistentVolumeClaim";
      claim["apiVersion"] = "v1";
      defaultClaim(claim);
    }
  },
  validate(errors, object): void {
    const claims = itemsAt(object, "spec", "volumeClaimTemplates");
    for (const [index, claim] of claims.entries())
      validateClaimSpec(errors, `spec.volumeClaimTemplates[${index}].spec`, fieldsAt(claim, "spec") ?? {});
    const service = textAt(object, "spec", "serviceName");
    if (service !== "") errors.invalidEach("spec.serviceName", service, validateDns1123Label(service));
    validateStatefulSet(errors, object);
  },
  validateUpdate(errors, object, old): void {
    validateStatefulSet(errors, object);
    const spec = fieldsAt(object, "spec") ?? {};
    const before = fieldsAt(old, "spec") ?? {};
    for (const member of ["serviceName", "podManagementPolicy", "selector", "volumeClaimTemplates"]) {
      if (isSemanticallyEqual(spec[member], before[member])) continue;
      const value = fixedValue(spec, member);
      errors.invalid(`spec.${member}`, value, IMMUTABLE);
    }
  },
  validateStatusUpdate(errors, object, old): void {
    const status = fieldsAt(object, "status") ?? {};
    validateStatusCounts(
      errors,
      status,
      [
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas",
        "observedGeneration",
        "collisionCount",
      ],
      [
        ["readyReplicas", "replicas"],
        ["currentReplicas", "replicas"],
        ["updatedReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas"],
      ],
    );
    validateCollisionCount(errors, status, old);
  },
  warnings(object, old): string[] {
    const limit = numberAt(object, "spec", "revisionHistoryLimit") ?? 0;
    const why = "a negative value retains all historical revisions; a value >= 0 is recommended";
    // The path of an update is the real server's, capital and all.
    const member = old === undefined ? "" : ".Spec";
    const claims = itemsAt(object, "spec", "volumeClaimTemplates").flatMap((claim, index) =>
      claimWarnings(`spec.volumeClaimTemplates[${index}]${member}`, fieldsAt(claim, "spec")),
    );
    return [...templateWarnings(object, old), ...claims, ...(limit < 0 ? [`spec.revisionHistoryLimit: ${why}`] : [])];
  },
};

function validateStatefulSet(errors: FieldErrors, object: Fields): void {
  const spec = fieldsAt(object, "spec") ?? {};
  const management = textAt(spec, "podManagementPolicy");
  if (management === "") errors.required("spec.podManagementPolicy");
  else if (management !== "OrderedReady" && management !== "Parallel") {
    errors.invalid("spec.podManagementPolicy", typedText(management), "must be 'OrderedReady' or 'Parallel'");
  }
  validateUpdateStrategy(errors, fieldsAt(spec, "updateStrategy") ?? {});
  for (const when of ["whenDeleted", "whenScaled"]) {
    errors.oneOf(
      `spec.persistentVolumeClaimRetentionPolicy.${when}`,
      textAt(spec, "persistentVolumeClaimRetentionPolicy", when),
      ["Retain", "Delete"],
    );
  }
  const claims = itemsAt(spec, "volumeClaimTemplates");
  errors.notNegative("spec.replicas", numberAt(spec, "replicas"));
  errors.notNegative("spec.minReadySeconds", numberAt(spec, "minReadySeconds"));
  errors.notNegative("spec.ordinals.start", numberAt(spec, "ordinals", "start"));
  const selector = fieldsAt(spec, "selector");
  validateRequiredSelector(errors, "spec.selector", selector, "statefulset");
  const template = fieldsAt(spec, "template") ?? {};
  if (isUsable(selector)) {
    validateTemplateLabels(errors, "spec.template", selector, template);
    validatePodTemplate(errors, "spec.template", withClaimVolumes(template, claims));
  } else errors.invalid("spec.selector", goSelector(selector), "");
  validateAlwaysRestarting(errors, "spec.template", template, "StatefulSet");
}

/** The template with a volume for each claim template, as its pods will have. */
function withClaimVolumes(template: Fields, claims: readonly Fields[]): Fields {
  if (claims.length === 0) return template;
  const copy = clone(template);
  const names = claims.map((claim) => textAt(claim, "metadata", "name"));
  const spec = ensureFields(copy, "spec");
  spec["volumes"] = [
    ...[...new Set(names)].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...itemsAt(spec, "volumes").filter((volume) => !names.includes(textAt(volume, "name"))),
  ];
  return copy;
}

function validateUpdateStrategy(errors: FieldErrors, strategy: Fields): void {
  const type = textAt(strategy, "type");
  const rolling = fieldsOf(strategy["rollingUpdate"]);
  const path = "spec.updateStrategy";
  if (type === "") errors.required(path);
  else if (type === "OnDelete") {
    if (rolling !== undefined)
      errors.invalid(`${path}.rollingUpdate`, goRolling(rolling), "only allowed for updateStrategy 'RollingUpdate'");
  } else if (type === "RollingUpdate") {
    if (rolling === undefined) return;
    errors.notNegative(`${path}.rollingUpdate.partition`, numberAt(rolling, "partition"));
    const unavailable = at(rolling, "maxUnavailable");
    if (unavailable === undefined) return;
    validateIntOrPercent(errors, `${path}.rollingUpdate.maxUnavailable`, unavailable);
    if (intOrPercentOf(unavailable) === 0)
      errors.invalid(`${path}.rollingUpdate.maxUnavailable`, unavailable, "cannot be 0");
    validateAtMost100Percent(errors, `${path}.rollingUpdate.maxUnavailable`, unavailable);
  } else {
    const value = { Type: type, RollingUpdate: rolling === undefined ? null : goRolling(rolling) };
    errors.invalid(path, value, "must be 'RollingUpdate' or 'OnDelete'");
  }
}

function goRolling(rolling: Fields): Fields {
  return { Partition: at(rolling, "partition") ?? 0, MaxUnavailable: at(rolling, "maxUnavailable") ?? null };
}

/** A member as Go prints it. */
function fixedValue(spec: Fields, member: string): unknown {
  if (member === "selector") return goSelector(fieldsAt(spec, "selector"));
  if (member === "podManagementPolicy") return typedText(spec[member] ?? "");
  if (member === "volumeClaimTemplates") return internalValue("[]PersistentVolumeClaim", shownAt(spec, member));
  return spec[member] ?? "";
}

export const controllerRevisionRules: KindRules = {
  validate(errors, object): void {
    errors.notNegative("revision", numberAt(object, "revision"));
    const data = object["data"];
    if (data === undefined || data === null) errors.required("data", "data is mandatory");
    else if (fieldsOf(data) === undefined) errors.required("data", "data must be a valid JSON object");
  },
  validateUpdate(errors, object, old): void {
    errors.notNegative("revision", numberAt(object, "revision"));
    if (!isSemanticallyEqual(object["data"], old["data"])) errors.invalid("data", object["data"] ?? null, IMMUTABLE);
  },
};
