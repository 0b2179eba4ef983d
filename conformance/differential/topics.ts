/**
 * Scenarios by topic: what the captures show of a few kinds, with other kinds and values.
 */
import type { CapturedRequest, CapturedStep, Scenario } from "../replay/capture.ts";
import { applyScenarios } from "./topics/apply.ts";
import { authScenarios } from "./topics/auth.ts";
import { crdScenarios } from "./topics/crd.ts";
import { deleteScenarios } from "./topics/delete.ts";
import { discoveryScenarios } from "./topics/discovery.ts";
import { getListScenarios } from "./topics/get-list.ts";
import { patchScenarios } from "./topics/patch.ts";
import type { TopicScenarios } from "./topics/requests.ts";
import { subresourcesScenarios } from "./topics/subresources.ts";
import { updateScenarios } from "./topics/update.ts";
import { watchScenarios } from "./topics/watch.ts";

const TOPICS: Readonly<Record<string, TopicScenarios>> = {
  subresources: subresourcesScenarios,
  patch: patchScenarios,
  apply: applyScenarios,
  "get-list": getListScenarios,
  watch: watchScenarios,
  auth: authScenarios,
  discovery: discoveryScenarios,
  crd: crdScenarios,
  delete: deleteScenarios,
  update: updateScenarios,
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
