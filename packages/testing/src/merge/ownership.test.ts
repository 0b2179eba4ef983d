import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { schemaFor } from "../schema/index.ts";
import type { StructSchema } from "../schema/schema.ts";
import { type Applied, ApplyConflictError, ApplyError, applyServerSide } from "./apply.ts";
import type { JsonRecord } from "./json-value.ts";
import { decodeManagedFields, ManagedFieldsError } from "./managed-fields.ts";
import { formatPath } from "./path-element.ts";
import { resetFieldsFilter } from "./reset-fields.ts";
import { parentEntries, scaleEntries } from "./scale-ownership.ts";
import { keepTimesIfUnchanged, managedFieldsOf, updateManagedFields, withManagedFields } from "./update.ts";

const configMap = schemaFor("", "v1", "ConfigMap") as StructSchema;
const deployment = schemaFor("apps", "v1", "Deployment") as StructSchema;
const service = schemaFor("", "v1", "Service") as StructSchema;
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

interface Write {
  readonly manager?: string;
  readonly force?: boolean;
  readonly seconds?: number;
  readonly schema?: StructSchema;
  readonly kind?: string;
}

function apply(live: JsonRecord | undefined, config: JsonRecord, write: Write = {}): Applied {
  const { manager = "one", force = false, seconds = 0, schema = configMap, kind = "ConfigMap" } = write;
  return applyServerSide({
    schema,
    kind,
    group: "",
    version: "v1",
    apiVersion: "v1",
    live,
    force,
    manager,
    subresource: "",
    now: at(seconds),
    config: { apiVersion: "v1", kind, ...config },
  });
}

function update(live: JsonRecord | undefined, updated: JsonRecord, write: Write = {}): JsonRecord {
  const { manager = "one", seconds = 0, schema = configMap, kind = "ConfigMap" } = write;
  const list = updateManagedFields({
    schema,
    kind,
    apiVersion: "v1",
    live,
    updated,
    manager,
    subresource: "",
    now: at(seconds),
  });
  return withManagedFields(updated, list);
}

function owners(object: JsonRecord): Record<string, string[]> {
  const entries = [...decodeManagedFields(managedFieldsOf(object)).values()];
  return Object.fromEntries(
    entries.map((entry) => [`${entry.manager} ${entry.operation}`, entry.fields.paths().map(formatPath)]),
  );
}

const datas = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("1", "2"), { maxKeys: 4 });
const managers = fc.constantFrom("one", "two", "three");

test("applying twice changes nothing the second time", () => {
  fc.assert(
    fc.property(datas, datas, managers, (before, data, manager) => {
      const live = apply(undefined, { data: before }).object;
      const once = apply(live, { data }, { manager, force: true, seconds: 1 });
      const twice = apply(once.object, { data }, { manager, force: true, seconds: 2 });
      // An empty map in the configuration counts as a change, with a new time, until the objects are compared for storing.
      assert.deepEqual(keepTimesIfUnchanged(twice.object, once.object), once.object);
    }),
  );
});

test("an object that only appliers write holds what they last applied", () => {
  const steps = fc.array(fc.tuple(managers, datas), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(steps, (list) => {
      let live: JsonRecord | undefined;
      const last = new Map<string, Record<string, string>>();
      const expected = new Map<string, string>();
      for (const [manager, data] of list) {
        live = apply(live, { data }, { manager, force: true }).object;
        // What others applied and this one overrides is no longer theirs.
        for (const [other, theirs] of last) {
          if (other === manager) continue;
          for (const [key, value] of Object.entries(theirs))
            if (data[key] !== undefined && data[key] !== value) delete theirs[key];
        }
        last.set(manager, { ...data });
        expected.clear();
        for (const theirs of last.values()) for (const [key, value] of Object.entries(theirs)) expected.set(key, value);
      }
      assert.deepEqual(live?.["data"] ?? {}, Object.fromEntries([...expected].sort()));
    }),
  );
});

test("appliers of different fields come to the same in any order", () => {
  const first: JsonRecord = { data: { a: "1" }, metadata: { labels: { x: "1" } } };
  const second: JsonRecord = { data: { b: "2" }, metadata: { labels: { y: "2" } } };
  const there = apply(apply(undefined, first).object, second, { manager: "two" }).object;
  const back = apply(apply(undefined, second, { manager: "two" }).object, first).object;
  assert.deepEqual(there["data"], back["data"]);
  assert.deepEqual(owners(there), owners(back));
});

test("a conflict names the managers and fields, and force takes them", () => {
  const live = update(
    apply(undefined, { data: { x: "1", y: "2" } }).object,
    { data: { x: "1", y: "2", z: "3" } },
    { manager: "m" },
  );
  assert.throws(
    () => apply(live, { data: { x: "9" } }, { manager: "two" }),
    (error) =>
      error instanceof ApplyConflictError &&
      error.message === 'Apply failed with 1 conflict: conflict with "one": .data.x',
  );
  assert.throws(
    () => apply(live, { data: { x: "9", y: "9", z: "9" } }, { manager: "two" }),
    (error) => {
      assert(error instanceof ApplyConflictError);
      assert.equal(
        error.message,
        'Apply failed with 3 conflicts: conflicts with "m" using v1:\n- .data.z\nconflicts with "one":\n- .data.x\n- .data.y',
      );
      assert.deepEqual(error.causes[0], {
        reason: "FieldManagerConflict",
        message: 'conflict with "m" using v1',
        field: ".data.z",
      });
      return true;
    },
  );
  const forced = apply(live, { data: { x: "9" } }, { manager: "two", force: true }).object;
  assert.deepEqual(owners(forced), { "one Apply": [".data.y"], "two Apply": [".data.x"], "m Update": [".data.z"] });
});

test("an applier that stops naming a field removes it unless others own it", () => {
  let live = apply(undefined, { data: { a: "1", b: "2" } }).object;
  live = apply(live, { data: { b: "2" } }, { manager: "two" }).object;
  live = apply(live, { data: {} }).object;
  assert.deepEqual(live["data"], { b: "2" });
});

test("an apply that changes nothing is a co-owner without a time", () => {
  const live = apply(undefined, { data: { a: "1" } }).object;
  const { object, isChanged } = apply(live, { data: { a: "1" } }, { manager: "two", seconds: 5 });
  assert.equal(isChanged, false);
  assert.deepEqual(managedFieldsOf(object), [
    {
      manager: "two",
      operation: "Apply",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:data": { "f:a": {} } },
    },
    {
      manager: "one",
      operation: "Apply",
      apiVersion: "v1",
      time: "2026-01-01T00:00:00Z",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:data": { "f:a": {} } },
    },
  ]);
});

test("a port without a protocol is the one with TCP", () => {
  const object = (spec: JsonRecord, manager: string, live?: JsonRecord): JsonRecord =>
    apply(live, { spec }, { manager, schema: service, kind: "Service" }).object;
  const live = object({ ports: [{ port: 80 }] }, "one");
  const both = object({ ports: [{ port: 80, protocol: "TCP", name: "web" }] }, "two", live);
  assert.deepEqual((both["spec"] as JsonRecord)["ports"], [{ name: "web", protocol: "TCP", port: 80, targetPort: 0 }]);
  assert.throws(() => object({ ports: [{ port: 80 }, { port: 80 }] }, "one"), {
    message:
      'failed to create typed patch object (/; /v1, Kind=Service): .spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
  });
});

test("refuses what the schema does not have, whatever the field validation", () => {
  const refusals: readonly (readonly [JsonRecord, string])[] = [
    [{ bogus: 1 }, ".bogus: field not declared in schema"],
    [{ data: { x: 5 } }, ".data.x: expected string, got &value.valueUnstructured{Value:5}"],
    [{ data: "x" }, ".data: expected map, got &{x}"],
    [{ immutable: "x" }, ".immutable: expected boolean, got &{x}"],
    [{ metadata: { generation: "x" } }, ".metadata.generation: expected numeric (int or float), got string"],
    [{ metadata: { finalizers: ["a", "a"] } }, '.metadata.finalizers: duplicate entries for key [="a"]'],
  ];
  for (const [config, message] of refusals) {
    assert.throws(
      () => apply(undefined, config),
      (error) => {
        assert(error instanceof ApplyError);
        assert.equal(error.status, 500);
        assert.equal(error.message, `failed to create typed patch object (/; /v1, Kind=ConfigMap): ${message}`);
        return true;
      },
    );
  }
  assert.throws(() => apply(undefined, { metadata: { managedFields: [] } }), {
    status: 400,
    message: "metadata.managedFields must be nil",
  });
  assert.throws(() => apply(undefined, { kind: "Secret" }), {
    status: 400,
    message: "invalid object type: /v1, Kind=Secret",
  });
});

test("what was there before the first apply belongs to before-first-apply", () => {
  const live: JsonRecord = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", uid: "u" }, data: { a: "1" } };
  const { object } = apply(live, { data: { b: "2" } });
  assert.deepEqual(owners(object), { "one Apply": [".data.b"], "before-first-apply Update": [".data", ".data.a"] });
});

test("an update owns what it changes and takes it from others", () => {
  const created = update(undefined, { metadata: { name: "a" }, data: { a: "1", b: "2" } });
  assert.deepEqual(owners(created), { "one Update": [".data", ".data.a", ".data.b"] });
  const changed = update(created, { metadata: { name: "a" }, data: { a: "9" } }, { manager: "two" });
  assert.deepEqual(owners(changed), { "one Update": [".data"], "two Update": [".data.a"] });
});

test("clearing managedFields stops the tracking until somebody applies", () => {
  const created = update(undefined, { metadata: { name: "a" }, data: { a: "1" } });
  const cleared = update(created, { metadata: { name: "a", managedFields: [{}] }, data: { a: "1" } });
  assert.equal(managedFieldsOf(cleared), undefined);
  assert.equal(managedFieldsOf(update(cleared, { metadata: { name: "a" }, data: { a: "2" } })), undefined);
});

test("keeps at most ten updaters and folds the oldest into ancient-changes", () => {
  let live: JsonRecord = update(undefined, { metadata: { name: "a" }, data: {} });
  for (let i = 0; i < 15; i += 1) {
    const data = { ...(live["data"] as JsonRecord), [`k${i}`]: "v" };
    live = update(live, { metadata: { name: "a" }, data }, { manager: `m${i}`, seconds: i });
  }
  const names = (managedFieldsOf(live) as JsonRecord[]).map((entry) => entry["manager"]);
  assert.equal(names.length, 10);
  assert.equal(names[0], "ancient-changes");
  assert.equal(names[9], "m14");
});

test("a write that only moves times is no write", () => {
  const live = update(undefined, { metadata: { name: "a" }, data: { a: "1" } });
  const again = withManagedFields(
    live,
    (managedFieldsOf(live) as JsonRecord[]).map((entry) => ({ ...entry, time: "2030-01-01T00:00:00Z" })),
  );
  assert.deepEqual(keepTimesIfUnchanged(again, live), live);
  const changed = { ...again, data: { a: "2" } };
  assert.deepEqual(keepTimesIfUnchanged(changed, live), changed);
});

test("status is not owned through the main resource, nor spec through status", () => {
  const owned = (subresource: string): string[] => {
    const updated: JsonRecord = { metadata: { name: "a" }, spec: { replicas: 2 }, status: { replicas: 1 } };
    const list = updateManagedFields({
      schema: deployment,
      kind: "Deployment",
      apiVersion: "apps/v1",
      live: { metadata: { name: "a", uid: "u", managedFields: [entry] } },
      updated,
      manager: "m",
      subresource,
      now: at(0),
      filter: resetFieldsFilter({ group: "apps", kind: "Deployment", subresource, hasStatus: true }),
    });
    return owners({ metadata: { managedFields: list ?? [] } })["m Update"] ?? [];
  };
  const entry = {
    manager: "x",
    operation: "Update",
    apiVersion: "apps/v1",
    fieldsType: "FieldsV1",
    fieldsV1: { "f:metadata": { "f:labels": {} } },
  };
  assert.deepEqual(owned(""), [".spec", ".spec.replicas"]);
  assert.deepEqual(owned("status"), [".status", ".status.replicas"]);
});

test("a resize owns all that it names", () => {
  assert.equal(resetFieldsFilter({ group: "", kind: "Pod", subresource: "resize", hasStatus: true }), undefined);
});

test("replicas change hands through the scale subresource", () => {
  const entry = (manager: string, operation: string, fieldsV1: JsonRecord): JsonRecord => ({
    manager,
    operation,
    apiVersion: "apps/v1",
    time: "2026-01-01T00:00:00Z",
    fieldsType: "FieldsV1",
    fieldsV1,
  });
  const parent = [entry("app", "Apply", { "f:spec": { "f:replicas": {}, "f:paused": {} } })];
  const scale = scaleEntries(parent, "apps/v1", ["spec", "replicas"]) ?? [];
  assert.deepEqual(
    scale.map((item) => [item["apiVersion"], item["fieldsV1"]]),
    [["autoscaling/v1", { "f:spec": { "f:replicas": {} } }]],
  );
  assert.deepEqual(parentEntries(parent, scale, "apps/v1", ["spec", "replicas"]), parent);
  const scaler = { ...scale[0], manager: "scaler", operation: "Update", subresource: "scale" };
  assert.deepEqual(parentEntries(parent, [scaler], "apps/v1", ["spec", "replicas"]), [
    entry("app", "Apply", { "f:spec": { "f:paused": {} } }),
    {
      manager: "scaler",
      operation: "Update",
      apiVersion: "apps/v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
      subresource: "scale",
    },
  ]);
});

test("kubectl may take over what client-side apply left", () => {
  const annotation = "kubectl.kubernetes.io/last-applied-configuration";
  const lastApplied = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { a: "1" } };
  const live = update(
    undefined,
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", annotations: { [annotation]: JSON.stringify(lastApplied) } },
      data: { a: "1" },
    },
    { manager: "kubectl-client-side-apply" },
  );
  const config = { metadata: { name: "a" }, data: { a: "2" } };
  assert.throws(() => apply(live, config, { manager: "other" }), ApplyConflictError);
  const { object } = apply(live, config, { manager: "kubectl" });
  assert.deepEqual(object["data"], { a: "2" });
  const written = ((object["metadata"] as JsonRecord)["annotations"] as JsonRecord)[annotation];
  assert.deepEqual(JSON.parse(String(written)), { ...lastApplied, data: { a: "2" } });
});

/** The same object in two versions that spell one field differently. */
const renamedVersion: NonNullable<Parameters<typeof applyServerSide>[0]["inVersion"]> = (object, apiVersion) => {
  if (apiVersion === "a/b/c") throw new ManagedFieldsError("unexpected GroupVersion string: a/b/c");
  if (apiVersion !== "v1" && apiVersion !== "v2") return undefined;
  const { data, binaryData, ...rest } = object;
  const value = data ?? binaryData;
  const member = apiVersion === "v1" ? "data" : "binaryData";
  return { object: { ...rest, apiVersion, ...(value === undefined ? {} : { [member]: value }) }, schema: configMap };
};

const across = (live: JsonRecord, config: JsonRecord, manager: string, force = false): Applied =>
  applyServerSide({
    schema: configMap,
    kind: "ConfigMap",
    group: "",
    version: "v1",
    apiVersion: "v1",
    live,
    force,
    manager,
    subresource: "",
    now: at(1),
    inVersion: renamedVersion,
    config: { apiVersion: "v1", kind: "ConfigMap", ...config },
  });

function ownedIn(apiVersion: string, operation: string, members: Record<string, JsonRecord>): JsonRecord {
  const entry = { manager: "old", operation, apiVersion, fieldsType: "FieldsV1", fieldsV1: members };
  const metadata = { name: "a", managedFields: [entry] };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "MQ==" } };
}

test("fields that another version's entry owns are contested under their name in that version", () => {
  const live = ownedIn("v2", "Apply", { "f:binaryData": { "f:a": {} } });
  assert.throws(
    () => across(live, { metadata: { name: "a" }, data: { a: "Mg==" } }, "new"),
    (error) => error instanceof ApplyConflictError && error.causes[0]?.field === ".binaryData.a",
  );
  const { object } = across(live, { metadata: { name: "a" }, data: { a: "Mg==" } }, "new", true);
  assert.deepEqual(owners(object), { "new Apply": [".data.a"] });
});

test("an applier gives up what it named in another version", () => {
  const live = ownedIn("v2", "Apply", { "f:binaryData": { "f:a": {} } });
  const { object } = across(live, { metadata: { name: "a" } }, "old");
  assert.equal("data" in object && Object.keys(object["data"] as JsonRecord).length > 0, false);
});

test("entries of versions that a kind does not have are dropped", () => {
  const live = ownedIn("v9", "Update", { "f:data": { "f:a": {} } });
  const { object } = across(live, { metadata: { name: "a" }, data: { b: "MQ==" } }, "new");
  assert.deepEqual(owners(object), { "new Apply": [".data.b"] });
});

test("an entry of what is no version makes a write forget all entries, and an apply fail", () => {
  const live = ownedIn("a/b/c", "Update", { "f:data": { "f:a": {} } });
  assert.throws(() => across(live, { metadata: { name: "a" } }, "new"), ApplyError);
  const options = { schema: configMap, kind: "ConfigMap", apiVersion: "v1", manager: "m", subresource: "" };
  const list = updateManagedFields({ ...options, live, updated: live, now: at(1), inVersion: renamedVersion });
  assert.equal(list, undefined);
});
