/**
 * A resolved cluster that can be logged: addresses may hold passwords, and what plugins are told is nobody else's business.
 */
import type { Cluster } from "./cluster.ts";
import { redact, redactedText } from "./redaction.ts";
import { withoutUserinfo } from "./server-url.ts";

/** The same cluster, whose JSON and inspection leave out passwords and the plugins' configuration. */
export function redactCluster(cluster: Cluster): Cluster {
  const { asWritten, proxyUrl, execConfig } = cluster;
  return redact(cluster, () => ({
    ...cluster,
    ...(asWritten && {
      asWritten: {
        server: withoutUserinfo(asWritten.server),
        proxyUrl: asWritten.proxyUrl && withoutUserinfo(asWritten.proxyUrl),
      },
    }),
    ...(proxyUrl && { proxyUrl: withoutUserinfo(proxyUrl.href) }),
    ...(execConfig !== undefined && { execConfig: redactedText }),
  }));
}
