/**
 * The paths that the server lists at `/`, and the health checks among them.
 */
import { formatApiVersion } from "bowline/core";
import type { ApiServer } from "../server/api-server.ts";

const HOOKS = [
  "start-apiserver-admission-initializer",
  "generic-apiserver-start-informers",
  "priority-and-fairness-config-consumer",
  "priority-and-fairness-filter",
  "storage-object-count-tracker-hook",
  "start-apiextensions-informers",
  "start-apiextensions-controllers",
  "crd-informer-synced",
  "start-system-namespaces-controller",
  "peer-endpoint-reconciler-controller",
  "start-cluster-authentication-info-controller",
  "start-kube-apiserver-identity-lease-controller",
  "start-kube-apiserver-identity-lease-garbage-collector",
  "storage-readiness",
  "start-legacy-token-tracking-controller",
  "start-service-ip-repair-controllers",
  "rbac/bootstrap-roles",
  "scheduling/bootstrap-system-priority-classes",
  "priority-and-fairness-config-producer",
  "bootstrap-controller",
  "start-kubernetes-service-cidr-controller",
  "start-kube-aggregator-informers",
  "apiservice-status-local-available-controller",
  "apiservice-status-remote-available-controller",
  "apiservice-registration-controller",
  "apiservice-discovery-controller",
  "kube-apiserver-autoregistration",
];
const LAST_HOOKS = ["apiservice-openapi-controller", "apiservice-openapiv3-controller"];
const POST_START: readonly string[] = [
  ...HOOKS.map((name) => `poststarthook/${name}`),
  "autoregister-completion",
  ...LAST_HOOKS.map((name) => `poststarthook/${name}`),
];

/** The checks of each health path, in the order in which they are listed. */
export const HEALTH_CHECKS: Readonly<Record<"healthz" | "livez" | "readyz", readonly string[]>> = {
  healthz: ["ping", "log", "loopback-serving-certificate", "etcd", ...POST_START],
  livez: ["ping", "log", "loopback-serving-certificate", "etcd", ...POST_START],
  readyz: ["ping", "log", "etcd", "etcd-readiness", "informer-sync", ...POST_START, "shutdown"],
};

const OTHER_PATHS = [
  "/.well-known/openid-configuration",
  "/api",
  "/api/v1",
  "/apis",
  "/apis/",
  "/flagz",
  "/healthz",
  "/livez",
  "/metrics",
  "/metrics/slis",
  "/openapi/v2",
  "/openapi/v3",
  "/openapi/v3/",
  "/openid/v1/jwks",
  "/readyz",
  "/statusz",
  "/version",
];

/** What is served, sorted. */
export function rootPaths(server: ApiServer): readonly string[] {
  const paths = new Set(OTHER_PATHS);
  for (const groupVersion of server.registry.groupVersions()) {
    if (groupVersion.group === "") continue;
    paths.add(`/apis/${groupVersion.group}`);
    paths.add(`/apis/${formatApiVersion(groupVersion)}`);
  }
  for (const [endpoint, checks] of Object.entries(HEALTH_CHECKS))
    for (const check of checks) paths.add(`/${endpoint}/${check}`);
  return [...paths].sort();
}
