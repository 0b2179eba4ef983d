/**
 * The topic `subresources`: status of every kind that has one, and what Pods, Nodes, Services and certificates offer besides.
 */

import { step } from "../families.ts";
import { REQUEST } from "./certificate-samples.ts";
import {
  APPLY,
  container,
  JSON_PATCH,
  labels,
  MERGE,
  named,
  patch,
  podTemplate,
  post,
  put,
  read,
  remove,
  STRATEGIC,
  selector,
  TABLE,
  type TopicScenarios,
} from "./requests.ts";

const job = { template: { spec: { restartPolicy: "Never", containers: [container] } } };

/** Collection, name, body, and a status. */
function kinds(ns: string): readonly (readonly [string, string, object, object])[] {
  const core = `/api/v1/namespaces/${ns}`;
  const apps = `/apis/apps/v1/namespaces/${ns}`;
  const at = "2026-01-02T03:04:05Z";
  return [
    [
      `${apps}/deployments`,
      "x",
      { spec: { selector, template: podTemplate } },
      {
        replicas: 3,
        readyReplicas: 2,
        conditions: [
          { type: "Available", status: "True", reason: "R", message: "m", lastUpdateTime: at, lastTransitionTime: at },
        ],
      },
    ],
    [`${apps}/replicasets`, "x", { spec: { selector, template: podTemplate } }, { replicas: 1, observedGeneration: 4 }],
    [
      `${apps}/statefulsets`,
      "x",
      { spec: { selector, template: podTemplate } },
      { replicas: 2, currentRevision: "r", collisionCount: 1 },
    ],
    [
      `${apps}/daemonsets`,
      "x",
      { spec: { selector, template: podTemplate } },
      { currentNumberScheduled: 1, desiredNumberScheduled: 2, numberMisscheduled: 0, numberReady: 1 },
    ],
    [
      `${core}/replicationcontrollers`,
      "x",
      { spec: { selector: labels, template: podTemplate } },
      { replicas: 2, readyReplicas: 1 },
    ],
    [
      `${core}/services`,
      "x",
      { spec: { type: "LoadBalancer", ports: [{ port: 80 }] } },
      { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } },
    ],
    [
      `${core}/resourcequotas`,
      "x",
      { spec: { hard: { secrets: "100" } } },
      { hard: { secrets: "100" }, used: { secrets: "1" } },
    ],
    [
      `${core}/persistentvolumeclaims`,
      "x",
      { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
      { phase: "Bound", capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"] },
    ],
    [`/apis/batch/v1/namespaces/${ns}/jobs`, "x", { spec: job }, { active: 1, startTime: at, ready: 0 }],
    [
      `/apis/batch/v1/namespaces/${ns}/cronjobs`,
      "x",
      { spec: { schedule: "* * * * *", jobTemplate: { spec: job } } },
      { lastScheduleTime: at, active: [{ kind: "Job", name: "j" }] },
    ],
    [
      `/apis/networking.k8s.io/v1/namespaces/${ns}/ingresses`,
      "x",
      { spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } } },
      { loadBalancer: { ingress: [{ hostname: "a.example" }] } },
    ],
    [
      `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`,
      "x",
      { spec: { minAvailable: 1, selector } },
      { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2, observedGeneration: 1 },
    ],
    [
      `/apis/autoscaling/v2/namespaces/${ns}/horizontalpodautoscalers`,
      "x",
      { spec: { maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" } } },
      { currentReplicas: 1, desiredReplicas: 2, conditions: [{ type: "AbleToScale", status: "True" }] },
    ],
    [
      "/api/v1/persistentvolumes",
      ns,
      { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" } } },
      { phase: "Available", message: "m" },
    ],
    [
      "/api/v1/nodes",
      ns,
      {},
      {
        capacity: { cpu: "4" },
        conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: at }],
        addresses: [{ type: "InternalIP", address: "192.0.2.1" }],
      },
    ],
    [
      "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
      ns,
      { spec: { priorityLevelConfiguration: { name: "none" } } },
      { conditions: [{ type: "Dangling", status: "True", lastTransitionTime: at }] },
    ],
    [
      "/apis/apiregistration.k8s.io/v1/apiservices",
      "v1.example.org",
      {
        spec: {
          group: "example.org",
          version: "v1",
          groupPriorityMinimum: 10,
          versionPriority: 5,
          service: { namespace: ns, name: "s" },
        },
      },
      { conditions: [{ type: "Available", status: "False", reason: "R" }] },
    ],
    [
      "/apis/storage.k8s.io/v1/volumeattachments",
      ns,
      { spec: { attacher: "a", nodeName: "n", source: { persistentVolumeName: "v" } } },
      { attached: true, attachmentMetadata: { a: "b" } },
    ],
    [
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
      ns,
      {
        spec: {
          validations: [{ expression: "true" }],
          matchConstraints: {
            resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["nothing"] }],
          },
        },
      },
      { observedGeneration: 1, typeChecking: {} },
    ],
  ];
}

export const subresourceKindScenarios: TopicScenarios = {
  statuses: (ns) =>
    kinds(ns).flatMap(([path, name, body, status]) => {
      const one = `${path}/${name}`;
      return [
        post(path, { metadata: { name }, ...body, status }),
        patch(`${one}/status?fieldManager=s`, {
          metadata: { labels: { a: "b" }, annotations: { c: "d" }, finalizers: ["a.b/c"] },
          ...body,
          status,
        }),
        patch(`${one}/status?fieldManager=s`, { status }),
        patch(one, { metadata: { labels: { e: "f" } }, status: { replicas: 9, phase: "Odd", observedGeneration: 99 } }),
        named(`live${path.split("/").at(-1)}`, read(one)),
        put(`${one}/status`, `\${live${path.split("/").at(-1)}.body}`),
        patch(`${one}/status?fieldManager=o`, [{ op: "remove", path: "/status" }], JSON_PATCH),
        patch(
          `${one}/status?fieldManager=applier&force=true`,
          {
            apiVersion: path.split("/")[1] === "api" ? "v1" : path.split("/").slice(2, 4).join("/"),
            kind: KIND[path.split("/").at(-1) ?? ""],
            metadata: { name },
            status,
          },
          APPLY,
        ),
        read(`${one}/status`),
        read(`${one}/status`, TABLE),
        patch(`${path}/none/status`, { status }),
        read(`${path}/none/status`),
        remove(`${one}/status`),
        post(`${one}/status`, {}),
        patch(`${one}/status`, { status: 5 }),
        patch(`${one}/status`, { metadata: { resourceVersion: "1" }, status }),
        patch(one, { metadata: { finalizers: null } }),
        remove(one),
      ];
    }),
  eviction: (ns) => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const budgets = `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`;
    const ready = (name: string, status: string) =>
      patch(`${pods}/${name}/status`, { status: { phase: "Running", conditions: [{ type: "Ready", status }] } });
    const make = (name: string, app: string) =>
      post(pods, { metadata: { name, labels: { app } }, spec: { nodeName: "n", containers: [container] } });
    const evict = (name: string, more: object = {}, query = "") =>
      post(`${pods}/${name}/eviction${query}`, {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name },
        ...more,
      });
    const budget = (name: string, app: string, spec: object) =>
      post(budgets, { metadata: { name }, spec: { selector: { matchLabels: { app } }, ...spec } });
    const state = (name: string, status: object) =>
      patch(`${budgets}/${name}/status`, { status: { observedGeneration: 1, ...status } });
    return [
      make("a1", "a"),
      make("a2", "a"),
      make("a3", "a"),
      make("u1", "u"),
      make("n1", "none"),
      ready("a1", "True"),
      ready("a2", "True"),
      ready("a3", "False"),
      ready("u1", "False"),
      evict("n1", { deleteOptions: { gracePeriodSeconds: 5 } }),
      read(`${pods}/n1`),
      budget("a", "a", { minAvailable: "50%" }),
      evict("a1"),
      state("a", { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2, expectedPods: 3 }),
      evict("a1"),
      evict("a3"),
      state("a", { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 3 }),
      evict("a1", {}, "?dryRun=All"),
      read(`${budgets}/a`),
      evict("a1", { deleteOptions: { dryRun: ["All"] } }),
      evict("a1", { deleteOptions: { preconditions: { uid: "x" } } }),
      evict("a1", { deleteOptions: { preconditions: { resourceVersion: "1" } } }),
      evict("a1", { deleteOptions: { propagationPolicy: "Odd" } }),
      evict("a1", { deleteOptions: { gracePeriodSeconds: 0 } }),
      read(`${budgets}/a`),
      evict("a2"),
      state("a", {
        disruptionsAllowed: 1,
        currentHealthy: 1,
        desiredHealthy: 1,
        expectedPods: 2,
        observedGeneration: 0,
      }),
      evict("a2"),
      patch(`${budgets}/a`, { spec: { minAvailable: 1 } }),
      evict("a2"),
      budget("u", "u", { maxUnavailable: 0, unhealthyPodEvictionPolicy: "AlwaysAllow" }),
      evict("u1"),
      make("w1", "w"),
      ready("w1", "False"),
      budget("w", "w", { maxUnavailable: 0, unhealthyPodEvictionPolicy: "IfHealthyBudget" }),
      state("w", { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 1, expectedPods: 1 }),
      evict("w1"),
      state("w", { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 }),
      evict("w1"),
      make("t1", "t"),
      budget("t", "t", { maxUnavailable: 1 }),
      budget("t2", "t", { maxUnavailable: 1 }),
      ready("t1", "True"),
      evict("t1"),
      patch(`${pods}/t1/status`, { status: { phase: "Succeeded" } }),
      evict("t1"),
      post(`${pods}/none/eviction`, {}),
      post(`${pods}/a2/eviction`, {}),
      post(`${pods}/a2/eviction`, { apiVersion: "policy/v1beta1", kind: "Eviction", metadata: { name: "a2" } }),
      post(`${pods}/a2/eviction`, { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "other" } }),
      post(`${pods}/a2/eviction`, {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: "a2", namespace: "other" },
      }),
      post(`${pods}/a2/eviction`, { apiVersion: "v1", kind: "Pod" }),
      post(`${pods}/a2/eviction?dryRun=Odd`, { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "a2" } }),
      post(`${pods}/a2/eviction`, { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "a2" } }, TABLE),
      read(`${pods}/a2/eviction`),
      read(budgets, TABLE),
    ];
  },
  streams: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const pods = `${core}/pods`;
    return [
      post(pods, { metadata: { name: "one" }, spec: { containers: [{ name: "a", image: "i" }] } }),
      post(pods, {
        metadata: { name: "many" },
        spec: {
          nodeName: "lost",
          initContainers: [{ name: "i", image: "i" }],
          containers: [
            { name: "a", image: "i" },
            { name: "b", image: "i" },
          ],
        },
      }),
      read(`${pods}/many/log`),
      read(`${pods}/many/log?container=a`),
      read(`${pods}/many/log?container=i`),
      read(`${pods}/many/log?container=z`),
      read(`${pods}/one/log?follow=true`),
      read(`${pods}/one/log?previous=true`),
      read(`${pods}/one/log?tailLines=x`),
      read(`${pods}/one/log?sinceSeconds=-3`),
      read(`${pods}/one/log?sinceTime=yesterday`),
      read(`${pods}/one/log?limitBytes=-1&tailLines=-2`),
      read(`${pods}/one/log?stream=Stdout`),
      read(`${pods}/one/log?stream=Odd`),
      read(`${pods}/one/log?stream=Stdout&tailLines=5`),
      read(`${pods}/one/log?insecureSkipTLSVerifyBackend=true&timestamps=true`),
      post(`${pods}/one/log`, {}),
      read(`${pods}/many/exec?container=a&command=ls&stdout=1`),
      read(`${pods}/many/exec?command=ls&stdout=1`),
      read(`${pods}/many/exec?container=i&command=ls&stdout=1`),
      read(`${pods}/many/exec?container=q&command=ls&stdout=1`),
      read(`${pods}/many/attach?container=b&stdin=1`),
      read(`${pods}/many/attach?stdin=1&tty=1&stderr=1`),
      post(`${pods}/many/portforward?ports=80`, undefined),
      read(`${pods}/many/portforward`),
      read(`${pods}/none/attach`),
      read(`${pods}/none/portforward`),
      read(`${pods}/none/proxy/`),
      read(`${pods}/one/proxy`),
      read(`${pods}/one:80/proxy/x`),
      read(`${pods}/https:one:443/proxy/x`),
      read(`${pods}/a:b:c:d/proxy/x`),
      put(`${pods}/one/exec`, {}),
      remove(`${pods}/one/attach`),
      read("/api/v1/nodes/none/proxy/"),
      read("/api/v1/nodes/none/proxy/logs"),
      read("/api/v1/nodes/none:10250/proxy/pods"),
      read(`${core}/services/none/proxy/`),
      read(`${core}/services/none:80/proxy/x`),
      read(`${core}/services/https:none:web/proxy/x`),
      post(`${core}/services`, { metadata: { name: "s" }, spec: { ports: [{ port: 80, name: "web" }] } }),
      read(`${core}/services/s/proxy/`),
      read(`${core}/services/s:web/proxy/`),
      read(`${core}/services/s:81/proxy/`),
      post(`${core}/services`, { metadata: { name: "e" }, spec: { type: "ExternalName", externalName: "a.example" } }),
      read(`${core}/services/e/proxy/`),
      post(`/api/v1/nodes`, { metadata: { name: ns } }),
      read(`/api/v1/nodes/${ns}/proxy/`),
      read(`/api/v1/nodes/ftp:${ns}:1/proxy/`),
    ];
  },
  bindings: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const pods = `${core}/pods`;
    const make = (name: string, more: object = {}) =>
      post(pods, { metadata: { name }, spec: { containers: [container], ...more } });
    const bind = (name: string, body: object, where = `${pods}/${name}/binding`) =>
      post(where, { apiVersion: "v1", kind: "Binding", metadata: { name }, ...body });
    const to = (name: string, more: object = {}) => ({ target: { apiVersion: "v1", kind: "Node", name, ...more } });
    return [
      make("a"),
      bind("a", to("n1"), `${core}/bindings`),
      read(`${pods}/a`),
      bind("a", to("n2"), `${core}/bindings`),
      make("b"),
      bind("b", { metadata: { name: "b", annotations: { x: "y" }, labels: { z: "w" } }, ...to("n1") }),
      read(`${pods}/b`),
      make("c"),
      bind("c", { target: { kind: "Minion", name: "n" } }),
      bind("c", { target: { name: "n" } }),
      bind("c", { target: { kind: "Node", name: "" } }),
      bind("c", { metadata: { name: "c", uid: "wrong" }, ...to("n1") }),
      bind("c", { metadata: { name: "c", resourceVersion: "1" }, ...to("n1") }),
      bind("c", { metadata: { name: "c", namespace: "other" }, ...to("n1") }),
      bind("c", { metadata: {}, ...to("n1") }),
      post(`${pods}/c/binding?dryRun=All`, { metadata: { name: "c" }, ...to("n1") }),
      read(`${pods}/c`),
      post(`${pods}/c/binding`, { kind: "Pod", apiVersion: "v1" }),
      make("gone", { schedulingGates: [{ name: "example.com/gate" }] }),
      bind("gone", to("n1")),
      patch(`${pods}/gone`, { spec: { schedulingGates: null } }),
      bind("gone", to("n1")),
      make("f"),
      patch(`${pods}/f`, { metadata: { finalizers: ["a.b/c"] } }),
      remove(`${pods}/f`),
      bind("f", to("n1")),
      bind("none", to("n1")),
      bind("none", to("n1"), `${core}/bindings`),
      read(`${core}/bindings`),
      read(`${core}/bindings/x`),
      bind("c", to("n1"), `${core}/bindings?dryRun=All`),
      post(`${core}/bindings`, { metadata: { name: "c" }, ...to("n1") }, TABLE),
    ];
  },
  containers: (ns) => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const resources = (cpu: string, memory: string, limits?: object) => ({
      requests: { cpu, memory },
      ...(limits === undefined ? {} : { limits }),
    });
    const make = (name: string, ...list: object[]) =>
      post(pods, { metadata: { name }, spec: { nodeName: "n", containers: list } });
    const resize = (name: string, list: object[], query = "") =>
      patch(`${pods}/${name}/resize${query}`, { spec: { containers: list } }, STRATEGIC);
    const debug = (name: string, list: unknown, headers = STRATEGIC) =>
      patch(`${pods}/${name}/ephemeralcontainers`, { spec: { ephemeralContainers: list } }, headers);
    return [
      make("g", { ...container, resources: resources("100m", "64Mi", { cpu: "100m", memory: "64Mi" }) }),
      make("b", { ...container, resources: resources("100m", "64Mi") }, { name: "two", image: "i" }),
      make("e", container),
      make("p", {
        ...container,
        resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }],
        resources: resources("1", "1Gi", { cpu: "2", memory: "2Gi" }),
      }),
      resize("g", [{ name: "web", resources: resources("200m", "64Mi", { cpu: "200m", memory: "64Mi" }) }]),
      resize("g", [{ name: "web", resources: { requests: { cpu: "50m" } } }]),
      resize("g", [{ name: "web", resources: { limits: { cpu: "50m" } } }]),
      resize("g", [{ name: "web", resources: resources("200m", "32Mi", { cpu: "200m", memory: "32Mi" }) }]),
      resize("b", [{ name: "web", resources: { limits: { cpu: "1" } } }]),
      resize("b", [{ name: "web", resources: { requests: { cpu: "2" } } }]),
      resize("b", [{ name: "two", resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } } }]),
      resize("b", [{ name: "none", resources: { requests: { cpu: "1" } } }]),
      resize("b", [{ name: "web", resources: { requests: { "example.com/x": "1" } } }]),
      resize("b", [{ name: "web", resources: { requests: { "ephemeral-storage": "1Gi" } } }]),
      resize("b", [{ name: "web", resizePolicy: [{ resourceName: "memory", restartPolicy: "RestartContainer" }] }]),
      resize("b", [{ name: "web", resources: { requests: { cpu: null } } }]),
      resize("b", [{ name: "web", resources: null }]),
      resize("e", [{ name: "web", resources: { requests: { cpu: "1" } } }]),
      resize("e", [{ name: "web", image: "new" }]),
      resize(
        "p",
        [{ name: "web", resources: { requests: { cpu: "1500m" }, limits: { memory: "1Gi" } } }],
        "?dryRun=All",
      ),
      resize("p", [{ name: "web", resources: { requests: { cpu: "1500m" }, limits: { cpu: "3" } } }]),
      patch(`${pods}/p/resize`, { metadata: { labels: { a: "b" } }, spec: { activeDeadlineSeconds: 5 } }, MERGE),
      patch(`${pods}/p/resize`, { status: { resize: "Proposed" } }, MERGE),
      read(`${pods}/p`),
      patch(`${pods}/p`, { spec: { containers: [{ name: "web", resources: { requests: { cpu: "1" } } }] } }, STRATEGIC),
      patch(`${pods}/none/resize`, {}, MERGE),
      patch(`${pods}/p/status`, { status: { phase: "Succeeded" } }),
      resize("p", [{ name: "web", resources: { requests: { cpu: "1" } } }]),
      post(pods, {
        metadata: { name: "w" },
        spec: { os: { name: "windows" }, containers: [{ ...container, resources: resources("1", "1Gi") }] },
      }),
      resize("w", [{ name: "web", resources: { requests: { cpu: "2" } } }]),
      debug("e", [{ name: "d", image: "i" }]),
      debug("e", [{ name: "d2", image: "i", targetContainerName: "web", command: ["sh"], tty: true, stdin: true }]),
      debug("e", [{ name: "d", image: "j" }]),
      debug("e", [{ name: "d3" }]),
      debug("e", [{ name: "Bad_Name", image: "i" }]),
      debug("e", [
        {
          name: "d4",
          image: "i",
          resources: { limits: { cpu: "1" } },
          lifecycle: {},
          readinessProbe: { tcpSocket: { port: 1 } },
        },
      ]),
      debug("e", [{ name: "d5", image: "i", volumeMounts: [{ name: "none", mountPath: "/x" }] }]),
      debug("e", [{ name: "d6", image: "i", volumeMounts: [{ name: "none", mountPath: "/x", subPath: "y" }] }]),
      debug("e", [{ name: "d7", image: "i", securityContext: { privileged: true } }]),
      debug("e", null, MERGE),
      debug("e", [], MERGE),
      patch(`${pods}/e/ephemeralcontainers`, { metadata: { labels: { a: "b" } }, spec: { priority: 5 } }, MERGE),
      patch(`${pods}/e`, { spec: { ephemeralContainers: [{ name: "d8", image: "i" }] } }, STRATEGIC),
      debug("none", []),
      read(`${pods}/e/ephemeralcontainers`),
      post(pods, {
        metadata: { name: "x" },
        spec: { containers: [container], ephemeralContainers: [{ name: "d", image: "i" }] },
      }),
    ];
  },
  certificates: (ns) => {
    const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    const one = `${csrs}/${ns}`;
    const condition = (type: string, more: object = {}) => ({
      type,
      status: "True",
      reason: "R",
      message: "m",
      ...more,
    });
    const spec = { request: REQUEST, signerName: "example.com/signer", usages: ["client auth"] };
    return [
      post(csrs, { metadata: { name: ns }, spec }),
      post(csrs, { metadata: { name: ns }, spec: { ...spec, request: "!!" } }),
      post(csrs, { metadata: { name: ns }, spec: { ...spec, request: "" } }),
      post(csrs, { metadata: { name: ns }, spec: { ...spec, usages: [] } }),
      post(csrs, { metadata: { name: ns }, spec: { ...spec, usages: ["odd", "client auth", "client auth"] } }),
      post(csrs, { metadata: { name: ns }, spec: { ...spec, signerName: "nodomain" } }),
      post(csrs, { metadata: { name: ns }, spec: { ...spec, expirationSeconds: 5 } }),
      patch(`${one}/approval`, { status: { conditions: [condition("Approved")] } }),
      step("approve", "PUT", `${one}/approval`, {}, undefined, "plain"),
      read(one),
      read(csrs, TABLE),
    ];
  },
  scales: (ns) => {
    const apps = `/apis/apps/v1/namespaces/${ns}`;
    const at = (plural: string) => `${apps}/${plural}/x/scale`;
    return [
      post(`${apps}/deployments`, {
        metadata: { name: "x" },
        spec: {
          replicas: 2,
          selector: {
            matchLabels: labels,
            matchExpressions: [
              { key: "z", operator: "NotIn", values: ["b", "a"] },
              { key: "y", operator: "Exists" },
            ],
          },
          template: { ...podTemplate, metadata: { labels: { ...labels, y: "1" } } },
        },
      }),
      read(at("deployments")),
      post(`${apps}/statefulsets`, { metadata: { name: "x" }, spec: { selector, template: podTemplate } }),
      put(at("statefulsets"), { kind: "Scale", apiVersion: "autoscaling/v1", metadata: { name: "x" }, spec: {} }),
      put(at("statefulsets"), {
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: { name: "x", namespace: "other" },
        spec: { replicas: 1 },
      }),
      put(at("statefulsets"), {
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: { name: "x", uid: "no" },
        spec: { replicas: 1 },
      }),
      put(`${at("statefulsets")}?fieldManager=${"m".repeat(130)}`, { metadata: { name: "x" }, spec: { replicas: 1 } }),
      put(`${at("statefulsets")}?fieldValidation=Strict`, { metadata: { name: "x" }, spec: { replicas: 1, odd: 1 } }),
      put(`${at("statefulsets")}`, { metadata: { name: "x" }, spec: { replicas: 1, odd: 1 } }),
      put(`${at("statefulsets")}?dryRun=All`, { metadata: { name: "x" }, spec: { replicas: 7 } }),
      read(at("statefulsets")),
      patch(at("statefulsets"), [{ op: "remove", path: "/spec/replicas" }], JSON_PATCH),
      patch(at("statefulsets"), [{ op: "test", path: "/spec/replicas", value: 9 }], JSON_PATCH),
      patch(at("statefulsets"), { spec: { replicas: "3" } }),
      patch(at("statefulsets"), { spec: { replicas: 2.5 } }),
      patch(at("statefulsets"), { spec: { replicas: 4294967296 } }),
      patch(at("statefulsets"), { status: { replicas: 4 } }),
      patch(
        `${at("statefulsets")}?fieldManager=a`,
        { kind: "Scale", apiVersion: "autoscaling/v1", metadata: { name: "x" }, spec: { replicas: 3 } },
        APPLY,
      ),
      patch(
        `${at("statefulsets")}?fieldManager=b`,
        { kind: "Scale", apiVersion: "autoscaling/v1", metadata: { name: "x" }, spec: { replicas: 4 } },
        APPLY,
      ),
      patch(
        `${at("statefulsets")}?fieldManager=b&force=true`,
        { kind: "Scale", apiVersion: "autoscaling/v1", metadata: { name: "x" }, spec: { replicas: 4 } },
        APPLY,
      ),
      read(`${apps}/statefulsets/x`),
      read(at("daemonsets")),
      read(`/apis/batch/v1/namespaces/${ns}/jobs/x/scale`),
      put(at("replicasets"), { metadata: { name: "x" }, spec: { replicas: 1 } }),
      read(at("statefulsets"), { Accept: "application/yaml" }),
    ];
  },
};

const KIND: Readonly<Record<string, string>> = {
  deployments: "Deployment",
  replicasets: "ReplicaSet",
  statefulsets: "StatefulSet",
  daemonsets: "DaemonSet",
  replicationcontrollers: "ReplicationController",
  services: "Service",
  resourcequotas: "ResourceQuota",
  persistentvolumeclaims: "PersistentVolumeClaim",
  jobs: "Job",
  cronjobs: "CronJob",
  ingresses: "Ingress",
  poddisruptionbudgets: "PodDisruptionBudget",
  horizontalpodautoscalers: "HorizontalPodAutoscaler",
  persistentvolumes: "PersistentVolume",
  nodes: "Node",
  flowschemas: "FlowSchema",
  apiservices: "APIService",
  volumeattachments: "VolumeAttachment",
  validatingadmissionpolicies: "ValidatingAdmissionPolicy",
};
