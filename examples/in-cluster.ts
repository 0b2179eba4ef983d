/**
 * The same program in a Pod and on a desk. In a Pod it takes the service account, whose token is read again as it rotates;
 * where there is a kubeconfig it takes that. Reading the Pods needs a Role with `list` on `pods`.
 */
import { Client, isForbidden, KubeConfig } from "bowline";

const kubeconfig = await KubeConfig.load();
const { cluster, namespace } = kubeconfig.resolve();
console.log(`${cluster.name === "in-cluster" ? "in a Pod" : "with a kubeconfig"}, in namespace ${namespace}`);

await using client = await Client.connect({ kubeconfig });
if (!(await client.can({ verb: "list", apiVersion: "v1", kind: "Pod", namespace }))) {
  const { username } = await client.whoami();
  console.log(`${username} may not list the Pods here`);
}
try {
  const { items } = await client.resource("v1", "Pod", { namespace }).list();
  console.log(`${items.length} Pods`);
} catch (error) {
  if (!isForbidden(error)) throw error;
  console.error(error.message);
}
