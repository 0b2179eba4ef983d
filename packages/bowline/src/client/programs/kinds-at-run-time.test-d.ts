/** Objects whose kind is known at run time only. */
import { Client, isKind, parseManifests } from "bowline";

await using client = await Client.connect();
for (const object of await parseManifests("...")) {
  if (isKind(object, "apps/v1", "Deployment")) object.spec.replicas = 1;
  const target = client.resource(object.apiVersion, object.kind, {
    namespace: object.metadata.namespace ?? client.defaultNamespace,
  });
  await target.apply(object.metadata.name!, object, { fieldManager: "me" });
}
// owner of a pod
const pod = await client.resource("v1", "Pod", { namespace: "web" }).get("shop-0");
const owner = pod.metadata.ownerReferences?.find((o) => o.controller);
if (owner) console.log(await client.resource(owner.apiVersion, owner.kind, { namespace: "web" }).get(owner.name));
