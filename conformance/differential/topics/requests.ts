/**
 * Short forms of requests, and objects that many scenarios share.
 */
import type { CapturedRequest, CapturedStep } from "../../replay/capture.ts";
import { step } from "../families.ts";

/** As in a captured request. */
export type Headers = CapturedRequest["headers"];

export const MERGE: Headers = { "Content-Type": "application/merge-patch+json" };
export const STRATEGIC: Headers = { "Content-Type": "application/strategic-merge-patch+json" };
export const JSON_PATCH: Headers = { "Content-Type": "application/json-patch+json" };
export const APPLY: Headers = { "Content-Type": "application/apply-patch+yaml" };
export const TABLE: Headers = { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
export const PARTIAL: Headers = { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" };
export const PARTIAL_LIST: Headers = { Accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" };

/** The steps of each scenario of a topic, in a namespace of its own. */
export type TopicScenarios = Readonly<Record<string, (namespace: string) => CapturedStep[]>>;

export const get = (path: string, headers?: Headers, as?: string) => step("get", "GET", path, undefined, headers, as);
export const post = (path: string, body: unknown, headers?: Headers, as?: string) =>
  step("post it", "POST", path, body, headers, as);
export const put = (path: string, body: unknown) => step("put it", "PUT", path, body);
export const patch = (path: string, body: unknown, headers: Headers = MERGE, as?: string) =>
  step("patch it", "PATCH", path, body, headers, as);
export const remove = (path: string, body?: unknown, as?: string) =>
  step("delete it", "DELETE", path, body, undefined, as);
export const named = (name: string, item: CapturedStep): CapturedStep => ({ ...item, name });
export const read = (path: string, headers?: Headers, as?: string): CapturedStep => ({
  ...get(path, headers, as),
  name: `read ${path}`,
});

export const labels = { app: "shop" };
export const container = { name: "web", image: "registry.example/web:2" };
export const podTemplate = { metadata: { labels }, spec: { containers: [container] } };
export const selector = { matchLabels: labels };

export function workload(apiVersion: string, kind: string, name: string, spec: object): object {
  return { apiVersion, kind, metadata: { name }, spec };
}
