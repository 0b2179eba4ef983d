/**
 * Replacing objects of many kinds: versions, what comes into being, what stays as it was, and generations.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { step } from "../families.ts";
import { type Fields, readSampleObjects } from "../sample-object.ts";
import { labels, patch, podTemplate, post, put, read, selector, TABLE, type TopicScenarios } from "./requests.ts";

export const updateKindScenarios: TopicScenarios = {
  /** The rules of versions and names, for each kind. */
  versions: (ns) => eachKind(ns, versionSteps),
  /** What raises a generation, for each kind. */
  generations: (ns) => eachKind(ns, generationSteps),
  "status-path": (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const job = {
      metadata: { name: "j" },
      spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "b" }] } } },
    };
    const pod = { metadata: { name: "p" }, spec: { containers: [{ name: "a", image: "b" }] } };
    const workload = { selector, template: podTemplate };
    return [
      post(`${core}/pods`, pod),
      put(`${core}/pods/p/status`, {
        metadata: { name: "p", labels: { a: "b" }, annotations: { c: "d" }, finalizers: ["example.com/x"] },
        spec: { containers: [] },
        status: { phase: "Running", podIP: "10.1.1.1" },
      }),
      put(`${core}/pods/p/status`, { metadata: { name: "p" }, status: { phase: "Odd" } }),
      put(`${core}/pods/p/status`, { metadata: { name: "q" }, status: {} }),
      put(`${core}/pods/p/status`, {
        metadata: { name: "p", uid: "11111111-2222-3333-4444-555555555555" },
        status: {},
      }),
      put(`${core}/pods/p/status`, { metadata: { name: "p", resourceVersion: "1" }, status: {} }),
      put(`${core}/pods/p/status?dryRun=All&fieldManager=x`, {
        metadata: { name: "p" },
        spec: pod.spec,
        status: { phase: "Failed", reason: "R" },
      }),
      put(`${core}/pods/p/status`, { metadata: { name: "p" }, kind: "Service" }),
      put(`${core}/pods/p/status`, "x"),
      put(`${core}/pods/p/none`, pod),
      put(`${core}/pods/p/log`, pod),
      put(`${core}/pods/p/binding`, pod),
      put(`${core}/pods/none/status`, { metadata: { name: "none" } }),
      patch(`${core}/pods/p/status`, { status: { conditions: [{ type: "Ready", status: "True" }], phase: "Running" } }),
      patch(`${core}/pods/p`, { status: { phase: "Failed" }, metadata: { labels: { z: "1" } } }),
      read(`${core}/pods/p/status`),
      post(`${apps}/statefulsets`, {
        metadata: { name: "s" },
        spec: { ...workload, serviceName: "s" },
        status: { replicas: 9 },
      }),
      put(`${apps}/statefulsets/s/status`, {
        metadata: { name: "s", labels: { x: "y" } },
        spec: { ...workload, serviceName: "s", replicas: 9 },
        status: { replicas: 3, readyReplicas: 4, observedGeneration: 5 },
      }),
      put(`${apps}/statefulsets/s/status`, { metadata: { name: "s" }, status: { replicas: -1 } }),
      put(`${apps}/statefulsets/s`, {
        metadata: { name: "s", generation: 77 },
        spec: { ...workload, serviceName: "s", replicas: 2 },
        status: { replicas: 8 },
      }),
      read(`${apps}/statefulsets/s`),
      post(`${apps}/daemonsets`, { metadata: { name: "d" }, spec: workload }),
      put(`${apps}/daemonsets/d/status`, {
        metadata: { name: "d" },
        spec: workload,
        status: { currentNumberScheduled: 1, numberMisscheduled: 0, desiredNumberScheduled: -2, numberReady: 1 },
      }),
      put(`${apps}/daemonsets/d/status`, {
        metadata: { name: "d" },
        spec: workload,
        status: {
          currentNumberScheduled: 1,
          numberMisscheduled: 0,
          desiredNumberScheduled: 2,
          numberReady: 1,
          conditions: [{ type: "X", status: "True" }],
        },
      }),
      put(`${apps}/daemonsets/d`, { metadata: { name: "d", labels: { q: "r" } }, spec: workload }),
      post(`/apis/batch/v1/namespaces/${ns}/jobs`, job),
      put(`/apis/batch/v1/namespaces/${ns}/jobs/j/status`, {
        ...job,
        status: { active: 1, startTime: "2026-01-01T00:00:00Z" },
      }),
      patch(`/apis/batch/v1/namespaces/${ns}/jobs/j/status`, { status: { active: -1 } }),
      post(`${core}/namespaces`, { metadata: { name: "x" } }),
      put(`/api/v1/namespaces/${ns}/status`, {
        metadata: { name: ns, labels: { a: "b" } },
        status: { phase: "Active", conditions: [{ type: "Odd", status: "True" }] },
      }),
      put(`/api/v1/namespaces/${ns}`, { metadata: { name: ns, labels: { a: "b" } }, status: { phase: "Terminating" } }),
      put(`/api/v1/namespaces/${ns}`, {
        metadata: { name: ns },
        spec: { finalizers: ["kubernetes", "example.com/y"] },
      }),
      put(`/api/v1/namespaces/${ns}/finalize`, { metadata: { name: ns }, spec: { finalizers: ["kubernetes"] } }),
      read(`/api/v1/namespaces/${ns}`),
      post(`${core}/persistentvolumeclaims`, {
        metadata: { name: "v" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      }),
      put(`${core}/persistentvolumeclaims/v/status`, {
        metadata: { name: "v" },
        status: { phase: "Bound", capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"] },
      }),
      put(`${core}/persistentvolumeclaims/v`, {
        metadata: { name: "v" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "500Mi" } } },
      }),
      read(`${core}/persistentvolumeclaims/v`),
      post(`${core}/services`, { metadata: { name: "w" }, spec: { ports: [{ port: 80 }], selector: labels } }),
      put(`${core}/services/w/status`, {
        metadata: { name: "w" },
        status: { loadBalancer: { ingress: [{ ip: "x" }] } },
      }),
      put(`${core}/services/w/status`, {
        metadata: { name: "w" },
        status: { loadBalancer: { ingress: [{ ip: "192.0.2.7", ipMode: "VIP" }] } },
      }),
      put(`${core}/services/w`, { metadata: { name: "w" }, spec: { ports: [{ port: 80, name: "a" }, { port: 81 }] } }),
      put(`${core}/services/w`, {
        metadata: { name: "w" },
        spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30123 }] },
      }),
      put(`${core}/services/w`, { metadata: { name: "w" }, spec: { type: "ClusterIP", ports: [{ port: 80 }] } }),
      put(`${core}/services/w`, {
        metadata: { name: "w" },
        spec: { type: "ExternalName", externalName: "x.example.com" },
      }),
      put(`${core}/services/w`, { metadata: { name: "w" }, spec: { clusterIP: "None", ports: [{ port: 80 }] } }),
      read(`${core}/services/w`),
      read(`${core}/services`, TABLE),
    ];
  },
};

interface Place {
  readonly collection: string;
  readonly name: string;
  readonly body: Fields & { readonly metadata: Fields };
}

function eachKind(namespace: string, steps: (place: Place) => CapturedStep[]): CapturedStep[] {
  return readSampleObjects()
    .filter(
      ({ object }) => !["Namespace", "CustomResourceDefinition", "APIService", "FlowSchema"].includes(object.kind),
    )
    .flatMap((sample) => {
      const own = sample.isNamespaced || sample.object.metadata["name"] !== "full" ? {} : { name: namespace };
      const body: Place["body"] = { ...sample.object, metadata: { ...sample.object.metadata, ...own } };
      for (const member of ["involvedObject", "regarding"])
        if (member in body) Object.assign(body, { [member]: { ...(body[member] as Fields), namespace } });
      const place = { collection: sample.collection(namespace), name: String(body.metadata["name"]), body };
      return steps(place).map((item) => ({ ...item, name: `${sample.label} ${item.name}` }));
    });
}

function versionSteps({ collection, name, body }: Place): CapturedStep[] {
  const one = `${collection}/${name}`;
  const meta = (more: Fields, other: Fields = {}) => ({ ...body, ...other, metadata: { ...body.metadata, ...more } });
  return [
    step("put creates", "PUT", one, body),
    step(
      "put creates with version",
      "PUT",
      `${collection}/${name}-b`,
      meta({ name: `${name}-b`, resourceVersion: "5" }),
    ),
    step(
      "put creates with uid",
      "PUT",
      `${collection}/${name}-c?dryRun=All`,
      meta({ name: `${name}-c`, uid: "11111111-2222-3333-4444-555555555555" }),
    ),
    step("delete b", "DELETE", `${collection}/${name}-b?gracePeriodSeconds=0`),
    step("create", "POST", collection, body),
    step("no version", "PUT", one, meta({ labels: { a: "1" } })),
    step("zero", "PUT", one, meta({ resourceVersion: "0", labels: { a: "2" } })),
    step("old", "PUT", one, meta({ resourceVersion: "1", labels: { a: "3" } })),
    step("same", "PUT", one, meta({ labels: { a: "2" } })),
    step(
      "no kind",
      "PUT",
      `${one}?dryRun=All`,
      meta({ labels: { a: "4" } }, { kind: undefined, apiVersion: undefined }),
    ),
    step("other uid", "PUT", one, meta({ uid: "11111111-2222-3333-4444-555555555555" })),
    step("other namespace", "PUT", one, meta({ namespace: "elsewhere" })),
    step(
      "metadata kept",
      "PUT",
      one,
      meta({
        creationTimestamp: "2001-01-01T00:00:00Z",
        generateName: "g-",
        selfLink: "/s",
        deletionGracePeriodSeconds: 3,
      }),
    ),
    step(
      "bad metadata",
      "PUT",
      one,
      meta({ labels: { "a b": "c" }, annotations: { "x y": "z" }, finalizers: ["a b"], ownerReferences: [{}] }),
    ),
    step("managed", "PUT", `${one}?fieldManager=other`, meta({ annotations: { m: "1" } })),
    step("get", "GET", one),
    step("delete", "DELETE", `${one}?gracePeriodSeconds=0`),
  ];
}

function generationSteps({ collection, name, body }: Place): CapturedStep[] {
  const one = `${collection}/${name}`;
  const at = (more: Fields) => ({ ...body, metadata: { ...body.metadata, ...more } });
  const [member = ""] = Object.keys(body).filter((key) => !["apiVersion", "kind", "metadata"].includes(key));
  return [
    step("create", "POST", collection, at({ generation: 5 })),
    step("labels", "PUT", one, at({ labels: { g: "1" }, generation: 9 })),
    step(
      "annotations",
      "PATCH",
      one,
      { metadata: { annotations: { a: "b" }, generation: 8 } },
      { "Content-Type": "application/merge-patch+json" },
    ),
    step("part gone", "PATCH", one, { [member]: null }, { "Content-Type": "application/merge-patch+json" }),
    step(
      "status",
      "PATCH",
      `${one}/status`,
      { metadata: { generation: 44, labels: { s: "t" } }, status: {} },
      { "Content-Type": "application/merge-patch+json" },
    ),
    step(
      "finalizer",
      "PATCH",
      one,
      { metadata: { finalizers: ["example.com/f"] } },
      { "Content-Type": "application/merge-patch+json" },
    ),
    step("delete", "DELETE", `${one}?gracePeriodSeconds=0`),
    step("terminating", "PUT", one, at({ labels: { t: "1" }, finalizers: ["example.com/f", "example.com/g"] })),
    step(
      "terminating labels",
      "PATCH",
      one,
      { metadata: { labels: { t: "2" }, deletionTimestamp: null } },
      { "Content-Type": "application/merge-patch+json" },
    ),
    step(
      "released",
      "PATCH",
      one,
      { metadata: { finalizers: null } },
      { "Content-Type": "application/merge-patch+json" },
    ),
    step("gone", "GET", one),
  ];
}
