/**
 * All contexts of the kubeconfig at once: which version each cluster has, and who one is there.
 */
import { Client, KubeConfig, KubeError } from "bowline";

const kubeconfig = await KubeConfig.load();
const answers = await Promise.all(kubeconfig.contexts.map(({ name }) => ask(name)));
for (const answer of answers.sort()) console.log(answer);

async function ask(context: string): Promise<string> {
  try {
    // One file, one plugin run: contexts with an equal user share its credential.
    await using client = await Client.connect({ kubeconfig, context, retry: { maxUnaskedRetries: 0 } });
    const [version, user] = await Promise.all([client.version({ timeoutMs: 10_000 }), client.whoami()]);
    return `${context}: ${version.gitVersion} as ${user.username}`;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return `${context}: ${error.code}`;
  }
}
