/**
 * Custom resources: definitions, their life, and what a schema does to objects.
 */
import assert from "node:assert/strict";
import { defineKind, isConditionTrue, isExpired, isInvalid, isNotFound } from "bowline";
import { type CaseContext, clientCase, type SuiteCase } from "./case.ts";
import {
  bodyOf,
  type DifferentialOptions,
  differential,
  family,
  get,
  patch,
  post,
  put,
  remove,
  type Step,
  watch,
} from "./exchange.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const GROUP = "{ns}.example.com";
const CRD = `${CRDS}/widgets.${GROUP}`;
const WIDGETS = `/apis/${GROUP}/v1/namespaces/{ns}/widgets`;

type Fields = Record<string, unknown>;

function definition(version: Fields = {}, spec: Fields = {}): Fields {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
          ...version,
        },
      ],
    },
  };
}

/** The definition, before the first step. */
function defined(spec: Fields, version: Fields = {}): DifferentialOptions {
  return { setup: [post(CRDS, definition(version, spec))] };
}

/** Waits until the kind is served. */
const SERVED: Step = get(WIDGETS, { until: { status: 200 } });
const widget = (spec: unknown, more: Fields = {}): Fields => ({
  apiVersion: `${GROUP}/v1`,
  kind: "Widget",
  metadata: { name: "a", ...more },
  spec,
});

const SCHEMA: Fields = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 10 },
    name: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
    mode: { type: "string", enum: ["fast", "slow"], default: "fast" },
    tags: { type: "array", maxItems: 2, items: { type: "string" }, "x-kubernetes-list-type": "set" },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["id"],
      items: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "string" }, count: { type: "integer", default: 1 } },
      },
    },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    port: { "x-kubernetes-int-or-string": true },
    ratio: { type: "number", exclusiveMinimum: true, minimum: 0 },
    when: { type: "string", format: "date-time" },
    maybe: { type: "string", nullable: true },
  },
};

const SPECS: Readonly<Record<string, unknown>> = {
  "all that is needed": { size: 1 },
  nothing: {},
  "no object": "x",
  "too small a number": { size: 0 },
  "too large a number": { size: 11 },
  "a fraction": { size: 1.5 },
  "a string for a number": { size: "1" },
  "a bad pattern": { size: 1, name: "ABC" },
  "too long a string": { size: 1, name: "abcdef" },
  "a value outside the enum": { size: 1, mode: "odd" },
  "too many items": { size: 1, tags: ["a", "b", "c"] },
  "an item twice": { size: 1, tags: ["a", "a"] },
  "a key twice": { size: 1, parts: [{ id: "a" }, { id: "a" }] },
  "a missing key": { size: 1, parts: [{ count: 2 }] },
  "defaults in lists": { size: 1, parts: [{ id: "a" }, { id: "b", count: 2 }] },
  "unknown fields": { size: 1, odd: 1, free: { any: { thing: [1] } } },
  "int or string": { size: 1, port: "80%" },
  "neither int nor string": { size: 1, port: 1.5 },
  "an exclusive bound": { size: 1, ratio: 0 },
  "a bad time": { size: 1, when: "yesterday" },
  "a null that may be": { size: 1, maybe: null },
  "a null that may not be": { size: 1, name: null },
};

const DEFINITIONS: Readonly<Record<string, Fields>> = {
  "no schema": definition({ schema: undefined }),
  "no type": definition({ schema: { openAPIV3Schema: { properties: {} } } }),
  "two storage versions": {
    ...definition(),
    spec: {
      ...(definition()["spec"] as Fields),
      versions: [1, 2].map((n) => ({
        name: `v${n}`,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object" } },
      })),
    },
  },
  "no storage version": definition({ storage: false }),
  "a name that does not fit": { ...definition(), metadata: { name: "other.{ns}.example.com" } },
  "a bad scope": { ...definition(), spec: { ...(definition()["spec"] as Fields), scope: "Galaxy" } },
  "a default that does not fit": definition(
    {},
    { type: "object", properties: { n: { type: "integer", default: "x" } } },
  ),
  "a schema that is not structural": definition({}, { properties: { n: { type: "integer" } } }),
  "an items list": definition({}, { type: "array" }),
  "an unknown type": definition({}, { type: "thing" }),
  "a bad pattern": definition({}, { type: "string", pattern: "(" }),
  "a bad column": definition({ additionalPrinterColumns: [{ name: "x", type: "odd", jsonPath: "spec" }] }),
  "a bad rule": definition({}, { type: "object", "x-kubernetes-validations": [{ rule: "self.x ==" }] }),
  "a bad scale": definition({ subresources: { scale: { specReplicasPath: "spec", statusReplicasPath: ".status.x" } } }),
};

const SMALL: Fields = { type: "object", properties: { size: { type: "integer" }, name: { type: "string" } } };
const RULED: Fields = {
  type: "object",
  properties: {
    min: { type: "integer" },
    max: { type: "integer" },
    fixed: { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "fixed is fixed" }] },
  },
  "x-kubernetes-validations": [
    {
      rule: "!has(self.min) || !has(self.max) || self.min <= self.max",
      message: "min is above max",
      fieldPath: ".min",
    },
  ],
};

/** A kind of this case's own, served. */
async function widgets({ client, namespace, cleanup, signal }: CaseContext) {
  const kind = defineKind({
    apiVersion: `${namespace}.example.com/v1`,
    kind: "Widget",
    plural: "widgets",
    scope: "Namespaced",
    subresources: ["status", "scale"],
    schema: {
      type: "object",
      properties: {
        spec: {
          type: "object",
          required: ["size"],
          properties: {
            size: { type: "integer", minimum: 1 },
            mode: { type: "string", default: "fast" },
            replicas: { type: "integer" },
          },
        },
        status: { type: "object", properties: { phase: { type: "string" }, replicas: { type: "integer" } } },
      },
    },
  });
  const definitions = client.resource("apiextensions.k8s.io/v1", "CustomResourceDefinition");
  const { metadata } = await definitions.create(kind.crd());
  cleanup(() => definitions.delete(metadata.name));
  await definitions.wait(metadata.name, (crd) => isConditionTrue(crd, "Established"), { signal, timeoutMs: 20_000 });
  const handle = client.resource(kind, { namespace });
  // Established is said a moment before the last of the server's parts has heard of it.
  for (;;) {
    try {
      await handle.list();
      return { kind, handle };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      signal.throwIfAborted();
    }
  }
}

export const crdCases: readonly SuiteCase[] = [
  ...family(Object.entries(SPECS), ([about, spec]) =>
    differential(
      "crd",
      `an object with ${about}`,
      [SERVED, post(WIDGETS, widget(spec)), post(`${WIDGETS}?fieldValidation=Strict`, widget(spec, { name: "b" }))],
      defined(SCHEMA),
    ),
  ),
  ...family(Object.entries(DEFINITIONS), ([about, body]) =>
    differential("crd", `a definition with ${about}`, [post(CRDS, body)]),
  ),
  differential("crd", "a definition's life", [
    post(CRDS, definition({}, SMALL)),
    SERVED,
    get(CRD, { ignore: ["body.metadata.resourceVersion"] }),
    get(`/apis/${GROUP}/v1`),
    get(`/apis/${GROUP}`),
    post(WIDGETS, widget({ size: 1 })),
    get(`${WIDGETS}/a`),
    get(WIDGETS),
    get(WIDGETS, { headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } }),
    remove(`${WIDGETS}/a`),
    post(CRDS, definition({}, SMALL)),
    remove(CRD),
    get(WIDGETS, { until: { status: 404 } }),
  ]),
  differential(
    "crd",
    "the verbs on an object",
    [
      SERVED,
      post(WIDGETS, widget({ size: 1 })),
      post(WIDGETS, { metadata: { name: "b" }, spec: { size: 1 } }),
      put(`${WIDGETS}/a`, widget({ size: 2 })),
      put(`${WIDGETS}/a`, widget({ size: 2 }, { resourceVersion: bodyOf("s2", "metadata.resourceVersion") })),
      put(`${WIDGETS}/a`, widget({ size: 3 }, { resourceVersion: bodyOf("s2", "metadata.resourceVersion") })),
      patch("merge", `${WIDGETS}/a`, { spec: { name: "x" } }),
      patch("json", `${WIDGETS}/a`, [{ op: "replace", path: "/spec/size", value: 5 }]),
      patch("strategic", `${WIDGETS}/a`, { spec: { size: 6 } }),
      patch("apply", `${WIDGETS}/a?fieldManager=one`, widget({ size: 7 })),
      patch("apply", `${WIDGETS}/a?fieldManager=one&force=true`, widget({ size: 7 })),
      patch("apply", `${WIDGETS}/b?fieldManager=one`, widget({ size: 7, odd: 1 }, { name: "b" })),
      get(`${WIDGETS}?fieldSelector=metadata.name=a`),
      get(`${WIDGETS}?fieldSelector=spec.size=7`),
      remove(`${WIDGETS}?labelSelector=x=y`),
      remove(`${WIDGETS}/a`),
    ],
    defined(SMALL),
  ),
  differential(
    "crd",
    "status and scale",
    [
      SERVED,
      post(WIDGETS, { ...widget({ replicas: 2, size: 1 }), status: { phase: "Early" } }),
      patch("merge", `${WIDGETS}/a/status`, {
        status: { phase: "Ready", replicas: 1, selector: "a=b" },
        spec: { size: 9 },
      }),
      patch("merge", `${WIDGETS}/a`, { status: { phase: "Ignored" }, spec: { size: 2 } }),
      get(`${WIDGETS}/a/scale`),
      patch("merge", `${WIDGETS}/a/scale`, { spec: { replicas: 5 } }),
      put(`${WIDGETS}/a/scale`, {
        apiVersion: "autoscaling/v1",
        kind: "Scale",
        metadata: { name: "a" },
        spec: { replicas: 6 },
      }),
      get(`${WIDGETS}/a`),
    ],
    {
      setup: [
        post(
          CRDS,
          definition({
            subresources: {
              status: {},
              scale: {
                specReplicasPath: ".spec.replicas",
                statusReplicasPath: ".status.replicas",
                labelSelectorPath: ".status.selector",
              },
            },
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: {
                  spec: { type: "object", properties: { replicas: { type: "integer" }, size: { type: "integer" } } },
                  status: {
                    type: "object",
                    properties: {
                      phase: { type: "string" },
                      replicas: { type: "integer" },
                      selector: { type: "string" },
                    },
                  },
                },
              },
            },
          }),
        ),
      ],
    },
  ),
  differential(
    "crd",
    "rules in CEL",
    [
      SERVED,
      post(WIDGETS, widget({ min: 1, max: 2, fixed: "x" })),
      post(WIDGETS, widget({ min: 3, max: 2 }, { name: "b" })),
      patch("merge", `${WIDGETS}/a`, { spec: { fixed: "y" } }),
      patch("merge", `${WIDGETS}/a`, { spec: { min: 5 } }),
      patch("merge", `${WIDGETS}/a`, { spec: { max: 9 } }),
    ],
    defined(RULED),
  ),
  differential(
    "crd",
    "columns and selectable fields",
    [
      SERVED,
      post(WIDGETS, widget({ size: 1, name: "x" })),
      post(WIDGETS, widget({ size: 2 }, { name: "b" })),
      get(WIDGETS, { headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } }),
      get(`${WIDGETS}?fieldSelector=spec.name=x`),
      get(`${WIDGETS}?fieldSelector=spec.size=1`),
    ],
    defined(SMALL, {
      additionalPrinterColumns: [
        { name: "Size", type: "integer", jsonPath: ".spec.size" },
        { name: "Name-of", type: "string", jsonPath: ".spec.name", priority: 1, description: "its name" },
      ],
      selectableFields: [{ jsonPath: ".spec.name" }],
    }),
  ),
  differential(
    "crd",
    "two versions of a kind",
    [
      SERVED,
      post(WIDGETS, widget({ size: 1 })),
      get(`/apis/${GROUP}/v2/namespaces/{ns}/widgets/a`),
      get(`/apis/${GROUP}/v3/namespaces/{ns}/widgets/a`),
      post(`/apis/${GROUP}/v2/namespaces/{ns}/widgets`, {
        ...widget({ size: 1 }, { name: "b" }),
        apiVersion: `${GROUP}/v2`,
      }),
      post(WIDGETS, { ...widget({ size: 1 }, { name: "c" }), apiVersion: `${GROUP}/v2` }),
      get(`${WIDGETS}/b`),
    ],
    {
      setup: [
        post(CRDS, {
          ...definition(),
          spec: {
            ...(definition()["spec"] as Fields),
            versions: [
              {
                name: "v1",
                served: true,
                storage: true,
                schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
              },
              {
                name: "v2",
                served: true,
                storage: false,
                deprecated: true,
                schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
              },
              { name: "v3", served: false, storage: false, schema: { openAPIV3Schema: { type: "object" } } },
            ],
          },
        }),
      ],
    },
  ),
  differential(
    "crd",
    "a watch on objects",
    [
      SERVED,
      watch(`${WIDGETS}?watch=true`, 3, [
        post(WIDGETS, widget({ size: 1 })),
        patch("merge", `${WIDGETS}/a`, { spec: { size: 2 } }),
        remove(`${WIDGETS}/a`),
      ]),
    ],
    defined(SMALL),
  ),
  clientCase("crd", "a kind from a schema is made, served and used with its types", async (context) => {
    const { handle } = await widgets(context);
    const made = await handle.create({ metadata: { name: "a" }, spec: { size: 3 } });
    assert.deepEqual(made.spec, { size: 3, mode: "fast" });
    const patched = await handle.patch("a", { spec: { size: 4 } });
    assert.equal(patched.spec?.size, 4);
    assert.equal((await handle.status.patch("a", { status: { phase: "Ready" } })).status?.phase, "Ready");
    assert.equal((await handle.scale.patch("a", { spec: { replicas: 2 } })).spec?.replicas, 2);
    assert.equal((await handle.get("a")).spec?.replicas, 2);
    await assert.rejects(handle.create({ metadata: { name: "b" }, spec: { size: 0 } }), isInvalid);
  }),
  clientCase("crd", "an unknown kind is found by discovery, with scope and subresources", async (context) => {
    const { kind } = await widgets(context);
    await using other = await context.server.connect();
    const found = (await other.discover()).find(({ apiVersion }) => apiVersion === kind.apiVersion);
    assert.deepEqual([found?.kind, found?.plural, found?.scope], ["Widget", "widgets", "Namespaced"]);
    assert.deepEqual([...(found?.subresources ?? [])].sort(), ["scale", "status"]);
    const untyped = other.resource(kind.apiVersion, "Widget", { namespace: context.namespace });
    const made = await untyped.create({ metadata: { name: "a" }, spec: { size: 1 } });
    assert.deepEqual(made["spec"], { size: 1, mode: "fast" });
  }),
  clientCase("crd", "objects are applied, watched and deleted as any others", async (context) => {
    const { handle } = await widgets(context);
    const events = handle.watch({ signal: context.signal })[Symbol.asyncIterator]();
    const seen: string[] = [];
    const next = async (): Promise<void> => {
      const { value } = await events.next();
      seen.push(`${value?.type} ${value?.object.spec?.size}`);
    };
    await handle.apply("a", { spec: { size: 1 } });
    await next();
    await handle.apply("a", { spec: { size: 2 } });
    await next();
    await handle.delete("a");
    await next();
    await events.return?.();
    assert.deepEqual(seen, ["ADDED 1", "MODIFIED 2", "DELETED 2"]);
  }),
  clientCase("crd", "a watch from before the kind was there is Expired", async (context) => {
    const { handle } = await widgets(context);
    await handle.create({ metadata: { name: "a" }, spec: { size: 1 } });
    await assert.rejects(async () => {
      for await (const _ of handle.watch({ resourceVersion: "1", signal: context.signal }))
        assert.fail("an event from before time");
    }, isExpired);
  }),
  clientCase(
    "crd",
    "a list's expired continue token is Expired, and says how to go on nevertheless",
    async (context) => {
      // No server has a state in its cache from before the kind was there.
      const { handle, kind } = await widgets(context);
      const { client, namespace, server } = context;
      for (const name of ["a", "b", "c", "d", "e"]) await handle.create({ metadata: { name }, spec: { size: 1 } });
      const path = `/apis/${kind.apiVersion}/namespaces/${namespace}/widgets?limit=2&continue=`;
      const first = (await (await client.raw(path)).json()) as { metadata: { continue: string } };
      const token = JSON.parse(Buffer.from(first.metadata.continue, "base64url").toString()) as Record<string, unknown>;
      await server.compact?.();
      const old = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString("base64url");
      const error = await client.raw(path + old).catch((thrown: unknown) => thrown);
      assert.ok(isExpired(error), String(error));
      const next = error.status.metadata?.continue;
      assert.ok(next !== undefined && next !== "");
      const rest = (await (await client.raw(path + next)).json()) as { items: { metadata: { name: string } }[] };
      assert.deepEqual(
        rest.items.map((item) => item.metadata.name),
        ["c", "d"],
      );
    },
    ["compaction"],
  ),
  clientCase("crd", "a strategic patch of a custom object is refused before it is sent", async (context) => {
    const { handle } = await widgets(context);
    await handle.create({ metadata: { name: "a" }, spec: { size: 1 } });
    await assert.rejects(handle.patch("a", { spec: { size: 2 } }, { type: "strategic" }), (error) => {
      assert.match((error as { code: string }).code, /StrategicPatchNotSupported|UnsupportedMediaType/);
      return true;
    });
  }),
  clientCase("crd", "a kind that is gone is NotFound", async (context) => {
    const { handle, kind } = await widgets(context);
    const definitions = context.client.resource("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    await definitions.delete(kind.crd().metadata.name ?? "", { wait: true });
    while (
      (await handle.list().catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)))) !==
      undefined
    ) {
      context.signal.throwIfAborted();
    }
  }),
];
