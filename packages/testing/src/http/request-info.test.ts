import assert from "node:assert/strict";
import { test } from "node:test";
import { readRequestInfo } from "./request-info.ts";

function summary(method: string, url: string): string {
  const [path = "", query = ""] = url.split("?");
  const info = readRequestInfo(method, path, new URLSearchParams(query));
  if (!info.isResource) return `${info.verb} ${info.path}`;
  const { verb, group, version, resource, subresource, namespace, name } = info;
  return [verb, group, version, resource, subresource, namespace, name].join("|");
}

for (const [method, url, expected] of [
  ["GET", "/version", "get /version"],
  ["GET", "/api/v1", "get /api/v1"],
  ["GET", "/apis/apps/v1", "get /apis/apps/v1"],
  ["GET", "/api/v1/pods", "list||v1|pods|||"],
  ["GET", "/api/v1/pods?watch=1", "watch||v1|pods|||"],
  ["GET", "/api/v1/pods?watch=false", "list||v1|pods|||"],
  ["GET", "/api/v1/namespaces/a/pods/p", "get||v1|pods||a|p"],
  ["GET", "/api/v1/namespaces/a/pods/p?watch=true", "get||v1|pods||a|p"],
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dx", "list||v1|pods||a|x"],
  ["PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale", "patch|apps|v1|deployments|scale|a|d"],
  ["DELETE", "/apis/apps/v1/namespaces/a/deployments", "deletecollection|apps|v1|deployments||a|"],
  ["GET", "/api/v1/namespaces/a", "get||v1|namespaces||a|a"],
  ["PUT", "/api/v1/namespaces/a/finalize", "update||v1|namespaces|finalize|a|a"],
  ["GET", "/api/v1/watch/namespaces/a/configmaps/c", "watch||v1|configmaps||a|c"],
  ["GET", "/api/v1/namespaces//pods", "list||v1|pods|||"],
  ["POST", "/api/v1/namespaces/a/pods/p/exec?command=ls", "create||v1|pods|exec|a|p"],
] as const) {
  test(`${method} ${url} is read as ${expected}`, () => assert.equal(summary(method, url), expected));
}
