/**
 * Scenarios that every kind goes through: the verbs, their options and what they refuse; and variants of a full object.
 */
import type { CapturedRequest, CapturedStep, Scenario } from "../replay/capture.ts";
import { mutationsOf } from "./mutations.ts";
import type { Fields, SampleObject } from "./sample-object.ts";

/** A scenario without answers; those recorded are put in. */
export interface PlannedScenario {
  readonly topic: string;
  readonly label: string;
  readonly scenario: Scenario;
}

const STEPS_IN_A_SCENARIO = 60;
const NO_ANSWER = { status: 0, headers: {} };
const TABLE = { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };
const PARTIAL = { Accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json" };
const MERGE = { "Content-Type": "application/merge-patch+json" };
const STRATEGIC = { "Content-Type": "application/strategic-merge-patch+json" };
const JSON_PATCH = { "Content-Type": "application/json-patch+json" };
const APPLY = { "Content-Type": "application/apply-patch+yaml" };

/** All scenarios of one kind. */
export function scenariosOf(sample: SampleObject): readonly PlannedScenario[] {
  const name = `${sample.object.kind.toLowerCase()}-${sample.object.apiVersion.replace(/\..*\//, "-").replace("/", "-")}`;
  const create = [...mutationsOf(sample.object)].map(({ name: what, object }) =>
    step(`create ${what}`, "POST", `${sample.collection("diff")}?dryRun=All`, object),
  );
  return [
    plan("verbs", sample, `v-${name}`, verbs(sample, `v-${name}`)),
    plan("errors", sample, `e-${name}`, refusals(sample, `e-${name}`)),
    ...chunks(create).map((steps, index) => plan("create", sample, `c-${name}-${index}`, steps, true)),
    plan("update", sample, `u-${name}`, updates(sample, `u-${name}`)),
    ...(sample.status === undefined ? [] : [plan("status", sample, `s-${name}`, statuses(sample, `s-${name}`))]),
  ];
}

function verbs(sample: SampleObject, namespace: string): CapturedStep[] {
  const at = sample.collection(namespace);
  const body = named(sample, namespace);
  const { name } = body.metadata as { name: string };
  const one = `${at}/${name}`;
  const id = { apiVersion: body.apiVersion, kind: body.kind, metadata: { name } };
  const labels = { metadata: { labels: { "diff.example.com/a": "b" } } };
  const changes = [
    step("during merge", "PATCH", `${one}?fieldManager=m`, { metadata: { labels: { w: "1" } } }, MERGE),
    step("during no-op", "PATCH", `${one}?fieldManager=m`, { metadata: { labels: { w: "1" } } }, MERGE),
  ];
  return [
    step("create-dry", "POST", `${at}?dryRun=All`, body),
    step("not-stored", "GET", one),
    step("create", "POST", at, body),
    step("again", "POST", at, body),
    step("get", "GET", one),
    step("get-yaml", "GET", one, undefined, { Accept: "application/yaml" }),
    step("get-partial", "GET", one, undefined, {
      Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    }),
    step("get-table", "GET", one, undefined, TABLE),
    step("list", "GET", `${at}?fieldSelector=metadata.name%3D${name}`),
    step("list-table", "GET", `${at}?fieldSelector=metadata.name%3D${name}`, undefined, TABLE),
    step("list-table-none", "GET", `${at}?includeObject=None&fieldSelector=metadata.name%3D${name}`, undefined, TABLE),
    step("list-partial", "GET", `${at}?fieldSelector=metadata.name%3D${name}`, undefined, PARTIAL),
    step("list-none", "GET", `${at}?labelSelector=no%3Dbody`),
    step("put-same", "PUT", one, "${create.body}"),
    step("get-after-no-op", "GET", one),
    step("merge", "PATCH", `${one}?fieldManager=merger`, labels, MERGE),
    step("strategic", "PATCH", `${one}?fieldManager=strategist`, { metadata: { annotations: { c: "d" } } }, STRATEGIC),
    step(
      "json-patch",
      "PATCH",
      `${one}?fieldManager=patcher`,
      [{ op: "add", path: "/metadata/annotations/e", value: "f" }],
      JSON_PATCH,
    ),
    step("apply", "PATCH", `${one}?fieldManager=one`, { ...id, metadata: { name, labels: { x: "1" } } }, APPLY),
    step(
      "apply-conflict",
      "PATCH",
      `${one}?fieldManager=two`,
      { ...id, metadata: { name, labels: { x: "2" } } },
      APPLY,
    ),
    step(
      "apply-force",
      "PATCH",
      `${one}?fieldManager=two&force=true`,
      { ...id, metadata: { name, labels: { x: "2" } } },
      APPLY,
    ),
    step("apply-full-dry", "PATCH", `${one}?fieldManager=full&force=true&dryRun=All`, body, APPLY),
    step("before-watch", "GET", one),
    {
      ...step(
        "watch",
        "GET",
        `${at}?watch=true&resourceVersion=\${before-watch.body.metadata.resourceVersion}&fieldSelector=metadata.name%3D${name}`,
      ),
      watch: { seconds: 2, events: 1, during: changes },
    },
    step("delete-bad-uid", "DELETE", one, { preconditions: { uid: "00000000-0000-0000-0000-000000000000" } }),
    step("delete-bad-version", "DELETE", one, { preconditions: { resourceVersion: "1" } }),
    step("delete-dry", "DELETE", `${one}?dryRun=All`),
    step("finalizer", "PATCH", one, { metadata: { finalizers: ["diff.example.com/hold"] } }, MERGE),
    step("delete-foreground", "DELETE", `${one}?gracePeriodSeconds=0`, { propagationPolicy: "Background" }),
    step("terminating", "GET", one),
    step("create-over-terminating", "POST", at, body),
    step("released", "PATCH", one, { metadata: { finalizers: null } }, MERGE),
    step("gone", "GET", one),
    step("apply-creates", "PATCH", `${one}?fieldManager=one`, body, APPLY),
    step("delete", "DELETE", one),
    step("delete-again", "DELETE", one),
    step("apply-again-dry", "PATCH", `${one}?fieldManager=one&dryRun=All`, body, APPLY),
    step("create-more", "POST", at, { ...body, metadata: { ...(body.metadata as Fields), labels: { more: "yes" } } }),
    step("collection-dry", "DELETE", `${at}?labelSelector=more%3Dyes&dryRun=All`),
    step("collection", "DELETE", `${at}?labelSelector=more%3Dyes&gracePeriodSeconds=0`),
    step("collection-gone", "GET", `${at}?labelSelector=more%3Dyes`),
  ];
}

function refusals(sample: SampleObject, namespace: string): CapturedStep[] {
  const at = sample.collection(namespace);
  const body = named(sample, namespace);
  const { name } = body.metadata as { name: string };
  const one = `${at}/${name}`;
  const meta = (change: Fields) => ({ ...body, metadata: { ...(body.metadata as Fields), ...change } });
  const badMetadata: readonly (readonly [string, Fields])[] = [
    ["name-upper", { name: "Bad_Name" }],
    ["name-dots", { name: "a..b" }],
    ["name-slash", { name: "a/b" }],
    ["name-percent", { name: "a%b" }],
    ["name-long", { name: "x".repeat(254) }],
    ["name-64", { name: "x".repeat(64) }],
    ["name-dot", { name: "a.b" }],
    ["name-digit", { name: "1a" }],
    ["name-empty", { name: "" }],
    ["generate-bad", { name: undefined, generateName: "Bad_" }],
    ["label-key", { labels: { "a b": "c" } }],
    ["label-value", { labels: { a: "b c", "x.example.com/y": "-" } }],
    ["label-long", { labels: { a: "x".repeat(64) } }],
    ["annotation-key", { annotations: { "a b": "c", "/x": "y" } }],
    ["finalizer-bad", { finalizers: ["a b"] }],
    ["finalizer-plain", { finalizers: ["plain"] }],
    ["owner-bad", { ownerReferences: [{ apiVersion: "", kind: "", name: "", uid: "" }] }],
    ["owner-event", { ownerReferences: [{ apiVersion: "v1", kind: "Event", name: "e", uid: "u" }] }],
    [
      "owner-two-controllers",
      {
        ownerReferences: ["a", "b"].map((owner) => ({
          apiVersion: "v1",
          kind: "Pod",
          name: owner,
          uid: owner,
          controller: true,
        })),
      },
    ],
    ["with-version", { resourceVersion: "5" }],
    ["other-namespace", { namespace: "other" }],
    ["generation", { generation: 7 }],
    ["self-link", { selfLink: "/x", deletionGracePeriodSeconds: 3 }],
  ];
  return [
    ...badMetadata.map(([what, change]) => step(what, "POST", `${at}?dryRun=All`, meta(change))),
    step("empty-body", "POST", at, {}),
    step("minimal", "POST", `${at}?dryRun=All`, { metadata: { name } }),
    step("generated", "POST", `${at}?dryRun=All`, meta({ name: undefined, generateName: "gen-" })),
    step("wrong-kind", "POST", at, { ...body, kind: "Other" }),
    step("wrong-version", "POST", at, { ...body, apiVersion: "other.example.com/v1" }),
    step("unknown-warn", "POST", `${at}?dryRun=All`, {
      ...body,
      extra: 1,
      metadata: { ...(body.metadata as Fields), extra: 2 },
    }),
    step("unknown-strict", "POST", `${at}?fieldValidation=Strict`, { ...body, extra: 1 }),
    step("unknown-spec", "POST", `${at}?fieldValidation=Strict&dryRun=All`, {
      ...body,
      spec: { ...((body["spec"] as Fields) ?? {}), extra: 1 },
    }),
    step("options", "POST", `${at}?dryRun=Some&fieldValidation=Odd`, body),
    step("get-missing", "GET", `${at}/missing`),
    step("put-missing", "PUT", `${at}/missing`, meta({ name: "missing" })),
    step("patch-missing", "PATCH", `${at}/missing`, {}, MERGE),
    step("delete-missing", "DELETE", `${at}/missing`),
    step("field-unknown", "GET", `${at}?fieldSelector=spec.unknown%3Dx`),
    step("field-label", "GET", `${at}?fieldSelector=metadata.labels%3Dx`),
    step("field-namespace", "GET", `${at}?fieldSelector=metadata.namespace%3Dother`),
    step("label-bad", "GET", `${at}?labelSelector=a+in+b`),
    step("version-bad", "GET", `${at}?resourceVersion=abc`),
    step("accept-bad", "GET", at, undefined, { Accept: "text/html" }),
    step("method-bad", "PUT", at, body),
    step("method-post-item", "POST", one, body),
    step("unauthorised", "GET", one, undefined, undefined, "plain"),
    step("unauthorised-create", "POST", at, body, undefined, "plain"),
    step("unauthorised-collection", "DELETE", at, undefined, undefined, "plain"),
    step("anonymous", "GET", at, undefined, undefined, "none"),
    step("create", "POST", at, body),
    step("put-name", "PUT", one, meta({ name: "other" })),
    step("put-namespace", "PUT", one, meta({ namespace: "other" })),
    step("put-uid", "PUT", one, meta({ uid: "00000000-0000-0000-0000-000000000000" })),
    step("put-old", "PUT", one, meta({ resourceVersion: "1" })),
    step("put-no-version", "PUT", `${one}?dryRun=All`, body),
    step("put-version-bad", "PUT", one, meta({ resourceVersion: "abc" })),
    step("put-kind", "PUT", one, { ...body, kind: "Other" }),
    step("put-labels", "PUT", `${one}?dryRun=All`, { ...body, metadata: { name, labels: { "a b": "c" } } }),
    step("put-empty", "PUT", one, {}),
    step("patch-type", "PATCH", one, "{}", { "Content-Type": "text/plain" }),
    step("patch-array", "PATCH", one, [], MERGE),
    step("patch-json-bad", "PATCH", one, [{ op: "test", path: "/metadata/name", value: "no" }], JSON_PATCH),
    step("patch-unknown", "PATCH", `${one}?fieldValidation=Strict`, { extra: 1 }, MERGE),
    step("patch-kind", "PATCH", one, { kind: "Other" }, MERGE),
    step("patch-name", "PATCH", one, { metadata: { name: "other" } }, STRATEGIC),
    step("apply-no-manager", "PATCH", one, body, APPLY),
    step("apply-unknown", "PATCH", `${one}?fieldManager=x`, { ...body, extra: 1 }, APPLY),
    step(
      "apply-empty-metadata",
      "PATCH",
      `${one}?fieldManager=x`,
      { apiVersion: body.apiVersion, kind: body.kind, metadata: { managedFields: [] } },
      APPLY,
    ),
    step("status-get", "GET", `${one}/status`),
    step("scale-get", "GET", `${one}/scale`),
    step("unknown-subresource", "GET", `${one}/none`),
    step("status-missing", "PATCH", `${at}/missing/status`, {}, MERGE),
    step("delete-policy-bad", "DELETE", `${one}?propagationPolicy=Odd`),
    step("delete-orphan-and-policy", "DELETE", one, { orphanDependents: true, propagationPolicy: "Orphan" }),
    step("delete-foreground", "DELETE", `${one}?propagationPolicy=Foreground&gracePeriodSeconds=0`),
    step("foreground-state", "GET", one),
    step("foreground-released", "PATCH", one, { metadata: { finalizers: null } }, MERGE),
  ];
}

function updates(sample: SampleObject, namespace: string): CapturedStep[] {
  const at = sample.collection(namespace);
  const body = named(sample, namespace);
  const { name } = body.metadata as { name: string };
  // Controllers within a kube-apiserver write some statuses, soon after the creation.
  const settled = { ...step("settled", "GET", `${at}/${name}`), pause: 0.3 };
  const metadata = { ...body.metadata, resourceVersion: "${settled.body.metadata.resourceVersion}" };
  return [
    step("create", "POST", at, body),
    settled,
    ...[...mutationsOf(body)].map(({ name: what, object }) =>
      step(`update ${what}`, "PUT", `${at}/${name}?dryRun=All`, { ...object, metadata }),
    ),
  ];
}

function statuses(sample: SampleObject, namespace: string): CapturedStep[] {
  const at = sample.collection(namespace);
  const body = named(sample, namespace);
  const { name } = body.metadata as { name: string };
  const one = `${at}/${name}/status`;
  const whole = { ...body, status: sample.status };
  return [
    step("create-with-status", "POST", at, whole),
    step(
      "merge",
      "PATCH",
      `${one}?fieldManager=ctl`,
      { status: sample.status, metadata: { labels: { a: "status" }, annotations: { s: "t" } } },
      MERGE,
    ),
    step("table", "GET", `${at}/${name}`, undefined, TABLE),
    step("same", "PATCH", `${one}?fieldManager=other`, { status: sample.status }, MERGE),
    step("main-keeps-status", "PATCH", `${at}/${name}`, { status: null, metadata: { labels: { main: "x" } } }, MERGE),
    step("put-spec-too", "PUT", one, { ...whole, spec: {} }),
    step(
      "apply",
      "PATCH",
      `${one}?fieldManager=app&force=true`,
      { apiVersion: body.apiVersion, kind: body.kind, metadata: { name }, status: sample.status },
      APPLY,
    ),
    step("get", "GET", one),
    ...[...mutationsOf({ status: sample.status })].map(({ name: what, object }) =>
      step(`status ${what}`, "PUT", `${one}?dryRun=All`, { ...body, ...object }),
    ),
  ];
}

/** The sample under a name of its own, for kinds without namespaces. */
function named(sample: SampleObject, namespace: string): SampleObject["object"] {
  const { object } = sample;
  const { name } = object.metadata as { name: string };
  const isFree = !sample.isNamespaced && /^full$/.test(name);
  const own = isFree ? { ...object, metadata: { ...object.metadata, name: namespace } } : { ...object };
  // An event must lie in the namespace of its object.
  for (const member of ["involvedObject", "regarding"]) {
    if (member in own) Object.assign(own, { [member]: { ...(own[member] as Fields), namespace } });
  }
  return own;
}

export function step(
  name: string,
  method: string,
  path: string,
  body?: unknown,
  headers?: CapturedRequest["headers"],
  as?: string,
): CapturedStep {
  const request = {
    method,
    path,
    ...(as === undefined ? {} : { as }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
  };
  return { name, request, response: NO_ANSWER };
}

function plan(
  topic: string,
  sample: SampleObject,
  name: string,
  steps: CapturedStep[],
  isShared = false,
): PlannedScenario {
  const namespace = isShared ? "diff" : name;
  const setup: CapturedRequest[] = [
    {
      method: "POST",
      path: "/api/v1/namespaces",
      body: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    },
    {
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
      body: {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default" },
        automountServiceAccountToken: false,
      },
    },
  ];
  return { topic, label: sample.label, scenario: { scenario: name, about: sample.label, setup, steps } };
}

function chunks<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / STEPS_IN_A_SCENARIO);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * STEPS_IN_A_SCENARIO, (index + 1) * STEPS_IN_A_SCENARIO),
  );
}
