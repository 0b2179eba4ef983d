/**
 * Makes `answers.json.gz` of recorded answers: the scenarios that the test replays, and the steps that differ so far.
 *
 *     npm run differential:keep -- FOLDER
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { readCaptures } from "../replay/capture.ts";
import type { KeptAnswers } from "./differential.test.ts";
import { replayAnswers } from "./replay-answers.ts";

/** Kinds whose verbs are kept; the topics go through values. */
const KINDS =
  /\/(ConfigMap|Secret|Service|ServiceAccount|Pod|PersistentVolume|PersistentVolumeClaim|ReplicationController|Node|LimitRange|ResourceQuota|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|HorizontalPodAutoscaler|PodDisruptionBudget|Ingress|NetworkPolicy|Role|RoleBinding|ClusterRole|StorageClass|PriorityClass|Lease|EndpointSlice|RuntimeClass|CSIDriver|ValidatingAdmissionPolicy)$/;

/** Of a scenario as JSON; the few that are larger (whole OpenAPI documents, every list of every kind) take more room than they tell. */
const MOST_CHARACTERS = 2_000_000;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("a folder of recorded answers is needed");
const kept: KeptAnswers[] = [];
for (const { topic, scenarios } of readCaptures(pathToFileURL(`${folder}/`))) {
  const isTopic = topic.startsWith("topics/") && topic !== "topics/controllers";
  const wanted = scenarios.filter(
    (scenario) =>
      (isTopic || (KINDS.test(topic) && /^[vs]-/.test(scenario.scenario))) &&
      JSON.stringify(scenario).length <= MOST_CHARACTERS,
  );
  const differing: string[] = [];
  for await (const { scenario, differences } of replayAnswers(wanted)) {
    differing.push(...differences.map(({ step }) => `${scenario.scenario} ${step}`));
  }
  if (wanted.length > 0) kept.push({ topic, scenarios: wanted, differing });
}
const text = JSON.stringify(kept);
writeFileSync(new URL("answers.json.gz", import.meta.url), gzipSync(text, { level: 9 }));
console.log(`${kept.length} topics, ${text.length} characters`);
