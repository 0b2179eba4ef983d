/**
 * The topic `apply` with kinds and values of our own.
 */
import { APPLY, container, labels, PARTIAL, patch, read, type TopicScenarios } from "./requests.ts";

export const applyScenarios: TopicScenarios = {
  lists: (ns) => {
    const core = `/api/v1/namespaces/${ns}`;
    const service = (ports: unknown, more: object = {}) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { selector: labels, ports, ...more },
    });
    const to = (manager: string, force = false) =>
      `${core}/services/s?fieldManager=${manager}${force ? "&force=true" : ""}`;
    const role = (rules: unknown) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "r" },
      rules,
    });
    const toRole = (manager: string) =>
      `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/roles/r?fieldManager=${manager}`;
    const ingress = (rules: unknown, more: object = {}) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "i", ...more },
      spec: { rules },
    });
    const toIngress = (manager: string) =>
      `/apis/networking.k8s.io/v1/namespaces/${ns}/ingresses/i?fieldManager=${manager}`;
    const rule = (host: string) => ({
      host,
      http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } }] },
    });
    const account = (more: object) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "sa" },
      ...more,
    });
    const toAccount = (manager: string) => `${core}/serviceaccounts/sa?fieldManager=${manager}`;
    return [
      patch(to("one"), service([{ port: 80, name: "http" }]), APPLY),
      patch(to("two"), service([{ port: 443, name: "https" }]), APPLY),
      patch(to("two"), service([{ port: 80, name: "other" }]), APPLY),
      patch(to("two", true), service([{ port: 80, name: "other", targetPort: 8080 }]), APPLY),
      patch(to("one"), service([]), APPLY),
      patch(
        to("one"),
        service([
          { port: 53, name: "dns", protocol: "UDP" },
          { port: 53, name: "dns-tcp", protocol: "TCP" },
        ]),
        APPLY,
      ),
      patch(to("one"), service([{ port: 53 }, { port: 53 }]), APPLY),
      patch(to("three"), service(undefined, { type: "NodePort" }), APPLY),
      patch(to("three"), service(undefined, { type: 5 }), APPLY),
      patch(to("three"), service(undefined, { externalIPs: ["192.0.2.1"], nope: 1 }), APPLY),
      patch(to("four"), service(undefined, { sessionAffinity: "ClientIP" }), APPLY),
      read(`${core}/services/s`),
      patch(toRole("one"), role([{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]), APPLY),
      patch(toRole("two"), role([{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]), APPLY),
      patch(toRole("two"), role([]), APPLY),
      patch(`${toRole("two")}&force=true`, role([]), APPLY),
      patch(toIngress("one"), ingress([rule("a.example.com")]), APPLY),
      patch(toIngress("two"), ingress([rule("b.example.com")]), APPLY),
      patch(toIngress("two"), ingress(undefined, { annotations: { x: "y" }, labels: { a: "b" } }), APPLY),
      patch(toAccount("one"), account({ imagePullSecrets: [{ name: "a" }], secrets: [{ name: "t" }] }), APPLY),
      patch(toAccount("two"), account({ imagePullSecrets: [{ name: "b" }], secrets: [{ name: "u" }] }), APPLY),
      patch(toAccount("two"), account({ imagePullSecrets: [{ name: "b" }, { name: "b" }] }), APPLY),
      patch(toAccount("two"), account({ imagePullSecrets: [{}] }), APPLY),
      patch(toAccount("one"), account({}), APPLY),
      read(`${core}/serviceaccounts/sa`),
    ];
  },
  pods: (ns) => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    const pod = (spec: object, more: object = {}) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", ...more },
      spec,
    });
    const to = (manager: string, more = "") => `${pods}/p?fieldManager=${manager}${more}`;
    return [
      patch(to("one"), pod({ containers: [container] }), APPLY),
      patch(to("two"), pod({ containers: [{ name: "web", image: "other" }] }), APPLY),
      patch(to("two", "&force=true"), pod({ containers: [{ name: "web", image: "other" }] }), APPLY),
      patch(to("two"), pod({ containers: [{ name: "web", image: "other", env: [{ name: "A", value: "1" }] }] }), APPLY),
      patch(to("two"), pod({ containers: [{ name: "web" }], tolerations: [{ key: "a", operator: "Exists" }] }), APPLY),
      patch(to("two"), pod({}, { labels: { a: "b" } }), APPLY),
      patch(
        to("two"),
        pod({ containers: [{ name: "web", ports: [{ containerPort: 80 }, { containerPort: 80 }] }] }),
        APPLY,
      ),
      patch(to("two"), pod({ containers: "web" }), APPLY),
      patch(to("two"), pod({ containers: [{ image: "no-name" }] }), APPLY),
      patch(
        to("two"),
        pod({
          volumes: [
            { name: "v", emptyDir: {} },
            { name: "v", hostPath: { path: "/" } },
          ],
        }),
        APPLY,
      ),
      patch(to("three"), pod({ containers: [] }), APPLY),
      patch(
        `${pods}/p/status?fieldManager=kubelet`,
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "p" },
          status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], podIPs: [{ ip: "10.0.9.1" }] },
        },
        APPLY,
      ),
      patch(
        `${pods}/p/status?fieldManager=other`,
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "p" },
          status: { conditions: [{ type: "Ready", status: "False" }] },
        },
        APPLY,
      ),
      patch(
        `${pods}/p/status?fieldManager=other`,
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "p" },
          status: { phase: "Failed", conditions: [{ type: "Other", status: "False" }] },
        },
        APPLY,
      ),
      read(`${pods}/p`),
      read(`${pods}/p`, PARTIAL),
    ];
  },
  yaml: (ns) => {
    const to = (name: string, kind = "configmaps") => `/api/v1/namespaces/${ns}/${kind}/${name}?fieldManager=y`;
    const bodies: readonly string[] = [
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {x: 'y'}\n",
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ntype: Opaque\ndata:\n  k: YQ==\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: not base64!}\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nimmutable: yes\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: &x {k: YQ==}\nstringData: *x\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a, name: b}\n",
      "# nothing\n",
      "- list\n",
      "a: [\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {n: 5}}\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {n: 2026-01-01}}\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {x: 0x1F}\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {x: ~}\n",
      '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"stringData":{"j":"son"}}',
      "\tapiVersion: v1\n",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\n",
    ];
    return [
      ...bodies.map((body) => patch(to("a", "secrets"), body, APPLY)),
      read(`/api/v1/namespaces/${ns}/secrets/a`),
    ];
  },
};
