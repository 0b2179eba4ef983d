/**
 * Admission: quotas, limit ranges, priorities, accounts, policies.
 */
import assert from "node:assert/strict";
import { isForbidden } from "bowline";
import { clientCase, type SuiteCase } from "./case.ts";
import { differential, family, get, patch, post, remove, type Step } from "./exchange.ts";

const POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
const BINDINGS = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
const pod = (name: string, resources: unknown, more: Record<string, unknown> = {}): Step =>
  post("~/pods", {
    metadata: { name },
    spec: { containers: [{ name: "c", image: "i", ...(resources === undefined ? {} : { resources }) }], ...more },
  });
const limits = (limit: unknown): Step => post("~/limitranges", { metadata: { name: "l" }, spec: { limits: [limit] } });
const LEASES = "count/leases.coordination.k8s.io";
/** A quota of which leases are said to have been used up. */
const quota = (wanted: Readonly<Record<string, string>>, more: Record<string, unknown> = {}): Step[] => {
  const unused = Object.fromEntries(Object.keys(wanted).map((key) => [key, "0"]));
  const hard = { ...wanted, [LEASES]: "0" };
  return [
    post("~/resourcequotas", { metadata: { name: "q" }, spec: { hard, ...more } }),
    // Without controllers nobody else says what is used so far.
    patch("merge", "~/resourcequotas/q/status", { status: { hard, used: { ...unused, [LEASES]: "1" } } }),
  ];
};
/** A quota takes a moment to be heard of, and its status another one: a lease is asked for until it is refused for both. */
const quotaProbe: Step = post(
  "~coordination.k8s.io/v1/leases?dryRun=All",
  { metadata: { name: "probe" } },
  {
    until: {
      path: "body.message",
      equals: `leases.coordination.k8s.io "probe" is forbidden: exceeded quota: q, requested: ${LEASES}=1, used: ${LEASES}=1, limited: ${LEASES}=0`,
    },
  },
);

const RANGES: Readonly<Record<string, readonly [unknown, unknown]>> = {
  defaults: [
    { type: "Container", default: { cpu: "500m" }, defaultRequest: { cpu: "100m", memory: "64Mi" } },
    undefined,
  ],
  "a maximum that is kept": [{ type: "Container", max: { cpu: "1" } }, { limits: { cpu: "1" } }],
  "a maximum that is passed": [{ type: "Container", max: { cpu: "1" } }, { limits: { cpu: "2" } }],
  "a maximum and no limit": [{ type: "Container", max: { memory: "1Gi" } }, {}],
  "a minimum": [{ type: "Container", min: { cpu: "200m" } }, { requests: { cpu: "100m" } }],
  "a ratio": [
    { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
    { requests: { cpu: "100m" }, limits: { cpu: "500m" } },
  ],
  "a maximum for Pods": [{ type: "Pod", max: { cpu: "1" } }, { limits: { cpu: "2" } }],
};

const QUOTAS: Readonly<Record<string, readonly [Record<string, string>, readonly Step[]]>> = {
  "the number of ConfigMaps": [
    { configmaps: "1" },
    [
      post("~/configmaps", { metadata: { name: "a" } }),
      post("~/configmaps", { metadata: { name: "b" } }),
      remove("~/configmaps/a"),
    ],
  ],
  "objects of any kind by count": [{ "count/secrets": "0" }, [post("~/secrets", { metadata: { name: "a" } })]],
  Pods: [{ pods: "1" }, [pod("a", undefined), pod("b", undefined)]],
  "requests and limits": [
    { "requests.cpu": "1", "limits.memory": "1Gi" },
    [
      pod("a", undefined),
      pod("b", { requests: { cpu: "500m" }, limits: { memory: "512Mi" } }),
      pod("c", { requests: { cpu: "600m" }, limits: { memory: "600Mi" } }),
    ],
  ],
  "Services and their node ports": [
    { services: "2", "services.nodeports": "0" },
    [
      post("~/services", { metadata: { name: "a" }, spec: { ports: [{ port: 80 }] } }),
      post("~/services", { metadata: { name: "b" }, spec: { type: "NodePort", ports: [{ port: 80 }] } }),
    ],
  ],
  storage: [
    { "requests.storage": "1Gi" },
    [
      post("~/persistentvolumeclaims", {
        metadata: { name: "a" },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "", resources: { requests: { storage: "2Gi" } } },
      }),
    ],
  ],
};

function policy(validations: unknown, more: Record<string, unknown> = {}): Step {
  return post(POLICIES, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "{ns}" },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] },
        ],
      },
      validations,
      ...more,
    },
  });
}
function binding(validationActions: readonly string[]): Step {
  return post(BINDINGS, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "{ns}" },
    spec: {
      policyName: "{ns}",
      validationActions,
      matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "{ns}" } } },
    },
  });
}
/** A policy takes a moment to be heard of: this is repeated until it refuses. */
const probe = (status: number): Step =>
  post("~/configmaps?dryRun=All", { metadata: { name: "probe" }, data: { bad: "x" } }, { until: { status } });

const RULES: Readonly<Record<string, readonly [unknown, Record<string, unknown>?]>> = {
  "a rule": [[{ expression: "!has(object.data) || !('bad' in object.data)" }]],
  "a rule with a message": [[{ expression: "!('bad' in object.data)", message: "bad is not wanted" }]],
  "a rule with a reason": [[{ expression: "!('bad' in object.data)", message: "no", reason: "Forbidden" }]],
  "a message in CEL": [[{ expression: "!('bad' in object.data)", messageExpression: "'not ' + object.metadata.name" }]],
  variables: [
    [{ expression: "variables.isGood" }],
    { variables: [{ name: "isGood", expression: "!('bad' in object.data)" }] },
  ],
  "two rules": [[{ expression: "true" }, { expression: "!('bad' in object.data)", message: "second" }]],
};

export const admissionCases: readonly SuiteCase[] = [
  ...family(Object.entries(RANGES), ([about, [limit, resources]]) =>
    differential("admission", `a limit range with ${about}`, [limits(limit), pod("a", resources), get("~/pods/a")]),
  ),
  ...family(Object.entries(QUOTAS), ([about, [hard, steps]]) =>
    differential(
      "admission",
      `a quota on ${about}`,
      [
        quotaProbe,
        ...steps,
        get("~/resourcequotas/q", { ignore: ["body.metadata.managedFields", "body.metadata.resourceVersion"] }),
      ],
      { setup: quota(hard) },
    ),
  ),
  ...family(Object.entries(RULES), ([about, [validations, more]]) =>
    differential("admission", `a policy with ${about}`, [
      policy(validations, more),
      binding(["Deny"]),
      probe(422),
      post("~/configmaps", { metadata: { name: "a" }, data: { good: "x" } }),
      patch("merge", "~/configmaps/a", { data: { bad: "y" } }),
      remove(`${BINDINGS}/{ns}`),
    ]),
  ).filter(({ name }) => !name.includes("reason")),
  differential("admission", "a policy that is not one", [
    policy([{ expression: "object.data ==" }]),
    policy([]),
    policy([{ expression: "1 + 1" }]),
    binding([]),
    binding(["Deny", "Warn"]),
    binding(["Odd"]),
  ]),
  differential("admission", "priority classes", [
    pod("a", undefined, { priorityClassName: "missing" }),
    pod("b", undefined, { priorityClassName: "system-node-critical" }),
    post("/apis/scheduling.k8s.io/v1/priorityclasses", { metadata: { name: "{ns}" }, value: 7 }),
    pod("c", undefined, { priorityClassName: "{ns}" }),
    pod("d", undefined, { priorityClassName: "{ns}", priority: 8 }),
    pod("e", undefined, { priority: 8 }),
  ]),
  differential("admission", "service accounts of Pods", [
    pod("a", undefined, { serviceAccountName: "missing" }),
    post("~/serviceaccounts", { metadata: { name: "robot" }, imagePullSecrets: [{ name: "s" }] }),
    pod("b", undefined, { serviceAccountName: "robot" }),
    pod("c", undefined, { serviceAccountName: "robot", automountServiceAccountToken: false }),
  ]),
  differential("admission", "tolerations and runtime classes of Pods", [
    pod("a", undefined, {
      tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" }],
    }),
    pod("b", { requests: { memory: "1Mi" } }),
    pod("c", undefined, { runtimeClassName: "missing" }),
    pod("d", undefined, { hostNetwork: true }),
  ]),
  differential("admission", "a claim with no class while there is no default", [
    post("~/persistentvolumeclaims", {
      metadata: { name: "a" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    }),
    get("~/persistentvolumeclaims/a"),
    patch("merge", "~/persistentvolumeclaims/a", { spec: { resources: { requests: { storage: "2Gi" } } } }),
  ]),
  clientCase(
    "admission",
    "a quota that is used up is Forbidden, and says of what",
    async ({ client, namespace, server, signal }) => {
      const quotas = client.resource("v1", "ResourceQuota", { namespace });
      await quotas.create({ metadata: { name: "q" }, spec: { hard: { secrets: "1" } } });
      const status = { hard: { secrets: "1" }, used: { secrets: "0" } };
      if (server.hasControllers)
        await quotas.wait("q", (one) => one.status?.used?.["secrets"] !== undefined, { signal, timeoutMs: 30_000 });
      else await quotas.status.patch("q", { status });
      const secrets = client.resource("v1", "Secret", { namespace });
      await secrets.create({ metadata: { name: "a" } });
      await assert.rejects(secrets.create({ metadata: { name: "b" } }), (error) => {
        assert.ok(isForbidden(error));
        assert.match(error.message, /exceeded quota: q, requested: secrets=1, used: secrets=1, limited: secrets=1/);
        return true;
      });
    },
  ),
  clientCase("admission", "a limit range fills in and refuses", async ({ client, namespace }) => {
    const ranges = client.resource("v1", "LimitRange", { namespace });
    await ranges.create({
      metadata: { name: "l" },
      spec: { limits: [{ type: "Container", default: { cpu: "500m" }, max: { cpu: "1" } }] },
    });
    const pods = client.resource("v1", "Pod", { namespace });
    const spec = (cpu?: string) => ({
      containers: [{ name: "c", image: "i", ...(cpu === undefined ? {} : { resources: { limits: { cpu } } }) }],
    });
    const made = await pods.create({ metadata: { name: "a" }, spec: spec() }, { dryRun: true });
    assert.equal(made.spec.containers[0]?.resources?.limits?.["cpu"], "500m");
    await assert.rejects(pods.create({ metadata: { name: "b" }, spec: spec("2") }), isForbidden);
  }),
  clientCase("admission", "a Pod of an account that is missing is Forbidden", async ({ client, namespace }) => {
    const pods = client.resource("v1", "Pod", { namespace });
    const spec = { serviceAccountName: "missing", containers: [{ name: "c", image: "i" }] };
    await assert.rejects(pods.create({ metadata: { name: "a" }, spec }), isForbidden);
  }),
];
