/**
 * Everything that is wrong in a whole kubeconfig, whichever context is used: stricter than what a client needs.
 */

import { absoluteCluster, absoluteUser } from "./absolute-paths.ts";
import type { ConfigProblem } from "./config-error.ts";
import type { Host } from "./host.ts";
import type { ContextStanza, KubeconfigModel } from "./kubeconfig-stanza.ts";
import { validateCluster, validateUser } from "./validate-stanza.ts";

/** The problems of all contexts, users and clusters, in this order. */
export function validateModel(host: Host, model: KubeconfigModel): readonly ConfigProblem[] {
  const { currentContext, contexts, users, clusters } = model;
  if (currentContext === "" && contexts.size === 0 && users.size === 0 && clusters.size === 0) {
    return [{ code: "KubeconfigEmpty", message: "there is no configuration" }];
  }
  const problems: ConfigProblem[] = [];
  if (currentContext !== "" && !contexts.has(currentContext)) {
    problems.push({
      code: "ContextNotFound",
      message: `current-context names ${quote(currentContext)}, which does not exist`,
    });
  }
  for (const [name, { stanza }] of contexts) problems.push(...validateContext(name, stanza, model));
  for (const [name, entry] of users) problems.push(...validateUser(host, name, absoluteUser(host, entry)));
  for (const [name, entry] of clusters) problems.push(...validateCluster(host, name, absoluteCluster(host, entry)));
  return problems;
}

function validateContext(
  name: string,
  context: ContextStanza,
  { users, clusters }: KubeconfigModel,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const subject = `context ${quote(name)}`;
  if (name === "") problems.push({ code: "KubeconfigInvalid", message: "a context has no name" });
  const { user, cluster, namespace } = context;
  if (!user) problems.push({ code: "KubeconfigInvalid", message: `${subject} names no user` });
  else if (!users.has(user)) {
    problems.push({ code: "UserNotFound", message: `${subject} names the user ${quote(user)}, which does not exist` });
  }
  if (!cluster) problems.push({ code: "KubeconfigInvalid", message: `${subject} names no cluster` });
  else if (!clusters.has(cluster)) {
    problems.push({
      code: "ClusterNotFound",
      message: `${subject} names the cluster ${quote(cluster)}, which does not exist`,
    });
  }
  if (namespace && !/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    problems.push({
      code: "KubeconfigInvalid",
      message: `${subject} has a namespace that is no DNS label: ${quote(namespace)}`,
    });
  }
  return problems;
}

function quote(name: string): string {
  return JSON.stringify(name);
}
