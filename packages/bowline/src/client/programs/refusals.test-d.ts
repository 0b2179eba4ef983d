// biome-ignore-all format: what follows a directive is one line, at which the compiler reports.
/** What must not compile, each with the compiler's words (of TypeScript 7), which refusals.test.ts compares. */
import { type Client, defineKind, type NamespacedObject, type Resource } from "bowline";

declare const client: Client;
const dep = client.resource("apps/v1", "Deployment", { namespace: "web" });
const pods = client.resource("v1", "Pod", { namespace: "web" });
const cms = client.resource("v1", "ConfigMap", { namespace: "web" });
const Site = defineKind({
  apiVersion: "example.com/v1", kind: "Site", plural: "sites", scope: "Namespaced",
  schema: { type: "object", required: ["spec"], properties: { spec: { type: "object", required: ["host"], properties: { host: { type: "string" } } } } },
});
const selector = { matchLabels: { a: "b" } };
const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "b" }] } };

// @ts-expect-error Object literal may only specify known properties, but 'replica' does not exist in type 'DeploymentSpec'. Did you mean to write 'replicas'?
await dep.create({ metadata: { name: "a" }, spec: { replica: 1, selector, template } });

// @ts-expect-error Argument of type '"Deploymnt"' is not assignable to parameter of type '"ControllerRevision" | "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet"'.
client.resource("apps/v1", "Deploymnt");

// @ts-expect-error Property 'scale' does not exist on type 'Resource<ConfigMap>'.
await cms.scale.get("x");

// @ts-expect-error Property 'log' does not exist on type 'Resource<Deployment>'.
await dep.log("shop").text();

// @ts-expect-error Property 'exec' does not exist on type 'Resource<Deployment>'.
await dep.exec("shop", ["sh"]);

// @ts-expect-error Property 'attach' does not exist on type 'Resource<ConfigMap>'.
await cms.attach("a");

// @ts-expect-error Property 'portforward' does not exist on type 'AllNamespaces<Pod>'.
await client.resource("v1", "Pod").portforward("a", { 80: 8080 });

// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'readonly string[]'.
await pods.exec("a", "ls -l");

// @ts-expect-error Property 'create' does not exist on type 'AllNamespaces<Pod>'.
await client.resource("v1", "Pod").create({ metadata: { name: "a" } });

// @ts-expect-error Property 'deleteCollection' does not exist on type 'AllNamespaces<Pod>'.
await client.resource("v1", "Pod").deleteCollection({ all: true });

// @ts-expect-error Type 'string | undefined' is not assignable to type 'string'.
client.resource("v1", "Pod", { namespace: process.env["NS"] });

// @ts-expect-error Type '"web"' is not assignable to type '"this kind is cluster-scoped: it is in no namespace"'.
client.resource("v1", "Node", { namespace: "web" });

// @ts-expect-error Property 'in' does not exist on type 'Resource<Node>'.
client.resource("v1", "Node").in("web");

// @ts-expect-error Type '{ name: string; image: string; }[]' is not assignable to type '"a merge patch replaces the whole list: use { type: \"strategic\" } or apply(), or say { type: \"merge\" }"'.
await dep.patch("shop", { spec: { template: { spec: { containers: [{ name: "a", image: "b" }] } } } });

// @ts-expect-error Property 'name' is missing in type '{ image: string; }' but required in type '{ name: string; }'.
await dep.patch("shop", { spec: { template: { spec: { containers: [{ image: "b" }] } } } }, { type: "strategic" });

// @ts-expect-error Type '"json"' is not assignable to type 'PatchType | undefined'.
await dep.patch("shop", {}, { type: "json" });

// @ts-expect-error Property 'name' is missing in type '{ image: string; }' but required in type '{ name: string; }'.
await client.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec: { template: { spec: { containers: [{ image: "b" }] } } } });

// @ts-expect-error Object literal may only specify known properties, but 'dat' does not exist in type '{ apiVersion: "v1"; kind: "ConfigMap"; } & ApplyConfiguration<ConfigMap>'. Did you mean to write 'data'?
await client.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, dat: { a: "1" } });

// @ts-expect-error Type '"Deployment"' is not assignable to type '"Binding" |
await client.apply({ apiVersion: "v1", kind: "Deployment", metadata: { name: "a" } });

// @ts-expect-error Type 'string' is not assignable to type 'number'.
await client.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec: { replicas: "3" } });

// @ts-expect-error Type '"/spec/replica"' is not assignable to type '"/spec/replica" & NoSuchPath<"no field at /spec/replica">'.
await dep.patchJson("shop", [{ op: "replace", path: "/spec/replica", value: 3 }]);

// @ts-expect-error Type 'string' is not assignable to type 'number'.
await dep.patchJson("shop", [{ op: "replace", path: "/spec/replicas", value: "3" }]);

// @ts-expect-error Argument of type '{ gracePeriodSeconds: number; }' is not assignable to parameter of type 'DeleteCollectionOptions<Pod>'.
await pods.deleteCollection({ gracePeriodSeconds: 0 });

// @ts-expect-error Type '{ name: string; }' is missing the following properties from type 'ExistingMeta': uid, resourceVersion, creationTimestamp
await cms.update({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });

// @ts-expect-error Type '"apps/v1"' is not assignable to type '"v1"'.
await cms.create({ apiVersion: "apps/v1", metadata: { name: "a" } });

// @ts-expect-error Property 'object' does not exist on type 'Bookmark | WatchEvent<Pod>'.
for await (const e of pods.watch({ bookmarks: true })) e.object;

// @ts-expect-error is of type 'unknown'.
(await client.resource("app/v1", "Deployment", { namespace: "a" }).get("x"))["spec"].replicas;

// @ts-expect-error This comparison appears to be unintentional because the types '"Failed" | "Pending" | "Running" | "Succeeded" | "Unknown" | undefined' and '"Runing"' have no overlap.
if ((await pods.get("a")).status?.phase === "Runing") console.log();

// @ts-expect-error Object literal may only specify known properties, and 'spec' does not exist in type 'MergePatch<T> | MetadataPatch'.
export const generic = <T extends NamespacedObject>(resource: Resource<T>) => resource.patch("a", { spec: { x: 1 } });

// @ts-expect-error Object literal may only specify known properties, and 'hots' does not exist in type '{ host: string; }'.
await client.resource(Site, { namespace: "web" }).create({ metadata: { name: "a" }, spec: { hots: "x" } });

// @ts-expect-error Object literal may only specify known properties, and '"status.phas"' does not exist in type 'FieldSelector<Pod>'.
await pods.list({ fieldSelector: { "status.phas": "Running" } });

// @ts-expect-error Object literal may only specify known properties, and 'status' does not exist in type
await pods.create({ metadata: { name: "a" }, spec: { containers: [] }, status: { phase: "Running" } });

// @ts-expect-error Type '"Deployment"' is not assignable to type
await client.create({ apiVersion: "v1", kind: "Deployment", metadata: { name: "a" } });

// @ts-expect-error Type '"Foregroud"' is not assignable to type '"Background" | "Foreground" | "Orphan" | undefined'.
await pods.delete("a", { propagationPolicy: "Foregroud" });

// @ts-expect-error No overload matches this call.
await pods.wait("a", "delted");

// @ts-expect-error Property 'namespace' does not exist on type 'ClusterObjectMeta & ExistingMeta'.
(await client.resource("v1", "Node").get("a")).metadata.namespace;

// @ts-expect-error Argument of type 'PodSpec' is not assignable
await cms.update((await pods.get("a")).spec);
