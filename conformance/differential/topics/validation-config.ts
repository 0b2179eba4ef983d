/**
 * The topic `validation`, continued: what routes to Pods, configures them, stores for them, and guards them.
 */
import { podTemplate, type TopicScenarios } from "./requests.ts";
import { tries } from "./validation.ts";

type Fields = Readonly<Record<string, unknown>>;

const specs = (list: readonly Fields[]): Fields[] => list.map((spec) => ({ spec }));
const http = { name: "http", port: 80 };

export const validationConfigScenarios: TopicScenarios = {
  services: (ns) =>
    tries(`/api/v1/namespaces/${ns}/services`, "v1", "Service", [
      { metadata: { name: "x".repeat(64) }, spec: { ports: [http] } },
      { metadata: { name: "A_b" }, spec: { ports: [] } },
      { metadata: { name: "a.b" }, spec: { ports: [http] } },
      ...specs([
        { ports: [{ port: 70000 }] },
        { ports: [{ port: -1, targetPort: -5 }] },
        { ports: [{ port: 80, targetPort: "" }] },
        { ports: [{ port: 80, targetPort: "Too-Long-For-A-Port" }] },
        { ports: [{ port: 80, targetPort: "1234" }] },
        {
          ports: [
            { port: 80, protocol: "ICMP" },
            { port: 81, protocol: "SCTP" },
          ],
        },
        { ports: [http, { name: "http2", port: 80, protocol: "UDP" }] },
        { ports: [{ ...http, appProtocol: "Bad!" }] },
        { ports: [{ ...http, appProtocol: "kubernetes.io/h2c", nodePort: 30000 }] },
        {
          ports: [
            { name: "http.web", port: 80 },
            { name: `${"x".repeat(64)}`, port: 81 },
          ],
        },
        { selector: { "a b": "c d" }, ports: [http] },
        { type: "ExternalName", externalName: "Bad_Name", ports: [http] },
        { type: "ExternalName", externalName: "a.example.com", clusterIP: "10.0.0.40" },
        { type: "ExternalName", externalName: "a.example.com.", clusterIP: "None" },
        { type: "ClusterIP", externalName: "a.example.com", ports: [http] },
        { type: "NodePort", clusterIP: "None", ports: [http] },
        { type: "LoadBalancer", clusterIP: "None", ports: [http] },
        { type: "NodePort", ports: [{ ...http, nodePort: 40000 }] },
        { type: "NodePort", ports: [{ ...http, nodePort: -1 }] },
        {
          type: "NodePort",
          ports: [
            { ...http, nodePort: 30005 },
            { name: "b", port: 81, nodePort: 30005 },
          ],
        },
        {
          type: "NodePort",
          ports: [
            { ...http, nodePort: 30006 },
            { name: "b", port: 80, protocol: "UDP", nodePort: 30006 },
          ],
        },
        { clusterIP: "10.0.0.300", ports: [http] },
        { clusterIP: "::1", ports: [http] },
        { clusterIP: "fd00::1", ipFamilies: ["IPv6"], ports: [http] },
        { clusterIPs: ["10.0.0.41"], ports: [http] },
        { clusterIP: "10.0.0.41", clusterIPs: ["10.0.0.42"], ports: [http] },
        { clusterIPs: ["10.0.0.41", "10.0.0.42"], ports: [http] },
        { clusterIPs: ["10.0.0.41", "10.0.0.42", "10.0.0.43"], ports: [http] },
        { clusterIP: "None", clusterIPs: ["None", "10.0.0.1"], ports: [http] },
        { clusterIP: "010.0.0.1", ports: [http] },
        { ipFamilies: ["IPv6"], ports: [http] },
        { ipFamilies: ["IPv4", "IPv4"], ports: [http] },
        { ipFamilies: ["IPv5"], ports: [http] },
        { ipFamilyPolicy: "Odd", ports: [http] },
        { ipFamilyPolicy: "RequireDualStack", ports: [http] },
        { ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv4", "IPv6"], ports: [http] },
        { ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4", "IPv6"], ports: [http] },
        { externalIPs: ["not-ip", "127.0.0.1", "0.0.0.0", "169.254.1.1", "224.0.0.1", "010.1.1.1"], ports: [http] },
        { type: "LoadBalancer", loadBalancerIP: "x", loadBalancerSourceRanges: ["10.0.0.0"], ports: [http] },
        { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/33", " 10.0.0.0/8 "], ports: [http] },
        { type: "ClusterIP", loadBalancerSourceRanges: ["10.0.0.0/8"], ports: [http] },
        { type: "LoadBalancer", loadBalancerClass: "Bad Class", ports: [http] },
        { type: "ClusterIP", loadBalancerClass: "example.com/lb", ports: [http] },
        { type: "LoadBalancer", allocateLoadBalancerNodePorts: false, ports: [http] },
        { type: "ClusterIP", allocateLoadBalancerNodePorts: true, ports: [http] },
        { externalTrafficPolicy: "Local", ports: [http] },
        { type: "NodePort", externalTrafficPolicy: "Odd", ports: [http] },
        { type: "NodePort", externalTrafficPolicy: "Local", healthCheckNodePort: 30200, ports: [http] },
        { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: -1, ports: [http] },
        { type: "LoadBalancer", healthCheckNodePort: 30201, ports: [http] },
        { internalTrafficPolicy: "Odd", ports: [http] },
        { internalTrafficPolicy: null, trafficDistribution: "Odd", ports: [http] },
        { sessionAffinity: "None", sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } }, ports: [http] },
        { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } }, ports: [http] },
        { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } }, ports: [http] },
        { sessionAffinity: "ClientIP", ports: [http] },
        { publishNotReadyAddresses: true, clusterIP: "None" },
        { type: "", sessionAffinity: "", ports: [{ port: 80, protocol: "" }] },
      ]),
    ]),
  routing: (ns) => {
    const net = (kind: string, plural: string, list: readonly Fields[]) =>
      tries(`/apis/networking.k8s.io/v1/namespaces/${ns}/${plural}`, "networking.k8s.io/v1", kind, list);
    const backend = { service: { name: "s", port: { number: 80 } } };
    const path = { path: "/", pathType: "Prefix", backend };
    const rule = (fields: Fields, host = "a.example.com") => ({ host, http: { paths: [{ ...path, ...fields }] } });
    return [
      ...net("Ingress", "ingresses", [
        {},
        ...specs([
          { rules: [{}] },
          { rules: [{ http: {} }] },
          { rules: [{ http: { paths: [] } }] },
          { rules: [{ host: "Bad_", http: { paths: [path] } }] },
          { rules: [{ host: "192.0.2.1", http: { paths: [path] } }, rule({}, "*.example.com"), rule({}, "*")] },
          { rules: [rule({}, "a.*.com"), rule({}, "*.*.com")] },
          { rules: [rule({ path: "", pathType: "Exact" }), rule({ path: "", pathType: "Prefix" })] },
          {
            rules: [
              rule({ path: "/a//b" }),
              rule({ path: "/a/../b" }),
              rule({ path: "/a%2fb" }),
              rule({ path: "/./" }),
            ],
          },
          { rules: [rule({ path: "no slash", pathType: "ImplementationSpecific" })] },
          { rules: [rule({ backend: {} })] },
          { rules: [rule({ backend: { service: {} } })] },
          { rules: [rule({ backend: { service: { name: "A_", port: {} } } })] },
          { rules: [rule({ backend: { service: { name: "s", port: { number: 70000 } } } })] },
          { rules: [rule({ backend: { service: { name: "s", port: { name: "Bad_" } } } })] },
          { rules: [rule({ backend: { resource: { kind: "", name: "" } } })] },
          { rules: [rule({ backend: { resource: { apiGroup: "Bad_", kind: "a/b", name: "c%d" } } })] },
          { rules: [rule({ backend: { ...backend, resource: { kind: "K", name: "n" } } })] },
          { defaultBackend: {} },
          { defaultBackend: backend, ingressClassName: "Bad_" },
          { defaultBackend: backend, tls: [{ hosts: ["Bad_", "*.example.com", "*"], secretName: "Bad_" }] },
        ]),
        {
          metadata: { name: "x", annotations: { "kubernetes.io/ingress.class": "a" } },
          spec: { defaultBackend: backend },
        },
        {
          metadata: { name: "x", annotations: { "kubernetes.io/ingress.class": "a" } },
          spec: { defaultBackend: backend, ingressClassName: "a" },
        },
      ]),
      ...tries("/apis/networking.k8s.io/v1/ingressclasses", "networking.k8s.io/v1", "IngressClass", [
        {},
        ...specs([
          { controller: "no-domain" },
          { controller: `example.com/${"x".repeat(250)}` },
          { controller: "example.com/c", parameters: {} },
          { controller: "example.com/c", parameters: { kind: "K", name: "n", scope: "Odd" } },
          { controller: "example.com/c", parameters: { kind: "K", name: "n", scope: "Namespace" } },
          { controller: "example.com/c", parameters: { kind: "K", name: "n", namespace: "a" } },
          {
            controller: "example.com/c",
            parameters: { apiGroup: "B_", kind: "a/b", name: "n", namespace: "A_", scope: "Namespace" },
          },
        ]),
      ]),
      ...net(
        "NetworkPolicy",
        "networkpolicies",
        specs([
          {},
          { podSelector: { matchLabels: { "a b": "c" } } },
          { podSelector: {}, policyTypes: ["Odd"] },
          { podSelector: {}, policyTypes: ["Ingress", "Egress", "Ingress"] },
          { podSelector: {}, ingress: [{ ports: [{ port: "Bad_Name" }, { port: 70000, protocol: "ICMP" }] }] },
          { podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 70 }] }] },
          { podSelector: {}, ingress: [{ ports: [{ endPort: 70 }, { port: "web", endPort: 70 }] }] },
          { podSelector: {}, egress: [{ to: [{}] }] },
          { podSelector: {}, egress: [{ to: [{ ipBlock: {} }, { ipBlock: { cidr: "10.0.0.1" } }] }] },
          { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/8", "x"] } }] }] },
          { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.1/8", except: ["10.0.0.0/8"] } }] }] },
          { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }] }] },
          { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: "a" }] } }] }] },
        ]),
      ),
      ...tries(`/api/v1/namespaces/${ns}/endpoints`, "v1", "Endpoints", [
        { subsets: [{}] },
        { subsets: [{ addresses: [{ ip: "x", hostname: "Bad_", nodeName: "Bad_" }], ports: [{}] }] },
        { subsets: [{ addresses: [{ ip: "127.0.0.1" }, { ip: "169.254.0.1" }], ports: [{ port: 1 }, { port: 2 }] }] },
        { subsets: [{ addresses: [{ ip: "10.1.1.1" }], ports: [{ port: 1, protocol: "X", name: "Bad_" }] }] },
      ]),
      ...tries(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, "discovery.k8s.io/v1", "EndpointSlice", [
        {},
        { addressType: "Odd", endpoints: [] },
        { addressType: "IPv4", endpoints: [{}] },
        { addressType: "IPv4", endpoints: [{ addresses: ["x", "::1", "127.0.0.1"] }] },
        { addressType: "IPv6", endpoints: [{ addresses: ["10.1.1.1"], hostname: "Bad_", nodeName: "Bad_" }] },
        { addressType: "FQDN", endpoints: [{ addresses: ["Bad_", "a.example.com"] }] },
        { addressType: "IPv4", endpoints: [{ addresses: ["10.1.1.1"], deprecatedTopology: { a: "b" }, zone: "" }] },
        { addressType: "IPv4", endpoints: [], ports: [{ port: 0, protocol: "X", name: "Bad_" }, { appProtocol: "!" }] },
        {
          addressType: "IPv4",
          endpoints: [],
          ports: [
            { name: "a", port: 1 },
            { name: "a", port: 2 },
          ],
        },
        {
          addressType: "IPv4",
          endpoints: [{ addresses: ["10.1.1.1"], hints: { forZones: [{ name: "" }, { name: "a" }, { name: "a" }] } }],
        },
        {
          addressType: "IPv4",
          endpoints: [{ addresses: ["10.1.1.1"], hints: { forNodes: [{ name: "" }, { name: "a" }, { name: "a" }] } }],
        },
        { addressType: "IPv4", endpoints: [{ addresses: ["10.1.1.1", "10.1.1.1"] }] },
      ]),
    ];
  },
  configuration: (ns) => {
    const core = (kind: string, plural: string, list: readonly Fields[]) =>
      tries(`/api/v1/namespaces/${ns}/${plural}`, "v1", kind, list);
    return [
      ...core("Secret", "secrets", [
        { data: { "a b": "eA==", "..": "eA==", "": "eA==" } },
        { type: "kubernetes.io/dockercfg" },
        { type: "kubernetes.io/dockercfg", data: { ".dockercfg": "eA==" } },
        { type: "kubernetes.io/dockerconfigjson", data: {} },
        { type: "kubernetes.io/basic-auth", data: {} },
        { type: "kubernetes.io/basic-auth", stringData: { username: "a" } },
        { type: "kubernetes.io/ssh-auth" },
        { type: "kubernetes.io/tls", data: { "tls.crt": "eA==" } },
        { type: "bootstrap.kubernetes.io/token" },
        {
          metadata: { name: "x", annotations: { "kubernetes.io/service-account.name": "" } },
          type: "kubernetes.io/service-account-token",
        },
        { metadata: { name: "x".repeat(254) } },
      ]),
      ...core("ConfigMap", "configmaps", [
        { data: { "": "x", "a/b": "y", ".": "z" } },
        { data: { ["k".repeat(254)]: "x" } },
        { data: { a: "x" }, binaryData: { a: "eA==", "b c": "eA==" } },
        { immutable: null, data: {} },
      ]),
      ...core("ServiceAccount", "serviceaccounts", [
        { metadata: { name: "Bad_" } },
        { imagePullSecrets: [{ name: "" }], secrets: [{}] },
        { metadata: { name: "x", annotations: { "kubernetes.io/enforce-mountable-secrets": "true" } } },
      ]),
      ...core(
        "LimitRange",
        "limitranges",
        specs([
          {},
          { limits: [] },
          { limits: [{}] },
          { limits: [{ type: "Odd" }] },
          { limits: [{ type: "Container" }, { type: "Container" }] },
          { limits: [{ type: "Pod", default: { cpu: "1" }, defaultRequest: { cpu: "1" } }] },
          { limits: [{ type: "Container", max: { cpu: "1" }, min: { cpu: "2" } }] },
          { limits: [{ type: "Container", max: { cpu: "2" }, default: { cpu: "3" }, defaultRequest: { cpu: "4" } }] },
          { limits: [{ type: "Container", min: { cpu: "2" }, default: { cpu: "1" }, defaultRequest: { cpu: "1" } }] },
          { limits: [{ type: "Container", maxLimitRequestRatio: { cpu: "500m" } }] },
          { limits: [{ type: "Container", max: { cpu: "4" }, min: { cpu: "1" }, maxLimitRequestRatio: { cpu: "5" } }] },
          { limits: [{ type: "PersistentVolumeClaim" }] },
          { limits: [{ type: "PersistentVolumeClaim", max: { storage: "1Gi" }, min: { storage: "2Gi" } }] },
          { limits: [{ type: "Container", max: { gpu: "1", "a b": "1", "example.com/x": "1.5" } }] },
        ]),
      ),
      ...core(
        "ResourceQuota",
        "resourcequotas",
        specs([
          {},
          { hard: { "a b": "1", gpu: "2", storage: "1Gi" } },
          { hard: { pods: "1.5", cpu: "-1", services: "-2" } },
          { hard: { pods: "1" }, scopes: ["Odd"] },
          { hard: { "requests.storage": "1Gi" }, scopes: ["Terminating"] },
          { hard: { pods: "1" }, scopes: ["BestEffort", "NotBestEffort"] },
          { hard: { pods: "1" }, scopes: ["Terminating", "NotTerminating", "Terminating"] },
          { hard: { pods: "1" }, scopeSelector: { matchExpressions: [{ scopeName: "Odd", operator: "In" }] } },
          {
            hard: { pods: "1" },
            scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: [] }] },
          },
          {
            hard: { pods: "1" },
            scopeSelector: { matchExpressions: [{ scopeName: "BestEffort", operator: "In", values: ["a"] }] },
          },
          {
            hard: { pods: "1" },
            scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "Exists", values: ["a"] }] },
          },
          { hard: { "requests.example.com/gpu": "1", "count/deployments.apps": "3", "limits.example.com/gpu": "1" } },
        ]),
      ),
      ...core("PodTemplate", "podtemplates", [
        {},
        { template: podTemplate },
        { template: { spec: { containers: [] } } },
      ]),
      ...core("Event", "events", [
        {},
        { involvedObject: { namespace: ns }, type: "Odd", count: -1 },
        { involvedObject: {}, reportingComponent: "a b" },
        { involvedObject: { namespace: ns }, eventTime: "2030-01-01T00:00:00.000000Z" },
        {
          involvedObject: { namespace: ns },
          eventTime: "2030-01-01T00:00:00.000000Z",
          reportingComponent: "c",
          reportingInstance: "i",
          action: "a",
          reason: "",
          type: "Normal",
        },
      ]),
      ...tries(`/apis/events.k8s.io/v1/namespaces/${ns}/events`, "events.k8s.io/v1", "Event", [
        {},
        { regarding: { namespace: ns }, eventTime: "2030-01-01T00:00:00.000000Z" },
        {
          regarding: { namespace: ns },
          eventTime: "2030-01-01T00:00:00.000000Z",
          reportingController: "a b",
          reportingInstance: "i",
          action: "x".repeat(129),
          reason: "x".repeat(129),
          note: "x".repeat(1025),
          type: "Odd",
        },
        {
          regarding: { namespace: ns },
          eventTime: "2030-01-01T00:00:00.000000Z",
          reportingController: "c",
          reportingInstance: "i",
          action: "a",
          reason: "r",
          type: "Normal",
          series: { count: 1 },
        },
      ]),
      ...tries("/api/v1/namespaces", "v1", "Namespace", [
        { metadata: { name: "a.b" } },
        { metadata: { name: "x".repeat(64) } },
        { metadata: { name: "ok-name", labels: { "kubernetes.io/metadata.name": "other" } } },
        { metadata: { name: "ok-name" }, spec: { finalizers: ["Bad!", "example.com/ok", "plain"] } },
        { metadata: { name: "ok-name", finalizers: ["plain"] } },
      ]),
      ...tries("/api/v1/nodes", "v1", "Node", [
        { metadata: { name: "Bad_" } },
        ...specs([
          { taints: [{}, { key: "a b", effect: "Odd", value: "c d" }] },
          {
            taints: [
              { key: "a", effect: "NoSchedule" },
              { key: "a", effect: "NoSchedule", value: "x" },
            ],
          },
          { podCIDR: "x", podCIDRs: ["y"] },
          { podCIDR: "10.1.0.0/24", podCIDRs: ["10.1.0.0/24", "10.2.0.0/24"] },
          { podCIDRs: ["10.1.0.0/24", "fd00::/64"] },
          { providerID: "a", unschedulable: true, externalID: "x" },
        ]),
        { status: { capacity: { cpu: "-1", "a b": "1" }, allocatable: { cpu: "1.0005" } } },
      ]),
      ...tries(
        `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`,
        "coordination.k8s.io/v1",
        "Lease",
        specs([
          { leaseDurationSeconds: 0, leaseTransitions: -1, holderIdentity: "" },
          { renewTime: "2030-01-01T00:00:00Z" },
          { acquireTime: "2030-01-01T00:00:00.5Z", strategy: "OldestEmulationVersion" },
        ]),
      ),
    ];
  },
};
