/**
 * The paths of a kubeconfig's entries, which mean the folder of the file that has the entry.
 */

import type { Host } from "./host.ts";
import { pathsOf, rebasePath } from "./host.ts";
import type { ClusterStanza, Entry, UserStanza } from "./kubeconfig-stanza.ts";

/** The cluster with the paths of its files made absolute; an empty one where there is none. */
export function absoluteCluster(host: Host, entry: Entry<ClusterStanza> | undefined): ClusterStanza {
  if (entry === undefined) return {};
  return absolutePaths(host, entry, ["certificate-authority"]);
}

/** The user with the paths of its files, and a plugin command that is a path, made absolute; an empty one where there is none. */
export function absoluteUser(host: Host, entry: Entry<UserStanza> | undefined): UserStanza {
  if (entry === undefined) return {};
  const user = absolutePaths(host, entry, ["client-certificate", "client-key", "tokenFile"]);
  const { exec } = user;
  const isPath = exec?.command?.includes(pathsOf(host).sep) ?? false;
  if (!exec?.command || !isPath || entry.directory === undefined) return user;
  return { ...user, exec: { ...exec, command: rebasePath(host, entry.directory, exec.command) } };
}

/** Relative to the folder of the file that has the entry; without a file, to the working folder. */
function absolutePaths<T extends object>(host: Host, { stanza, directory }: Entry<T>, fields: readonly (keyof T)[]): T {
  const changes: Partial<Record<keyof T, string>> = {};
  for (const field of fields) {
    const path = stanza[field];
    if (typeof path === "string" && path !== "") changes[field] = rebasePath(host, directory ?? host.cwd(), path);
  }
  return { ...stanza, ...changes };
}
