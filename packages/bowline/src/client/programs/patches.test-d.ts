/** The patches and apply. */
import { Client } from "bowline";

await using client = await Client.connect();
const deployments = client.resource("apps/v1", "Deployment", { namespace: "web" });
await deployments.patch("shop", { spec: { replicas: 3, paused: null } });
await deployments.patch(
  "shop",
  { spec: { template: { spec: { containers: [{ name: "app", image: "a" }] } } } },
  { type: "strategic" },
);
await deployments.patch(
  "shop",
  { spec: { template: { spec: { containers: [{ name: "app", image: "a" }] } } } },
  { type: "merge" },
);
await deployments.patchJson("shop", [
  { op: "test", path: "/spec/replicas", value: 3 },
  { op: "replace", path: "/spec/template/spec/containers/0/image", value: "a" },
  { op: "add", path: "/metadata/labels/app.kubernetes.io~1name", value: "shop" },
  { op: "remove", path: "/spec/paused" },
]);
const ops = [{ op: "remove" as const, path: `/metadata/finalizers/${0}` }];
await deployments.patchJson("shop", ops);
await deployments.apply("shop", { spec: { replicas: 3 } }, { fieldManager: "scaler" });
