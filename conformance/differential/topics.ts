/**
 * Scenarios by topic: what the captures show of a few kinds, with other kinds and values.
 */
import type { CapturedRequest, CapturedStep, Scenario } from "../replay/capture.ts";
import { admissionScenarios } from "./topics/admission.ts";
import { admissionPluginScenarios } from "./topics/admission-plugins.ts";
import { applyScenarios } from "./topics/apply.ts";
import { applyManagerScenarios } from "./topics/apply-managers.ts";
import { authScenarios } from "./topics/auth.ts";
import { accessScenarios } from "./topics/auth-access.ts";
import { identityScenarios } from "./topics/auth-identity.ts";
import { crdScenarios } from "./topics/crd.ts";
import { crdDefinitionScenarios } from "./topics/crd-definitions.ts";
import { crdObjectScenarios } from "./topics/crd-objects.ts";
import { crdRuleScenarios } from "./topics/crd-rules.ts";
import { createScenarios } from "./topics/create.ts";
import { customDiscovery, customLists, customUpdates, customWatches } from "./topics/custom-kinds.ts";
import { defaultingScenarios } from "./topics/defaulting.ts";
import { defaultingKindScenarios } from "./topics/defaulting-kinds.ts";
import { deleteScenarios } from "./topics/delete.ts";
import { deleteKindScenarios } from "./topics/delete-kinds.ts";
import { discoveryScenarios } from "./topics/discovery.ts";
import { discoveryFormScenarios } from "./topics/discovery-forms.ts";
import { everyKindApplied, everyKindPatched } from "./topics/every-kind.ts";
import { getListScenarios } from "./topics/get-list.ts";
import { listFormScenarios } from "./topics/list-forms.ts";
import { patchScenarios } from "./topics/patch.ts";
import { patchFormScenarios } from "./topics/patch-forms.ts";
import { patchStrategicScenarios } from "./topics/patch-strategic.ts";
import type { TopicScenarios } from "./topics/requests.ts";
import { subresourcesScenarios } from "./topics/subresources.ts";
import { subresourceKindScenarios } from "./topics/subresources-kinds.ts";
import { updateScenarios } from "./topics/update.ts";
import { updateKindScenarios } from "./topics/update-kinds.ts";
import { validationScenarios } from "./topics/validation.ts";
import { validationChangeScenarios } from "./topics/validation-changes.ts";
import { validationClusterScenarios } from "./topics/validation-cluster.ts";
import { validationConfigScenarios } from "./topics/validation-config.ts";
import { validationWarningScenarios } from "./topics/validation-warnings.ts";
import { validationWorkloadScenarios } from "./topics/validation-workloads.ts";
import { watchScenarios } from "./topics/watch.ts";
import { watchFormScenarios } from "./topics/watch-forms.ts";

const TOPICS: Readonly<Record<string, TopicScenarios>> = {
  admission: { ...admissionScenarios, ...admissionPluginScenarios },
  subresources: { ...subresourcesScenarios, ...subresourceKindScenarios },
  patch: { ...patchScenarios, ...patchFormScenarios, ...patchStrategicScenarios, ...everyKindPatched },
  apply: { ...applyScenarios, ...applyManagerScenarios, ...everyKindApplied },
  "get-list": { ...getListScenarios, ...listFormScenarios, ...customLists },
  watch: { ...watchScenarios, ...watchFormScenarios, ...customWatches },
  auth: { ...authScenarios, ...accessScenarios, ...identityScenarios },
  discovery: { ...discoveryScenarios, ...discoveryFormScenarios, ...customDiscovery },
  crd: { ...crdScenarios, ...crdDefinitionScenarios, ...crdRuleScenarios, ...crdObjectScenarios },
  delete: { ...deleteScenarios, ...deleteKindScenarios },
  update: { ...updateScenarios, ...updateKindScenarios, ...customUpdates },
  create: createScenarios,
  defaulting: { ...defaultingScenarios, ...defaultingKindScenarios },
  validation: {
    ...validationScenarios,
    ...validationWorkloadScenarios,
    ...validationConfigScenarios,
    ...validationClusterScenarios,
    ...validationChangeScenarios,
    ...validationWarningScenarios,
  },
};

/** Scenarios with their topics. */
export function topicScenarios(): readonly { readonly topic: string; readonly scenario: Scenario }[] {
  return Object.entries(TOPICS).flatMap(([topic, scenarios]) =>
    Object.entries(scenarios).map(([name, steps]) => ({ topic, scenario: scenario(topic, name, steps) })),
  );
}

function scenario(topic: string, name: string, steps: (namespace: string) => CapturedStep[]): Scenario {
  const namespace = `t-${topic}-${name}`;
  const setup: CapturedRequest[] = [
    { method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: namespace } } },
    {
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
      body: { metadata: { name: "default" }, automountServiceAccountToken: false },
    },
  ];
  return { scenario: namespace, about: topic, setup, steps: numbered(steps(namespace)) };
}

/** Names must differ, since answers are kept by them. */
function numbered(steps: readonly CapturedStep[]): CapturedStep[] {
  return steps.map((item, index) => (/^[a-z]+$/.test(item.name) ? item : { ...item, name: `${index} ${item.name}` }));
}
