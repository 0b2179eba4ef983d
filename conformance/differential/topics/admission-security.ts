/**
 * Pod security admission: what each level refuses, and labels of namespaces that choose a level and its version.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { container, labels, patch, podTemplate, post, put, STRATEGIC, selector } from "./requests.ts";

const seccompProfile = { type: "RuntimeDefault" };
const UNPRIVILEGED = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
/** A security context that every level allows. */
const SAFE = { runAsNonRoot: true, ...UNPRIVILEGED, seccompProfile };

const plain = { containers: [container] };
const onHost = { hostNetwork: true, ...plain };
/** A pod of one container, with the security context given. */
const secured = (securityContext: object, more: object = {}): object => ({
  ...more,
  containers: [{ ...container, securityContext }],
});
const hostPort = (containerPort: number, port: number): object => ({ containerPort, hostPort: port });

/** Pods, each of which concerns another rule of the levels. */
const PODS: readonly object[] = [
  plain,
  secured(SAFE),
  { hostNetwork: true, hostPID: true, hostIPC: true, ...plain },
  secured({ privileged: true }),
  secured({ capabilities: { add: ["NET_ADMIN", "SYS_TIME", "CHOWN"] } }),
  secured({ ...SAFE, capabilities: { add: ["NET_BIND_SERVICE", "CHOWN"], drop: ["ALL"] } }),
  secured({ ...SAFE, capabilities: { add: ["NET_BIND_SERVICE"], drop: ["KILL"] } }),
  secured(SAFE, {
    volumes: [
      { name: "h", hostPath: { path: "/x" } },
      { name: "n", nfs: { server: "s", path: "/" } },
    ],
  }),
  secured(SAFE, {
    volumes: [
      { name: "e", emptyDir: {} },
      { name: "s", secret: { secretName: "x" } },
    ],
  }),
  { containers: [{ ...container, ports: [hostPort(80, 8080), hostPort(81, 9)] }] },
  {
    containers: [
      { ...container, name: "a", ports: [hostPort(80, 80)] },
      { ...container, name: "b", ports: [hostPort(82, 82)] },
    ],
  },
  secured({ procMount: "Unmasked" }),
  secured({ procMount: "Unmasked" }, { hostUsers: false }),
  secured({ ...SAFE, runAsNonRoot: false, runAsUser: 0 }, { hostUsers: false }),
  secured({ seLinuxOptions: { type: "odd_t", user: "u", role: "r" } }),
  secured({ seLinuxOptions: { type: "container_t" } }, { securityContext: { seLinuxOptions: { user: "u" } } }),
  secured({ seccompProfile: { type: "Unconfined" } }),
  secured({ runAsNonRoot: true, ...UNPRIVILEGED }, { securityContext: { seccompProfile: { type: "Unconfined" } } }),
  secured(UNPRIVILEGED, { securityContext: { seccompProfile, runAsNonRoot: true } }),
  secured({ appArmorProfile: { type: "Unconfined" } }),
  secured(SAFE, {
    securityContext: {
      sysctls: ["kernel.shm_rmid_forced", "kernel.msgmax", "net.core.somaxconn"].map((name) => ({ name, value: "1" })),
    },
  }),
  secured(
    { windowsOptions: { hostProcess: true } },
    { hostNetwork: true, securityContext: { windowsOptions: { hostProcess: true } } },
  ),
  { os: { name: "windows" }, securityContext: { runAsNonRoot: true }, ...plain },
  secured({ ...SAFE, runAsUser: 0 }),
  secured({ ...UNPRIVILEGED, seccompProfile }, { securityContext: { runAsUser: 0, runAsNonRoot: false } }),
  {
    containers: [
      {
        ...container,
        livenessProbe: { httpGet: { port: 80, host: "1.2.3.4" } },
        lifecycle: { preStop: { tcpSocket: { port: 1, host: "a" } } },
        securityContext: SAFE,
      },
    ],
  },
  secured(SAFE, {
    initContainers: [
      { name: "i", image: "i" },
      { name: "j", image: "i", securityContext: SAFE },
    ],
  }),
];

/** Labels for pod security. */
function security(levels: Readonly<Record<string, string | null>>): object {
  return Object.fromEntries(
    Object.entries(levels).map(([name, value]) => [`pod-security.kubernetes.io/${name}`, value]),
  );
}

/** The same pods and workloads at both levels that refuse something, in a namespace for each. */
export function securitySteps(ns: string): CapturedStep[] {
  return ["baseline", "restricted"].flatMap((level) => refusedAt(level, `${ns}-${level}`));
}

function refusedAt(level: string, ns: string): CapturedStep[] {
  const core = `/api/v1/namespaces/${ns}`;
  const pods = `${core}/pods`;
  const deployments = `/apis/apps/v1/namespaces/${ns}/deployments`;
  const debug = (securityContext: object) =>
    patch(
      `${pods}/ok/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: "d", image: "i", securityContext }] } },
      STRATEGIC,
    );
  return [
    post("/api/v1/namespaces", { metadata: { name: ns, labels: security({ enforce: level }) } }),
    post(`${core}/serviceaccounts`, { metadata: { name: "default" }, automountServiceAccountToken: false }),
    ...PODS.map((spec, index) => post(`${pods}?dryRun=All`, { metadata: { name: `p${index}` }, spec })),
    post(pods, { metadata: { generateName: "g-" }, spec: { hostPID: true, ...plain } }),
    post(pods, {
      metadata: {
        name: "an",
        annotations: {
          "container.apparmor.security.beta.kubernetes.io/web": "unconfined",
          "seccomp.security.alpha.kubernetes.io/pod": "x",
        },
      },
      spec: secured(SAFE),
    }),
    post(deployments, {
      metadata: { name: "d" },
      spec: { selector, template: { metadata: { labels }, spec: onHost } },
    }),
    patch(`${deployments}/d`, { spec: { replicas: 2 } }),
    post(`/apis/batch/v1/namespaces/${ns}/cronjobs`, {
      metadata: { name: "c" },
      spec: {
        schedule: "* * * * *",
        jobTemplate: { spec: { template: { spec: secured({ privileged: true }, { restartPolicy: "Never" }) } } },
      },
    }),
    post(`${core}/podtemplates`, { metadata: { name: "t" }, template: podTemplate }),
    post(`${core}/replicationcontrollers`, { metadata: { name: "r" }, spec: { replicas: 0, selector: labels } }),
    post(pods, { metadata: { name: "ok" }, spec: secured(SAFE) }),
    patch(`${pods}/ok`, { spec: { containers: [{ name: "web", image: "other" }] } }, STRATEGIC),
    debug({ privileged: true }),
    debug(SAFE),
    patch(`${pods}/ok`, { metadata: { labels: { a: "b" } } }),
  ];
}

/** Levels that are refused, and a namespace whose level changes while it holds pods. */
export function levelSteps(ns: string): CapturedStep[] {
  const pods = `/api/v1/namespaces/${ns}/pods`;
  const namespace = (name: string, levels: Readonly<Record<string, string>>) =>
    post("/api/v1/namespaces", { metadata: { name: `${ns}-${name}`, labels: security(levels) } });
  const relabel = (levels: Readonly<Record<string, string | null>>, subresource = "") =>
    patch(`/api/v1/namespaces/${ns}${subresource}`, { metadata: { labels: security(levels) } });
  const make = (name: string, spec: object, more: object = {}) => post(pods, { metadata: { name, ...more }, spec });
  const ownerReferences = [{ apiVersion: "v1", kind: "Pod", name: "o", uid: "u", controller: true }];
  return [
    namespace("a", { enforce: "odd" }),
    namespace("b", { "enforce-version": "1.2", warn: "x", audit: "y" }),
    namespace("c", { enforce: "baseline", "enforce-version": "v1.200" }),
    namespace("d", { "warn-version": "v2.0", "audit-version": "" }),
    make("x", onHost),
    make("y", plain),
    make("z1", onHost, { ownerReferences }),
    make("z2", onHost, { ownerReferences }),
    relabel({ enforce: "baseline" }),
    relabel({ enforce: "restricted" }),
    relabel({ enforce: "baseline" }),
    relabel({ "enforce-version": "v1.20" }),
    relabel({ enforce: "wrong" }),
    relabel({ enforce: "privileged", warn: "restricted", "warn-version": "v1.24" }),
    make("w", onHost),
    make("v", secured(SAFE)),
    relabel({ warn: "baseline", audit: "restricted", "warn-version": null }),
    make("u", onHost),
    patch(`${pods}/u`, { spec: { containers: [{ name: "web", image: "n" }] } }, STRATEGIC),
    relabel({ warn: null, audit: "restricted" }),
    make("t", onHost),
    relabel({ enforce: "restricted", "enforce-version": "v1.18" }),
    make("s", plain),
    relabel({ "enforce-version": "v1.22" }),
    make("s", plain),
    relabel({ "enforce-version": "v1.0" }),
    make("s", plain),
    relabel({ enforce: "baseline", warn: "restricted", "enforce-version": null }),
    make("s", plain),
    make("r", onHost),
    make("invalid", { hostNetwork: true, containers: [{ name: "Bad", image: "i" }] }),
    put(`/api/v1/namespaces/${ns}`, { metadata: { name: ns, labels: security({ enforce: "restricted" }) } }),
    relabel({ enforce: "q" }, "/status"),
  ];
}
