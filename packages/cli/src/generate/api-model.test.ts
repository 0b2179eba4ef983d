import assert from "node:assert/strict";
import test from "node:test";
import { isListOfKind, readApi } from "./api-model.ts";
import type { GroupVersionKind, Operation } from "./openapi-document.ts";

const widget: GroupVersionKind = { group: "example.com", version: "v1", kind: "Widget" };
const operation = (action: string, kind: GroupVersionKind = widget): Operation => ({
  "x-kubernetes-action": action,
  "x-kubernetes-group-version-kind": kind,
});
const base = "/apis/example.com/v1";
const one = `${base}/namespaces/{namespace}/widgets/{name}`;

test("reads scope and subresources from paths", () => {
  const scale = { group: "autoscaling", version: "v1", kind: "Scale" };
  const { kinds } = readApi([
    {
      paths: {
        [`${base}/widgets`]: { get: operation("list") },
        [`${base}/watch/widgets/{name}`]: { get: operation("watch") },
        [`${base}/namespaces/{namespace}/widgets`]: { get: operation("list"), post: operation("post"), parameters: [] },
        [one]: { get: operation("get"), put: operation("put") },
        [`${one}/status`]: { put: operation("put") },
        [`${one}/scale`]: { get: operation("get", scale) },
      },
    },
  ]);
  assert.deepEqual(kinds.get("example.com/v1/Widget"), {
    ...widget,
    apiVersion: "example.com/v1",
    plural: "widgets",
    isNamespaced: true,
    isReadable: true,
    subresources: ["scale", "status"],
  });
  assert.deepEqual(kinds.get("autoscaling/v1/Scale"), {
    ...scale,
    apiVersion: "autoscaling/v1",
    plural: undefined,
    isNamespaced: true,
    isReadable: true,
    subresources: [],
  });
});

test("finds a subresource that comes before its resource, and one with a rest of a path", () => {
  const { kinds } = readApi([
    {
      paths: {
        [`${base}/widgets/{name}/proxy/{path}`]: {
          get: operation("connect", { ...widget, kind: "WidgetProxyOptions" }),
        },
        [`${base}/widgets/{name}`]: { delete: operation("delete") },
      },
    },
  ]);
  assert.deepEqual([...kinds.keys()], ["example.com/v1/Widget"]);
  const kind = kinds.get("example.com/v1/Widget");
  assert.deepEqual([kind?.subresources, kind?.isNamespaced, kind?.isReadable], [["proxy"], false, false]);
});

test("takes the namespaces resource as no namespaced one", () => {
  const namespace = { group: "", version: "v1", kind: "Namespace" };
  const { kinds } = readApi([{ paths: { "/api/v1/namespaces/{name}": { get: operation("get", namespace) } } }]);
  assert.equal(kinds.get("v1/Namespace")?.plural, "namespaces");
  assert.equal(kinds.get("v1/Namespace")?.isNamespaced, false);
});

test("tells a list of a kind from a kind that is named so", () => {
  const metadata = { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta" };
  assert.equal(isListOfKind("a.v1.WidgetList", { properties: { items: { type: "array" }, metadata } }), true);
  assert.equal(isListOfKind("a.v1.WidgetList", { properties: { items: { type: "array" } } }), false);
  assert.equal(isListOfKind("a.v1.Widgets", { properties: { items: { type: "array" }, metadata } }), false);
});
