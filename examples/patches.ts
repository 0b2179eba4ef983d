/**
 * The four ways to change a few fields, side by side, on one Deployment.
 */
import { Client, UsageError } from "bowline";

await using client = await Client.connect({ fieldManager: "example" });
const deployments = client.resource("apps/v1", "Deployment", { namespace: client.defaultNamespace });
await deployments.create({
  metadata: { name: "example-patches", labels: { tier: "web" } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "example-patches" } },
    template: {
      metadata: { labels: { app: "example-patches" } },
      spec: {
        containers: [
          { name: "web", image: "nginx:1.28" },
          { name: "logs", image: "busybox:1.37" },
        ],
      },
    },
  },
});
const images = (object: Awaited<ReturnType<typeof deployments.get>>): string =>
  (object.spec.template.spec?.containers ?? []).map(({ image }) => image).join(" ");

// Merge, the default: null removes a field, and a list is replaced whole.
const merged = await deployments.patch("example-patches", { metadata: { labels: { tier: null, team: "shop" } } });
console.log("merge:", JSON.stringify(merged.metadata.labels));

// So a merge patch of containers would lose one of them, and is refused unless `type: "merge"` is said.
const containers = [{ name: "web", image: "nginx:1.29" }];
const patch = { spec: { template: { spec: { containers } } } };
await deployments.patch("example-patches", patch as object).catch((error: unknown) => {
  console.log("merge:", error instanceof UsageError ? error.code : error);
});

// Strategic: lists with keys are merged by their keys; for built-in kinds only.
console.log("strategic:", images(await deployments.patch("example-patches", patch, { type: "strategic" })));

// JSON: operations in order, all or none, with tests among them.
const tested = await deployments.patchJson("example-patches", [
  { op: "test", path: "/spec/template/spec/containers/1/name", value: "logs" },
  { op: "replace", path: "/spec/template/spec/containers/1/image", value: "busybox:1.38" },
]);
console.log("json:", images(tested));

// Apply: these fields are mine from now on, and those that I say no more are removed.
const applied = await deployments.apply(
  "example-patches",
  { metadata: { labels: { owner: "me" } } },
  { fieldManager: "mine" },
);
console.log("apply:", JSON.stringify(applied.metadata.labels));

await deployments.delete("example-patches", { propagationPolicy: "Foreground", wait: true });
