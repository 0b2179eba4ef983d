/**
 * Server-side apply: who owns what, conflicts, force, giving up, refusals.
 */
import assert from "node:assert/strict";
import { isConflict } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, patch, post, put } from "./exchange.ts";
import { kindOf, nameOf, objectOf, pathOf, SAMPLES } from "./samples.ts";

const map = (data: unknown, more: Record<string, unknown> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", ...more },
  ...(data === undefined ? {} : { data }),
});
const at = (manager: string, query = "") => `~/configmaps/a?fieldManager=${manager}${query}`;

const deployment = (spec: Record<string, unknown>) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a" },
  spec,
});
const template = (containers: unknown[]) => ({ metadata: { labels: { app: "a" } }, spec: { containers } });
const selector = { matchLabels: { app: "a" } };
const DEPLOYMENT = "~apps/v1/deployments/a?fieldManager=";

const REFUSED: Readonly<Record<string, unknown>> = {
  "no kind": { apiVersion: "v1", metadata: { name: "a" } },
  "no apiVersion": { kind: "ConfigMap", metadata: { name: "a" } },
  "another name": map({}, { name: "b" }),
  "no name": { apiVersion: "v1", kind: "ConfigMap", metadata: {} },
  "no metadata": { apiVersion: "v1", kind: "ConfigMap" },
  "another namespace": map({}, { namespace: "default" }),
  managedFields: map({}, { managedFields: [] }),
  "an unknown field": { ...map({}), unknown: 1 },
  "a wrong type": map({ k: 7 }),
  "a list for a map": map([]),
  "another kind": { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } },
  "another version": { apiVersion: "v2", kind: "ConfigMap", metadata: { name: "a" } },
  "a uid of nothing": map({}, { uid: "11111111-2222-3333-4444-555555555555" }),
  "a version of nothing": map({}, { resourceVersion: "5" }),
  "null for data": { ...map(undefined), data: null },
  nothing: "",
  "no object": "[]",
};

const YAML: Readonly<Record<string, string>> = {
  plain: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n",
  "of two documents": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\nkind: other\n",
  "with anchors": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: &x v\n  l: *x\n",
  "with a boolean for a string": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: yes\n",
  "with a key twice": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: a\n  k: b\n",
  "that is broken": "apiVersion: v1\nkind: [",
  "with a block": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: |\n    one\n    two\n",
};

export const applyCases: readonly SuiteCase[] = [
  ...family(SAMPLES, (sample) =>
    differential("apply", `of a ${kindOf(sample)}, made, the same again, and by another`, [
      patch("apply", `${pathOf(sample)}?fieldManager=one`, objectOf(sample, nameOf(sample), { labels: { x: "y" } })),
      patch("apply", `${pathOf(sample)}?fieldManager=one`, objectOf(sample, nameOf(sample), { labels: { x: "y" } })),
      patch(
        "apply",
        `${pathOf(sample)}?fieldManager=two`,
        objectOf({ ...sample, fields: {} }, nameOf(sample), { labels: { x: "z" } }),
      ),
      patch("apply", `${pathOf(sample)}?fieldManager=one`, objectOf(sample, nameOf(sample))),
    ]),
  ),
  ...family(Object.entries(REFUSED), ([about, body]) =>
    differential("apply", `with ${about}`, [patch("apply", at("one"), body), get("~/configmaps/a")]),
  ),
  ...family(Object.entries(YAML), ([about, body]) =>
    differential("apply", `of YAML ${about}`, [patch("apply", at("one"), body)]),
  ),
  differential("apply", "with options that are refused or taken", [
    patch("apply", "~/configmaps/a", map({})),
    patch("apply", at("one", "&force=maybe"), map({})),
    patch("apply", at("one", "&force=yes"), map({})),
    patch("apply", at("one", "&dryRun=All"), map({ k: "v" })),
    patch("apply", at("one", "&fieldValidation=Strict"), map({ k: "v" })),
    patch("apply", at("m".repeat(129)), map({})),
  ]),
  differential("apply", "of a field that another owns", [
    patch("apply", at("one"), map({ k: "1", l: "1" })),
    patch("apply", at("two"), map({ k: "2" })),
    patch("apply", at("two"), map({ k: "2", l: "2" })),
    patch("apply", at("two", "&force=true"), map({ k: "2" })),
    patch("apply", at("one"), map({ k: "1", l: "1" })),
    patch("apply", at("one"), map({ k: "2", l: "1" })),
    patch("apply", at("two"), map({})),
    get("~/configmaps/a"),
  ]),
  differential("apply", "of a field that an update wrote", [
    post("~/configmaps?fieldManager=writer", map({ k: "1", l: "1" })),
    patch("apply", at("one"), map({ k: "2" })),
    patch("apply", at("one"), map({ k: "1" })),
    put("~/configmaps/a?fieldManager=writer", map({ k: "3" })),
    patch("apply", at("one"), map({ k: "1" })),
    patch("apply", at("one", "&force=true"), map({ k: "1" })),
  ]),
  differential("apply", "that gives a field up removes it when nobody else owns it", [
    patch("apply", at("one"), map({ k: "1", l: "1" })),
    patch("apply", at("two"), map({ l: "1" })),
    patch("apply", at("one"), map({})),
    patch("apply", at("two"), map(undefined)),
  ]),
  differential("apply", "merges containers by name and owns each", [
    patch(
      "apply",
      `${DEPLOYMENT}one`,
      deployment({
        replicas: 0,
        selector,
        template: template([{ name: "a", image: "i:1", ports: [{ containerPort: 80 }] }]),
      }),
    ),
    patch(
      "apply",
      `${DEPLOYMENT}two`,
      deployment({ template: { spec: { containers: [{ name: "b", image: "i:2" }] } } }),
    ),
    patch(
      "apply",
      `${DEPLOYMENT}three`,
      deployment({ replicas: 2, template: { spec: { containers: [{ name: "a", image: "i:9" }] } } }),
    ),
    patch(
      "apply",
      `${DEPLOYMENT}one`,
      deployment({ selector, template: template([{ name: "a", image: "i:1", ports: [{ containerPort: 81 }] }]) }),
    ),
    patch("apply", `${DEPLOYMENT}two`, deployment({})),
  ]),
  differential("apply", "refuses the same container twice, and the same port", [
    patch(
      "apply",
      `${DEPLOYMENT}one`,
      deployment({
        selector,
        template: template([
          { name: "a", image: "i" },
          { name: "a", image: "j" },
        ]),
      }),
    ),
    patch(
      "apply",
      `${DEPLOYMENT}one`,
      deployment({
        selector,
        template: template([{ name: "a", image: "i", ports: [{ containerPort: 80 }, { containerPort: 80 }] }]),
      }),
    ),
    patch("apply", `${DEPLOYMENT}one`, deployment({ selector, template: template([{ image: "i" }]) })),
    patch("apply", `${DEPLOYMENT}one`, deployment({ selector })),
  ]),
  differential("apply", "through scale conflicts with the Deployment's owner", [
    patch(
      "apply",
      `${DEPLOYMENT}one`,
      deployment({ replicas: 1, selector, template: template([{ name: "a", image: "i" }]) }),
    ),
    patch("merge", "~apps/v1/deployments/a/scale?fieldManager=scaler", { spec: { replicas: 3 } }),
    patch(
      "apply",
      `${DEPLOYMENT}one`,
      deployment({ replicas: 1, selector, template: template([{ name: "a", image: "i" }]) }),
    ),
    patch("apply", "~apps/v1/deployments/a/scale?fieldManager=three", {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "a" },
      spec: { replicas: 5 },
    }),
    get("~apps/v1/deployments/a"),
  ]),
  differential("apply", "of finalizers and owners, which are sets and maps", [
    patch("apply", at("one"), map({}, { finalizers: ["example.com/a"] })),
    patch("apply", at("two"), map({}, { finalizers: ["example.com/b"] })),
    patch("apply", at("two"), map({}, { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "u1" }] })),
    patch("apply", at("one"), map({}, { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "q", uid: "u1" }] })),
    patch("apply", at("one"), map({})),
    patch("apply", at("two"), map({})),
  ]),
  clientCase("apply", "creates, then changes, under the client's manager", async ({ client, namespace }) => {
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace },
      data: { k: "1" },
    } as const;
    const made = await client.apply(object);
    const [owner] = made.metadata.managedFields ?? [];
    assert.deepEqual([owner?.manager, owner?.operation], ["suite", "Apply"]);
    assert.deepEqual((await client.apply({ ...object, data: { l: "2" } })).data, { l: "2" });
  }),
  clientCase("apply", "the same again changes nothing", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    const first = await maps.apply("a", { data: { k: "1" } });
    const second = await maps.apply("a", { data: { k: "1" } });
    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
  }),
  clientCase(
    "apply",
    "of another's field is a Conflict that names field and owner, until forced",
    async ({ client, namespace }) => {
      const maps = client.resource("v1", "ConfigMap", { namespace });
      await maps.apply("a", { data: { k: "1", l: "1" } });
      const change = { data: { k: "2", l: "2" } };
      await assert.rejects(maps.apply("a", change, { fieldManager: "two" }), (error) => {
        assert.ok(isConflict(error));
        assert.deepEqual(error.conflicts.map(({ field, manager }) => `${field} ${manager}`).sort(), [
          ".data.k suite",
          ".data.l suite",
        ]);
        return true;
      });
      const forced = await maps.apply("a", change, { fieldManager: "two", force: true });
      assert.deepEqual(forced.data, { k: "2", l: "2" });
      assert.deepEqual(
        forced.metadata.managedFields?.map(({ manager }) => manager),
        ["two"],
      );
    },
  ),
  clientCase("apply", "shares a field where both say the same", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.apply("a", { data: { k: "1" } });
    await maps.apply("a", { data: { k: "1" } }, { fieldManager: "two" });
    assert.deepEqual((await maps.apply("a", { data: {} })).data, { k: "1" });
    assert.equal((await maps.apply("a", { data: {} }, { fieldManager: "two" })).data?.["k"], undefined);
  }),
  clientCase("apply", "of status goes through the subresource and is owned apart", async ({ client, namespace }) => {
    const services = client.resource("v1", "Service", { namespace });
    await services.apply("a", { spec: { type: "LoadBalancer", ports: [{ port: 80, protocol: "TCP" }] } });
    const status = { loadBalancer: { ingress: [{ ip: "192.0.2.9" }] } };
    const applied = await services.status.apply("a", { status });
    assert.equal(applied.status?.loadBalancer?.ingress?.[0]?.ip, "192.0.2.9");
    assert.deepEqual(
      applied.metadata.managedFields?.map(({ subresource }) => subresource ?? ""),
      ["", "status"],
    );
  }),
  clientCase("apply", "as a dry run stores nothing", async ({ client, namespace }) => {
    const maps = client.resource("v1", "ConfigMap", { namespace });
    await maps.apply("a", { data: { k: "1" } }, { dryRun: true });
    assert.equal(await maps.find("a"), undefined);
  }),
];
