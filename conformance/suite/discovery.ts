/**
 * What a server says that it has.
 */
import assert from "node:assert/strict";
import { isNotFound } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get } from "./exchange.ts";

const GROUPS = [
  "admissionregistration.k8s.io/v1",
  "apiextensions.k8s.io/v1",
  "apiregistration.k8s.io/v1",
  "apps/v1",
  "authentication.k8s.io/v1",
  "authorization.k8s.io/v1",
  "autoscaling/v1",
  "autoscaling/v2",
  "batch/v1",
  "certificates.k8s.io/v1",
  "coordination.k8s.io/v1",
  "discovery.k8s.io/v1",
  "events.k8s.io/v1",
  "flowcontrol.apiserver.k8s.io/v1",
  "networking.k8s.io/v1",
  "node.k8s.io/v1",
  "policy/v1",
  "rbac.authorization.k8s.io/v1",
  "scheduling.k8s.io/v1",
  "storage.k8s.io/v1",
];

const PATHS = [
  "/api",
  "/api/v1",
  "/version",
  "/healthz",
  "/livez",
  "/readyz",
  "/healthz?verbose",
  "/api/",
  "/apis/apps",
  "/apis/apps/",
];

export const discoveryCases: readonly SuiteCase[] = [
  ...family(GROUPS, (group) =>
    differential("discovery", `resources of ${group}`, [get(`/apis/${group}`), get(`/apis/${group.split("/")[0]}`)]),
  ),
  ...family(PATHS, (path) =>
    differential("discovery", `at ${path}`, [
      get(
        path,
        path === "/version"
          ? {
              ignore: [
                "body.gitCommit",
                "body.buildDate",
                "body.gitTreeState",
                "body.goVersion",
                "body.compiler",
                "body.platform",
              ],
            }
          : {},
      ),
    ]),
  ),
  clientCase("discovery", "knows version, and what the version is of", async ({ client }) => {
    const { major, gitVersion } = await client.version();
    assert.equal(major, "1");
    assert.match(gitVersion, /^v\d+\.\d+/);
  }),
  clientCase("discovery", "finds every built-in kind with plural, scope, verbs and short names", async ({ client }) => {
    const kinds = await client.discover();
    const of = (apiVersion: string, kind: string) =>
      kinds.find((one) => one.apiVersion === apiVersion && one.kind === kind);
    const pod = of("v1", "Pod");
    assert.deepEqual([pod?.plural, pod?.scope, pod?.shortNames], ["pods", "Namespaced", ["po"]]);
    assert.ok(["log", "exec", "eviction", "status"].every((name) => pod?.subresources.includes(name)));
    assert.ok(
      ["get", "list", "watch", "create", "update", "patch", "delete"].every((verb) => pod?.verbs.includes(verb)),
    );
    assert.deepEqual(
      [of("v1", "Node")?.scope, of("rbac.authorization.k8s.io/v1", "ClusterRole")?.scope],
      ["Cluster", "Cluster"],
    );
    assert.deepEqual(of("apps/v1", "Deployment")?.categories, ["all"]);
    assert.ok(kinds.length >= 50, `${kinds.length} kinds`);
  }),
  clientCase(
    "discovery",
    "serves every kind that it lists",
    async ({ client, namespace }) => {
      for (const { apiVersion, kind, scope, verbs } of await client.discover()) {
        if (!verbs.includes("list") || apiVersion.includes("example.com")) continue;
        const options = { chunkSize: 1 };
        if (scope === "Cluster") await client.resource(apiVersion, kind).list(options);
        else await client.resource(apiVersion, kind, { namespace }).list(options);
      }
    },
    ["own cluster"],
  ),
  clientCase("discovery", "is healthy, and an unknown path is NotFound", async ({ client }) => {
    for (const path of ["/healthz", "/livez", "/readyz"]) assert.equal(await (await client.raw(path)).text(), "ok");
    await assert.rejects(client.raw("/apis/odd.example.com/v1"), isNotFound);
  }),
  clientCase("discovery", "has OpenAPI documents for each group", async ({ client }) => {
    const index = (await (await client.raw("/openapi/v3")).json()) as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    const { serverRelativeURL } = index.paths["apis/apps/v1"] ?? {};
    assert.ok(serverRelativeURL !== undefined);
    const document = (await (await client.raw(serverRelativeURL)).json()) as {
      components: { schemas: Record<string, unknown> };
    };
    assert.ok("io.k8s.api.apps.v1.Deployment" in document.components.schemas);
  }),
];
