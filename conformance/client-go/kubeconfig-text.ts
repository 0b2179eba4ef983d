/**
 * Kubeconfigs for cases, as JSON text: one cluster `k`, one user `u`, one context `c`, with what a case wants different.
 */

type Fields = Readonly<Record<string, unknown>>;

/** The recording server over TLS. */
export const secureCluster: Fields = { server: "https://127.0.0.1:@HTTPS@", "certificate-authority-data": "@CA64@" };

export const v1 = "client.authentication.k8s.io/v1";
export const v1beta1 = "client.authentication.k8s.io/v1beta1";

/** A kubeconfig of one context. */
export function kubeconfig(
  user: Fields = { token: "t0" },
  cluster: Fields = secureCluster,
  context: Fields = {},
): string {
  return kubeconfigOf({
    clusters: { k: cluster },
    users: { u: user },
    contexts: { c: { cluster: "k", user: "u", ...context } },
    "current-context": "c",
  });
}

/** A kubeconfig whose lists are given as objects by name. */
export function kubeconfigOf(parts: Fields): string {
  const entry = { clusters: "cluster", users: "user", contexts: "context" };
  const lists = Object.entries(entry).flatMap(([list, field]) => {
    const named = parts[list] as Readonly<Record<string, unknown>> | undefined;
    return named === undefined
      ? []
      : [[list, Object.entries(named).map(([name, value]) => ({ name, [field]: value }))] as const];
  });
  return JSON.stringify({ apiVersion: "v1", kind: "Config", ...parts, ...Object.fromEntries(lists) });
}

/** An exec section. */
export function exec(changes: Fields = {}): Fields {
  return { exec: { command: "p", apiVersion: v1, interactiveMode: "IfAvailable", ...changes } };
}

/** What a plugin prints. PEM texts are filled in as JSON writes them. */
export function credential(status: unknown, apiVersion: string = v1): string {
  const text = JSON.stringify({ kind: "ExecCredential", apiVersion, status });
  return text.replace(/@((?:CERT|KEY|CA)[A-Z_]*)@/g, "@$1_JSON@");
}
