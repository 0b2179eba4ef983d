/**
 * Failures: what each kind refuses, in which words, and what the client makes of it.
 */
import assert from "node:assert/strict";
import {
  ApiError,
  isApiError,
  isInvalid,
  isMethodNotSupported,
  isNotFound,
  isUnsupportedMediaType,
  KubeError,
} from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, post, put, remove, type Step } from "./exchange.ts";
import { collectionOf, kindOf, nameOf, SAMPLES } from "./samples.ts";

const template = (spec: unknown) => ({ metadata: { labels: { a: "b" } }, spec });
const pod = (spec: unknown) => ["~/pods", { metadata: { name: "a" }, spec }] as const;
const service = (spec: unknown) => ["~/services", { metadata: { name: "a" }, spec }] as const;
const deployment = (spec: Record<string, unknown>) =>
  [
    "~apps/v1/deployments",
    {
      metadata: { name: "a" },
      spec: {
        selector: { matchLabels: { a: "b" } },
        template: template({ containers: [{ name: "c", image: "i" }] }),
        ...spec,
      },
    },
  ] as const;
const job = (spec: Record<string, unknown>, podSpec: Record<string, unknown> = {}) =>
  [
    "~batch/v1/jobs",
    {
      metadata: { name: "a" },
      spec: {
        template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }], ...podSpec } },
        ...spec,
      },
    },
  ] as const;

/** Objects that are wrong in one way each. */
const WRONG: Readonly<Record<string, readonly [string, unknown]>> = {
  "a Pod without containers": pod({ containers: [] }),
  "a Pod with two containers of a name": pod({
    containers: [
      { name: "c", image: "i" },
      { name: "c", image: "i" },
    ],
  }),
  "a Pod without image": pod({ containers: [{ name: "c" }] }),
  "a Pod with a bad restartPolicy": pod({ restartPolicy: "Sometimes", containers: [{ name: "c", image: "i" }] }),
  "a Pod with a bad port": pod({
    containers: [{ name: "c", image: "i", ports: [{ containerPort: 70000, protocol: "X" }] }],
  }),
  "a Pod with more requests than limits": pod({
    containers: [{ name: "c", image: "i", resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }],
  }),
  "a Pod with a bad quantity": pod({
    containers: [{ name: "c", image: "i", resources: { requests: { cpu: "much" } } }],
  }),
  "a Pod with a negative quantity": pod({
    containers: [{ name: "c", image: "i", resources: { requests: { memory: "-1" } } }],
  }),
  "a Pod that mounts what is missing": pod({
    containers: [{ name: "c", image: "i", volumeMounts: [{ name: "v", mountPath: "/x" }] }],
  }),
  "a Pod with two volumes of a name": pod({
    volumes: [
      { name: "v", emptyDir: {} },
      { name: "v", emptyDir: {} },
    ],
    containers: [{ name: "c", image: "i" }],
  }),
  "a Pod with a volume of no source": pod({
    volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/x" } }],
    containers: [{ name: "c", image: "i" }],
  }),
  "a Pod with a bad env": pod({
    containers: [
      {
        name: "c",
        image: "i",
        env: [
          { name: "", value: "x" },
          { name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "x" } } },
        ],
      },
    ],
  }),
  "a Pod with a bad probe": pod({ containers: [{ name: "c", image: "i", livenessProbe: { periodSeconds: -1 } }] }),
  "a Pod with a bad toleration": pod({
    tolerations: [{ key: "a", operator: "Like" }],
    containers: [{ name: "c", image: "i" }],
  }),
  "a Pod with a bad pull policy": pod({ containers: [{ name: "c", image: "i", imagePullPolicy: "Often" }] }),
  "a Service without ports": service({}),
  "a Service with a bad type": service({ type: "Odd", ports: [{ port: 80 }] }),
  "a Service with unnamed ports": service({ ports: [{ port: 80 }, { port: 81 }] }),
  "a Service with a port twice": service({
    ports: [
      { name: "a", port: 80 },
      { name: "b", port: 80 },
    ],
  }),
  "a Service with a bad clusterIP": service({ clusterIP: "x", ports: [{ port: 80 }] }),
  "a Service with a bad external name": service({ type: "ExternalName", externalName: "A B" }),
  "a Service with a bad nodePort": service({ type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }),
  "a Deployment whose labels do not match": deployment({ selector: { matchLabels: { x: "y" } } }),
  "a Deployment with negative replicas": deployment({ replicas: -1 }),
  "a Deployment with a bad strategy": deployment({ strategy: { type: "Odd" } }),
  "a Deployment with Recreate and rollingUpdate": deployment({
    strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } },
  }),
  "a Deployment with zero surge": deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
  "a Deployment with a bad selector": deployment({ selector: { matchExpressions: [{ key: "a", operator: "Odd" }] } }),
  "a Deployment whose Pods never restart": deployment({
    template: template({ restartPolicy: "Never", containers: [{ name: "c", image: "i" }] }),
  }),
  "a Job that restarts always": job({}, { restartPolicy: "Always" }),
  "a Job with negative parallelism": job({ parallelism: -1, completions: -2 }),
  "a Job with a selector of its own": job({ selector: { matchLabels: { a: "b" } } }),
  "a CronJob with a bad schedule": [
    "~batch/v1/cronjobs",
    {
      metadata: { name: "a" },
      spec: {
        schedule: "often",
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] } } },
        },
      },
    },
  ],
  "a PVC without access modes": [
    "~/persistentvolumeclaims",
    { metadata: { name: "a" }, spec: { resources: { requests: { storage: "0" } } } },
  ],
  "a Secret of a type that lacks keys": ["~/secrets", { metadata: { name: "a" }, type: "kubernetes.io/tls" }],
  "a Secret of basic auth without anything": [
    "~/secrets",
    { metadata: { name: "a" }, type: "kubernetes.io/basic-auth" },
  ],
  "a Secret with data that is no base64": ["~/secrets", { metadata: { name: "a" }, data: { k: "*" } }],
  "a ConfigMap with a bad key": ["~/configmaps", { metadata: { name: "a" }, data: { "a b": "c" } }],
  "an Ingress without rules": ["~networking.k8s.io/v1/ingresses", { metadata: { name: "a" }, spec: {} }],
  "an Ingress with a bad path": [
    "~networking.k8s.io/v1/ingresses",
    {
      metadata: { name: "a" },
      spec: { rules: [{ host: "A.b", http: { paths: [{ path: "x", backend: { service: { name: "s" } } }] } }] },
    },
  ],
  "a NetworkPolicy with a bad CIDR": [
    "~networking.k8s.io/v1/networkpolicies",
    { metadata: { name: "a" }, spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "x" } }] }] } },
  ],
  "a budget with both bounds": [
    "~policy/v1/poddisruptionbudgets",
    { metadata: { name: "a" }, spec: { minAvailable: 1, maxUnavailable: 1 } },
  ],
  "a budget with a bad share": [
    "~policy/v1/poddisruptionbudgets",
    { metadata: { name: "a" }, spec: { minAvailable: "150%" } },
  ],
  "an autoscaler with more min than max": [
    "~autoscaling/v2/horizontalpodautoscalers",
    {
      metadata: { name: "a" },
      spec: { minReplicas: 5, maxReplicas: 2, scaleTargetRef: { kind: "Deployment", name: "" } },
    },
  ],
  "a Role with a bad rule": [
    "~rbac.authorization.k8s.io/v1/roles",
    { metadata: { name: "a" }, rules: [{ verbs: [], resources: ["pods"] }] },
  ],
  "a RoleBinding without role": [
    "~rbac.authorization.k8s.io/v1/rolebindings",
    { metadata: { name: "a" }, subjects: [{ kind: "Robot", name: "r" }] },
  ],
  "a Lease that lasts for less than nothing": [
    "~coordination.k8s.io/v1/leases",
    { metadata: { name: "a" }, spec: { leaseDurationSeconds: 0 } },
  ],
  "an EndpointSlice with a bad address": [
    "~discovery.k8s.io/v1/endpointslices",
    { metadata: { name: "a" }, addressType: "IPv4", endpoints: [{ addresses: ["x"] }] },
  ],
  "a StorageClass without provisioner": ["/apis/storage.k8s.io/v1/storageclasses", { metadata: { name: "{ns}" } }],
  "a PriorityClass that is too high": [
    "/apis/scheduling.k8s.io/v1/priorityclasses",
    { metadata: { name: "{ns}" }, value: 2_000_000_000 },
  ],
  "a quota with a bad resource": ["~/resourcequotas", { metadata: { name: "a" }, spec: { hard: { "x y": "1" } } }],
  "a quota of half a Pod": ["~/resourcequotas", { metadata: { name: "a" }, spec: { hard: { pods: "1.5" } } }],
  "a LimitRange with a bad bound": [
    "~/limitranges",
    { metadata: { name: "a" }, spec: { limits: [{ type: "Container", min: { cpu: "2" }, max: { cpu: "1" } }] } },
  ],
};

const ODD_REQUESTS: Readonly<Record<string, Step>> = {
  "an unknown path": get("/odd/path"),
  "an unknown group": get("/apis/odd.example.com"),
  "an unknown version": get("/apis/apps/v9"),
  "an unknown resource": get("/apis/apps/v1/oddities"),
  "a namespaced resource's object without namespace": get("/apis/apps/v1/deployments/a"),
  "a cluster-scoped resource in a namespace": get("/api/v1/namespaces/{ns}/nodes"),
  "PUT on a collection": put("~/configmaps", {}),
  "POST on an object": post("~/configmaps/a", {}),
  "DELETE of an unknown resource": remove("~/oddities/a"),
  "an unknown subresource": get("~/configmaps/a/odd"),
  HEAD: { request: { method: "HEAD", path: "/api/v1/namespaces/{ns}" } },
  OPTIONS: { request: { method: "OPTIONS", path: "/api/v1/namespaces/{ns}" } },
  "a YAML body": post("~/configmaps", "metadata:\n  name: a\n", { headers: { "Content-Type": "application/yaml" } }),
  "a text body": post("~/configmaps", "hello", { headers: { "Content-Type": "text/plain" } }),
  "a body without type": post("~/configmaps", '{"metadata":{"name":"a"}}', { headers: { "Content-Type": null } }),
  "a form": post("~/configmaps", "a=b", { headers: { "Content-Type": "application/x-www-form-urlencoded" } }),
};

export const errorCases: readonly SuiteCase[] = [
  ...family(SAMPLES, (sample) =>
    differential("errors", `a ${kindOf(sample)} with nothing in it`, [
      post(`${collectionOf(sample)}?dryRun=All`, { metadata: { name: nameOf(sample) } }),
      post(`${collectionOf(sample)}?dryRun=All&fieldValidation=Strict`, {
        metadata: { name: nameOf(sample) },
        spec: { unknown: 1 },
        other: 2,
      }),
      post(`${collectionOf(sample)}?dryRun=All`, { metadata: { name: nameOf(sample) }, spec: [] }),
    ]),
  ),
  ...family(Object.entries(WRONG), ([about, [path, body]]) => differential("errors", about, [post(path, body)])),
  ...family(Object.entries(ODD_REQUESTS), ([about, step]) => differential("errors", `in answer to ${about}`, [step])),
  clientCase(
    "errors",
    "carry verb, target, status and message, and survive instanceof",
    async ({ client, namespace }) => {
      const error = await client
        .resource("v1", "Secret", { namespace })
        .get("a")
        .catch((thrown: unknown) => thrown);
      assert.ok(error instanceof ApiError && error instanceof KubeError && error instanceof Error);
      assert.deepEqual([error.code, error.httpStatus, error.verb, error.retryable], ["NotFound", 404, "get", false]);
      assert.equal(error.target.namespace, namespace);
      assert.match(error.message, /secrets? .*a.*not found/i);
    },
  ),
  clientCase("errors", "of many causes give all of them", async ({ client, namespace }) => {
    const budgets = client.resource("policy/v1", "PodDisruptionBudget", { namespace });
    await assert.rejects(
      budgets.create({ metadata: { name: "A" }, spec: { minAvailable: -1, maxUnavailable: "x" } }),
      (error) => {
        assert.ok(isInvalid(error));
        assert.ok(error.status.details.causes.length >= 3, JSON.stringify(error.status));
        return true;
      },
    );
  }),
  clientCase(
    "errors",
    "of a kind that the server does not have is NotFound or KindNotFound",
    async ({ client, namespace }) => {
      const things = client.resource("odd.example.com/v1", "Thing", { namespace });
      await assert.rejects(things.list(), { code: "KindNotFound" });
      await assert.rejects(client.raw("/apis/odd.example.com/v1/things"), isNotFound);
    },
  ),
  clientCase(
    "errors",
    "of a method that is not allowed, and of a body of another type",
    async ({ client, namespace }) => {
      await assert.rejects(
        client.raw(`/api/v1/namespaces/${namespace}/configmaps`, { method: "PUT", body: "{}" }),
        isMethodNotSupported,
      );
      const headers = { "content-type": "text/plain" };
      await assert.rejects(
        client.raw(`/api/v1/namespaces/${namespace}/configmaps`, { method: "POST", body: "x", headers }),
        isUnsupportedMediaType,
      );
    },
  ),
  clientCase("errors", "of a call that is aborted are its reason", async ({ client, namespace }) => {
    const reason = new Error("no longer needed");
    const signal = AbortSignal.abort(reason);
    await assert.rejects(client.resource("v1", "ConfigMap", { namespace }).list({ signal }), reason);
  }),
  clientCase("errors", "of a closed client say so", async ({ server }) => {
    const client = await server.connect();
    await client.close();
    await assert.rejects(client.version(), { code: "ClientClosed" });
    await client.close();
  }),
  clientCase("errors", "of raw requests are typed too", async ({ client }) => {
    const error = await client.raw("/api/v1/namespaces/no-such-namespace-here").catch((thrown: unknown) => thrown);
    assert.ok(isApiError(error));
    assert.deepEqual([error.code, error.status.details?.name], ["NotFound", "no-such-namespace-here"]);
  }),
];
