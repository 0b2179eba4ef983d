// @kubernetes/client-node, as its README has it.
import { CoreV1Api, KubeConfig, Watch } from "@kubernetes/client-node";

export async function connect({ kubeconfig }) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  return {
    get: () => core.readNamespacedConfigMap({ name: "small", namespace: "default" }),
    list: async () => (await core.listPodForAllNamespaces()).items.length,
    async watch(count) {
      let seen = 0;
      const watch = new Watch(config);
      return new Promise((resolve, reject) => {
        let controller;
        const started = watch.watch(
          "/api/v1/pods",
          { resourceVersion: "200000" },
          (_type, object) => {
            if (object.metadata.name === "") throw new Error("no name");
            if (++seen !== count) return;
            resolve(seen);
            void started.then(() => controller?.abort());
          },
          (error) => (seen >= count ? resolve(seen) : reject(error)),
        );
        started.then((made) => {
          controller = made;
          if (seen >= count) controller.abort();
        }, reject);
      });
    },
  };
}
