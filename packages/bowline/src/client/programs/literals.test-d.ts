/** Apply and create by literal. */
import { Client } from "bowline";

await using client = await Client.connect({ fieldManager: "shop" });
const config = await client.apply({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "c", namespace: "web" },
  data: { a: "1" },
});
console.log(config.data?.["a"], config.metadata.uid);
await client.apply(
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shop", namespace: "web" },
    spec: {
      selector: { matchLabels: { app: "shop" } },
      template: {
        metadata: { labels: { app: "shop" } },
        spec: {
          containers: [
            { name: "app", image: "shop:2", env: [{ name: "A", value: "1" }], ports: [{ containerPort: 80 }] },
          ],
        },
      },
    },
  },
  { force: true },
);
const service = await client.create({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "shop", namespace: "web" },
  spec: { selector: { app: "shop" }, ports: [{ port: 80, targetPort: "http" }] },
});
console.log(service.spec.clusterIP);
