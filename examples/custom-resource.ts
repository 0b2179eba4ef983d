/**
 * A kind of one's own: one schema is the TypeScript type and the CustomResourceDefinition.
 */
import { Client, defineKind, isConditionTrue, isInvalid, type ObjectOf } from "bowline";

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
        properties: { host: { type: "string" }, tier: { type: "string", enum: ["free", "paid"] } },
      },
      status: { type: "object", properties: { isOnline: { type: "boolean" } } },
    },
  },
});

await using client = await Client.connect({ fieldManager: "example" });
const definitions = client.resource("apiextensions.k8s.io/v1", "CustomResourceDefinition");
const { metadata } = await client.apply(Site.crd());
await definitions.wait(metadata.name, (definition) => isConditionTrue(definition, "Established"));

const sites = client.resource(Site, { namespace: client.defaultNamespace });
await sites.create({ metadata: { name: "blog" }, spec: { host: "blog.example.com", tier: "free" } });
await sites.status.patch("blog", { status: { isOnline: true } });
console.log(describe(await sites.get("blog")));

try {
  // The compiler would refuse this, too.
  await sites.patch("blog", { spec: { tier: "gold" as "paid" } });
} catch (error) {
  if (!isInvalid(error)) throw error;
  console.log(`refused: ${error.causes[0]?.field}`);
}
await definitions.delete(metadata.name, { wait: true });

function describe({ spec, status }: ObjectOf<typeof Site>): string {
  return `${spec.host} is ${spec.tier}, ${status?.isOnline === true ? "online" : "offline"}`;
}
