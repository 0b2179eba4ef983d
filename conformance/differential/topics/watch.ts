/**
 * The topic `watch` with kinds and values of our own.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import {
  container,
  get,
  type Headers,
  named,
  PARTIAL,
  patch,
  post,
  remove,
  TABLE,
  type TopicScenarios,
} from "./requests.ts";

export const watchScenarios: TopicScenarios = {
  kinds: (ns) => {
    const secrets = `/api/v1/namespaces/${ns}/secrets`;
    const jobs = `/apis/batch/v1/namespaces/${ns}/jobs`;
    const job = (name: string) => ({
      metadata: { name },
      spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers: [container] } } },
    });
    const watch = (
      name: string,
      path: string,
      events: number,
      during: CapturedStep[],
      headers?: Headers,
    ): CapturedStep => ({
      ...named(name, get(path, headers)),
      watch: { seconds: 3, events, during: during.map((item, index) => ({ ...item, name: `${name} ${index}` })) },
    });
    return [
      post(secrets, { metadata: { name: "a", labels: { on: "yes" } } }),
      watch("labels", `${secrets}?watch=1&labelSelector=on%3Dyes`, 4, [
        post(secrets, { metadata: { name: "b" } }),
        patch(`${secrets}/b`, { metadata: { labels: { on: "yes" } } }),
        patch(`${secrets}/a`, { metadata: { labels: { on: "no" } } }),
        remove(`${secrets}/b`),
      ]),
      watch(
        "table",
        `${secrets}?watch=1`,
        2,
        [post(secrets, { metadata: { name: "t" }, type: "example.com/t" })],
        TABLE,
      ),
      watch("partial", `${secrets}?watch=1&fieldSelector=type%3Dexample.com%2Ft`, 2, [remove(`${secrets}/t`)], PARTIAL),
      post(jobs, job("j")),
      watch("jobs", `${jobs}?watch=1&fieldSelector=status.successful%3D0`, 2, [
        patch(`${jobs}/j/status`, { status: { active: 1 } }),
      ]),
      watch("orphan", `${jobs}?watch=1`, 3, [
        remove(`${jobs}/j?propagationPolicy=Orphan`),
        patch(`${jobs}/j`, { metadata: { finalizers: null } }),
      ]),
      watch(
        "initial",
        `${secrets}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
        2,
        [],
      ),
      watch("bad-version", `${secrets}?watch=1&resourceVersion=x`, 1, []),
      watch("bad-timeout", `${secrets}?watch=1&timeoutSeconds=x`, 1, []),
      watch("bad-selector", `${secrets}?watch=1&fieldSelector=spec.x%3D1`, 1, []),
      watch("one", `/api/v1/watch/namespaces/${ns}/secrets/a`, 1, []),
      watch("all", `/api/v1/watch/namespaces/${ns}/secrets`, 1, []),
      watch("bad-resource", `/api/v1/watch/namespaces/${ns}/nothings`, 1, []),
      watch("continue", `${secrets}?watch=1&continue=x`, 1, []),
      watch("limit", `${secrets}?watch=1&limit=1&timeoutSeconds=1`, 1, []),
    ];
  },
};
