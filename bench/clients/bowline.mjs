// Bowline, as its users write it.
import { Client } from "bowline";

export async function connect({ kubeconfig, transport }) {
  const client = await Client.connect({ kubeconfig, ...(transport === undefined ? {} : { transport }) });
  const pods = client.resource("v1", "Pod");
  const configMaps = client.resource("v1", "ConfigMap", { namespace: "default" });
  return {
    get: () => configMaps.get("small"),
    list: async () => (await pods.list()).items.length,
    lean: async () => (await pods.list({ omitManagedFields: true })).items.length,
    async watch(count) {
      let seen = 0;
      for await (const event of pods.watch({ resourceVersion: "200000" })) {
        if (event.object.metadata.name === "") throw new Error("no name");
        if (++seen === count) break;
      }
      return seen;
    },
    async leanWatch(count) {
      let seen = 0;
      for await (const event of pods.watch({ resourceVersion: "200000", omitManagedFields: true })) {
        if (event.object.metadata.name === "") throw new Error("no name");
        if (++seen === count) break;
      }
      return seen;
    },
  };
}
