/** A kind whose type is inferred from its schema. */
import { Client, defineKind, type ObjectOf, ownerReference } from "bowline";

await using client = await Client.connect();
const Site = defineKind({
  apiVersion: "example.com/v1",
  kind: "Site",
  plural: "sites",
  scope: "Namespaced",
  subresources: ["status"],
  schema: {
    type: "object",
    required: ["spec"],
    properties: {
      spec: {
        type: "object",
        required: ["host"],
        properties: {
          host: { type: "string" },
          replicas: { type: "integer", minimum: 0 },
          tier: { type: "string", enum: ["free", "paid"] },
        },
      },
      status: { type: "object", properties: { readyReplicas: { type: "integer" } } },
    },
  },
});
type Site = ObjectOf<typeof Site>;

await client.apply(Site.crd(), { fieldManager: "sites" });
const sites = client.resource(Site);
for await (const { type, object: site } of sites.watch()) {
  const { name, namespace } = site.metadata;
  const deployment = await client.apply(
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, ownerReferences: [ownerReference(site, { controller: true })] },
      spec: {
        replicas: site.spec.replicas ?? 1,
        selector: { matchLabels: { site: name } },
        template: {
          metadata: { labels: { site: name } },
          spec: { containers: [{ name: "web", image: "nginx", env: [{ name: "HOST", value: site.spec.host }] }] },
        },
      },
    },
    { fieldManager: "sites", force: true },
  );
  await sites.in(namespace).status.patch(name, { status: { readyReplicas: deployment.status?.readyReplicas ?? 0 } });
  console.log(type, site.spec.tier === "paid" ? "paid" : "free");
}
export const example: Site = {
  apiVersion: "example.com/v1",
  kind: "Site",
  metadata: { name: "x" },
  spec: { host: "h" },
};
