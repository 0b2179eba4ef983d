/**
 * Selecting by labels and fields: what selects what, and what is no selector.
 */
import assert from "node:assert/strict";
import { isBadRequest, type LabelSelectorInput } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, post } from "./exchange.ts";

const LABELS: readonly Record<string, string>[] = [
  { app: "shop", tier: "web" },
  { app: "shop", tier: "db" },
  { app: "shop" },
  { app: "blog", tier: "web" },
  { size: "5" },
  { size: "50", "example.com/x": "y" },
  {},
];
const NAMES = ["a", "b", "c", "d", "e", "f", "g"];
const setup = NAMES.map((name, index) =>
  post("~/configmaps", { metadata: { name, labels: { of: "{ns}", ...LABELS[index] } } }),
);

const LABEL_SELECTORS = [
  "app=shop",
  "app==shop",
  "app!=shop",
  "app=shop,tier=web",
  "app=shop,tier!=web",
  "app",
  "!app",
  "!tier,app",
  "app in (shop,blog)",
  "app in (shop)",
  "app notin (shop)",
  "app in ()",
  "tier in (web,)",
  "size>5",
  "size<50",
  "size>abc",
  "example.com/x=y",
  "example.com/x in (y, z)",
  " app = shop ",
  "app=",
  "app= ,tier=web",
  "app=shop,",
  ",app=shop",
  "app=shop,,tier=web",
  "app shop",
  "app=shop tier=web",
  "app=a b",
  "=shop",
  "app===shop",
  "!",
  "app in shop",
  "app in (shop",
  "app xin (shop)",
  "a/b/c=d",
  "app=-x",
  `app=${"x".repeat(64)}`,
];

const FIELD_SELECTORS: readonly (readonly [string, string])[] = [
  ["~/configmaps", "metadata.name=a"],
  ["~/configmaps", "metadata.name!=a"],
  ["~/configmaps", "metadata.name==a"],
  ["~/configmaps", "metadata.name=a,metadata.name=b"],
  ["~/configmaps", "metadata.namespace={ns}"],
  ["~/configmaps", "metadata.namespace=other"],
  ["~/configmaps", "metadata.name="],
  ["~/configmaps", "metadata.name"],
  ["~/configmaps", "metadata.uid=x"],
  ["~/configmaps", "data.a=1"],
  ["~/configmaps", "metadata.name=a\\,b"],
  ["~/configmaps", "metadata.name in (a)"],
  ["~/configmaps", ","],
  ["~/pods", "status.phase=Pending"],
  ["~/pods", "status.phase!=Pending"],
  ["~/pods", "spec.nodeName="],
  ["~/pods", "spec.nodeName=n1"],
  ["~/pods", "spec.restartPolicy=Never,status.phase=Pending"],
  ["~/pods", "spec.schedulerName=default-scheduler"],
  ["~/pods", "spec.serviceAccountName=default"],
  ["~/pods", "spec.containers=x"],
  ["~/pods", "status.podIP=1.2.3.4"],
  ["~/secrets", "type=Opaque"],
  ["~/secrets", "type!=Opaque"],
  ["~/events", "involvedObject.name=p"],
  ["~/events", "reason=Pulled,type=Normal"],
  ["~/events", "involvedObject.kind=Node"],
  ["~batch/v1/jobs", "status.successful=0"],
  ["~batch/v1/jobs", "status.failed=0"],
  ["~apps/v1/replicasets", "status.replicas=0"],
  ["~apps/v1/deployments", "spec.replicas=0"],
  ["/api/v1/namespaces", "metadata.name={ns}"],
  ["/api/v1/namespaces", "status.phase=Terminating,metadata.name={ns}"],
  ["~discovery.k8s.io/v1/endpointslices", "metadata.name=a"],
];

const container = { name: "c", image: "i" };
const fieldSetup = [
  ...["a", "b"].map((name) => post("~/configmaps", { metadata: { name } })),
  post("~/pods", { metadata: { name: "a" }, spec: { containers: [container] } }),
  post("~/pods", {
    metadata: { name: "b" },
    spec: { nodeName: "n1", restartPolicy: "Never", containers: [container] },
  }),
  post("~/secrets", { metadata: { name: "a" } }),
  post("~/secrets", { metadata: { name: "b" }, type: "example.com/x" }),
  post("~/events", {
    metadata: { name: "a" },
    involvedObject: { kind: "Pod", name: "p", namespace: "{ns}" },
    reason: "Pulled",
    type: "Normal",
  }),
];

/** What each selector of the client must select of {@link LABELS}, by name. */
const BY_CLIENT: readonly (readonly [LabelSelectorInput, string])[] = [
  ["app=shop,tier!=db", "ac"],
  [{ app: "shop" }, "abc"],
  [{ app: ["shop", "blog"], tier: "web" }, "ad"],
  [{ matchLabels: { app: "shop" } }, "abc"],
  [{ matchExpressions: [{ key: "tier", operator: "Exists" }] }, "abd"],
  [{ matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, "cefg"],
  [{ matchExpressions: [{ key: "app", operator: "NotIn", values: ["shop"] }] }, "defg"],
  [{ matchLabels: { tier: "web" }, matchExpressions: [{ key: "app", operator: "In", values: ["blog"] }] }, "d"],
  ["!app", "efg"],
  ["size>5", "f"],
];

export const selectorCases: readonly SuiteCase[] = [
  ...family(LABEL_SELECTORS, (selector) =>
    differential(
      "selectors",
      `labels ${JSON.stringify(selector.length > 40 ? `${selector.slice(0, 10)}(${selector.length})` : selector)}`,
      [get(`~/configmaps?labelSelector=${encodeURIComponent(selector)}`)],
      { setup },
    ),
  ),
  ...family(FIELD_SELECTORS, ([path, selector]) =>
    differential(
      "selectors",
      `fields ${path.split("/").at(-1)} ${selector}`,
      [get(`${path}?fieldSelector=${encodeURIComponent(selector).replaceAll("%7Bns%7D", "{ns}")}`)],
      {
        setup: fieldSetup,
      },
    ),
  ),
  ...BY_CLIENT.map(([labelSelector, names]) =>
    clientCase(
      "selectors",
      `the client's ${JSON.stringify(labelSelector)} selects ${names}`,
      async ({ client, namespace }) => {
        const maps = client.resource("v1", "Secret", { namespace });
        for (const [index, name] of NAMES.entries())
          await maps.create({ metadata: { name, labels: { ...LABELS[index] } } });
        const { items } = await maps.list({ labelSelector, chunkSize: 2 });
        assert.equal(items.map(({ metadata }) => metadata.name).join(""), names);
      },
    ),
  ),
  clientCase(
    "selectors",
    "the client's field selector selects Pods by node and phase",
    async ({ client, namespace }) => {
      const pods = client.resource("v1", "Pod", { namespace });
      await pods.create({
        metadata: { name: "a" },
        spec: { containers: [container], schedulingGates: [{ name: "example.com/wait" }] },
      });
      await pods.create({ metadata: { name: "b" }, spec: { containers: [container], nodeName: "no-such-node" } });
      const names = async (fieldSelector: Parameters<typeof pods.list>[0]): Promise<string> =>
        (await pods.list(fieldSelector)).items.map(({ metadata }) => metadata.name).join("");
      assert.equal(await names({ fieldSelector: { "spec.nodeName": "no-such-node" } }), "b");
      assert.equal(await names({ fieldSelector: { "spec.nodeName": "", "status.phase": "Pending" } }), "a");
      assert.equal(await names({ fieldSelector: "metadata.name!=a" }), "b");
    },
  ),
  clientCase("selectors", "a field that cannot be selected by is a BadRequest", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await assert.rejects(maps.list({ fieldSelector: "data.a=1" }), isBadRequest);
  }),
];
