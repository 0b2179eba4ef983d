/**
 * Reading one object: versions, forms of the answer, what is not there.
 */
import assert from "node:assert/strict";
import { isNotFound, isTimeout } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, post } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

const ACCEPTS = [
  "application/json",
  "*/*",
  "application/*",
  "text/html,*/*;q=0.1",
  "application/xml",
  "text/plain",
  "application/yaml",
  TABLE,
  `${TABLE},application/json`,
  "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
  "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
  "application/json;as=Nothing;v=v1;g=meta.k8s.io",
  "application/json;as=Table;v=v2;g=meta.k8s.io",
  "application/json;stream=watch",
  "application/json;q=0",
  "",
];

const VERSIONS = ["0", "1", "", "abc", "-1", "1.5", "99999999999999999999"];

export const readCases: readonly SuiteCase[] = [
  ...family(SAMPLES, (sample) =>
    differential(
      "read",
      `prints a ${kindOf(sample)} as a table`,
      [
        get(pathOf(sample), { headers: { Accept: TABLE } }),
        get(`${pathOf(sample)}?includeObject=None`, { headers: { Accept: TABLE } }),
        get(pathOf(sample), { headers: { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" } }),
      ],
      { setup: [post(collectionOf(sample), objectOf(sample, nameOf(sample), { labels: { app: "shop" } }))] },
    ),
  ),
  ...family(ACCEPTS, (accept) =>
    differential(
      "read",
      `with Accept ${JSON.stringify(accept)}`,
      [
        get("~/configmaps/a", { headers: { Accept: accept } }),
        get("~/configmaps?fieldSelector=metadata.name=a", { headers: { Accept: accept } }),
        get("~/configmaps/missing", { headers: { Accept: accept } }),
      ],
      { setup: [post("~/configmaps", { metadata: { name: "a" }, data: { k: "v" } })] },
    ),
  ),
  ...family(VERSIONS, (version) =>
    differential(
      "read",
      `at resourceVersion ${JSON.stringify(version)}`,
      // The newest state is read first, so that the cache has it.
      [
        get("~/configmaps"),
        get(`~/configmaps/a?resourceVersion=${version}`),
        get(`~/configmaps?resourceVersion=${version}`),
      ],
      { setup: [post("~/configmaps", { metadata: { name: "a" } })] },
    ),
  ),
  differential("read", "what is not there", [
    get("~/configmaps/missing"),
    get("~/nothing/a"),
    get("~nothing.example.com/v1/things/a"),
    get("~apps/v9/deployments/a"),
    get("/api/v1/configmaps/a"),
    get("/api/v1/namespaces/{ns}-missing"),
    get("/api/v1/namespaces/{ns}-missing/configmaps/a"),
    get("/api/v1/nodes/{ns}-missing"),
    get("~/configmaps/a/status"),
    get("~/configmaps/a/b/c"),
    get("~/services/a/proxy/x"),
    get("/nothing"),
  ]),
  clientCase("read", "gets what was created, whole", async ({ client, namespace }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    const made = await secrets.create({ metadata: { name: "a" }, stringData: { k: "v" } });
    const read = await secrets.get("a");
    assert.deepEqual(read, made);
    assert.deepEqual(read.data, { k: "dg==" });
    assert.equal("stringData" in read, false);
  }),
  clientCase(
    "read",
    "of nothing is NotFound with the coordinates, and find is undefined",
    async ({ client, namespace }) => {
      const deployments = client.resource("apps/v1", "Deployment", { namespace });
      await assert.rejects(deployments.get("a"), (error) => {
        assert.ok(isNotFound(error));
        assert.deepEqual(
          [error.status.details?.name, error.status.details?.group, error.status.details?.kind],
          ["a", "apps", "deployments"],
        );
        assert.equal(error.target.name, "a");
        return true;
      });
      assert.equal(await deployments.find("a"), undefined);
    },
  ),
  clientCase("read", "sees the write before it, with and without the cache", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.create({ metadata: { name: "a" } });
    for (let n = 1; n <= 5; n++) {
      const { metadata } = await maps.patch("a", { data: { n: String(n) } });
      assert.deepEqual((await maps.get("a")).data, { n: String(n) });
      assert.deepEqual((await maps.get("a", { resourceVersion: metadata.resourceVersion })).data, { n: String(n) });
    }
  }),
  clientCase(
    "read",
    "at a version from the future is a timeout that may be tried again",
    async ({ client, namespace }) => {
      const maps = client.resource("v1", "ConfigMap", { namespace });
      const { metadata } = await maps.create({ metadata: { name: "a" } });
      const resourceVersion = String(BigInt(metadata.resourceVersion ?? "0") + 1_000_000n);
      const controller = new AbortController();
      await assert.rejects(maps.get("a", { resourceVersion, timeoutMs: 4_500, signal: controller.signal }), (error) => {
        assert.ok(isTimeout(error) || (error as { code?: string }).code === "TimedOut", String(error));
        return true;
      });
    },
  ),
  clientCase("read", "of a Secret leaves no trace of its data in an error", async ({ client, namespace }) => {
    const secrets = client.resource("v1", "Secret", { namespace });
    const secret = await secrets.create({ metadata: { name: "a" }, type: "Opaque", stringData: { k: "do-not-tell" } });
    await assert.rejects(secrets.update({ ...secret, type: "other" }), (error) => {
      assert.ok(error instanceof Error);
      assert.equal(`${error.message}${JSON.stringify(error)}`.includes(secret.data?.["k"] ?? "none"), false);
      return true;
    });
  }),
  clientCase("read", "keeps every microsecond of a Lease", async ({ client, namespace }) => {
    const leases = client.resource("coordination.k8s.io/v1", "Lease", { namespace });
    const renewTime = "2026-01-02T03:04:05.123456Z";
    await leases.create({ metadata: { name: "a" }, spec: { renewTime } });
    assert.equal((await leases.get("a")).spec?.renewTime, renewTime);
  }),
];
