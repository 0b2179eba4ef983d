/**
 * The topic `delete` with kinds and values of our own.
 */
import { named, patch, podTemplate, post, read, remove, selector, type TopicScenarios, workload } from "./requests.ts";

export const deleteScenarios: TopicScenarios = {
  policies: (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const make = (kind: string, plural: string, name: string, spec: object) =>
      post(`${apps}/${plural}`, workload("apps/v1", kind, name, spec));
    const spec = { selector, template: podTemplate };
    const kinds: readonly (readonly [string, string, object])[] = [
      ["ReplicaSet", "replicasets", { ...spec, replicas: 0 }],
      ["StatefulSet", "statefulsets", { ...spec, serviceName: "s" }],
      ["DaemonSet", "daemonsets", spec],
      ["Deployment", "deployments", spec],
    ];
    const queries = [
      "",
      "?propagationPolicy=Orphan",
      "?propagationPolicy=Foreground",
      "?propagationPolicy=Background",
      "?orphanDependents=true",
      "?gracePeriodSeconds=30",
      "?propagationPolicy=Odd",
      "?gracePeriodSeconds=-1",
      "?gracePeriodSeconds=x",
      "?orphanDependents=true&propagationPolicy=Orphan",
      "?dryRun=All",
    ];
    return kinds.flatMap(([kind, plural, body]) =>
      queries.flatMap((query, index) => [
        make(kind, plural, `d${index}`, body),
        remove(`${apps}/${plural}/d${index}${query}`),
        read(`${apps}/${plural}/d${index}`),
        patch(`${apps}/${plural}/d${index}`, { metadata: { finalizers: null } }),
      ]),
    );
  },
  bodies: (ns) => {
    const secrets = `/api/v1/namespaces/${ns}/secrets`;
    const bodies: readonly unknown[] = [
      { kind: "DeleteOptions", apiVersion: "v1" },
      { kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1", propagationPolicy: "Background" },
      { kind: "Secret", apiVersion: "v1" },
      { kind: "DeleteOptions", apiVersion: "apps/v1" },
      { preconditions: { uid: "${made.body.metadata.uid}" } },
      { preconditions: { uid: "x", resourceVersion: "y" } },
      { preconditions: { resourceVersion: "1" } },
      { dryRun: ["All"] },
      { dryRun: ["Some"] },
      { gracePeriodSeconds: "x" },
      { unknown: 1 },
      { ignoreStoreReadErrorWithClusterBreakingPotential: true },
      "not json",
      "[]",
      "",
    ];
    return [
      named("made", post(secrets, { metadata: { name: "s", finalizers: ["example.com/hold"] } })),
      ...bodies.map((body) => remove(`${secrets}/s`, body)),
      read(`${secrets}/s`),
      patch(`${secrets}/s`, { metadata: { finalizers: ["example.com/other", "example.com/hold"] } }),
      patch(`${secrets}/s`, { metadata: { labels: { still: "1" } } }),
      patch(`${secrets}/s`, { metadata: { finalizers: [] } }),
      read(`${secrets}/s`),
      ...["a", "b", "c"].map((name) => post(secrets, { metadata: { name, labels: { g: name === "c" ? "2" : "1" } } })),
      remove(`${secrets}?labelSelector=g%3D1&limit=1`),
      remove(`${secrets}?fieldSelector=metadata.name%3Dc`),
      remove(`${secrets}?fieldSelector=data.x%3Dc`),
      remove(`${secrets}?labelSelector=%3D`),
      remove(secrets),
      remove(`/api/v1/secrets`),
      remove(`/api/v1/namespaces`),
      remove(`/api/v1/nodes?labelSelector=none`),
    ];
  },
};
