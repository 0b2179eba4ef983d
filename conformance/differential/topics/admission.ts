/**
 * The topic `admission`: policies, what they refuse and change, and policies that are refused.
 */
import type { CapturedStep } from "../../replay/capture.ts";
import { APPLY, named, patch, post, put, read, remove, type TopicScenarios } from "./requests.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const POLICIES = `${GROUP}/validatingadmissionpolicies`;
const BINDINGS = `${GROUP}/validatingadmissionpolicybindings`;
const MUTATING = `${GROUP}/mutatingadmissionpolicies`;
const MUTATING_BINDINGS = `${GROUP}/mutatingadmissionpolicybindings`;

interface Spec {
  [field: string]: unknown;
}

const rule = (resources: readonly string[], apiGroups: readonly string[] = [""], more: Spec = {}): Spec => ({
  apiGroups,
  apiVersions: ["v1"],
  operations: ["CREATE", "UPDATE"],
  resources,
  ...more,
});
const constraints = (...resourceRules: readonly Spec[]): Spec => ({ resourceRules });
const CONFIG_MAPS = constraints(rule(["configmaps"]));

const policy = (name: string, spec: Spec): object => ({
  metadata: { name },
  spec: { matchConstraints: CONFIG_MAPS, validations: [{ expression: "true" }], ...spec },
});
const mutating = (name: string, spec: Spec): object => ({
  metadata: { name },
  spec: { matchConstraints: CONFIG_MAPS, reinvocationPolicy: "Never", ...spec },
});
const binding = (policyName: string, namespace: string, spec: Spec = {}): object => ({
  metadata: { name: policyName },
  spec: {
    policyName,
    validationActions: ["Deny"],
    matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
    ...spec,
  },
});
const mutatingBinding = (policyName: string, namespace: string, spec: Spec = {}): object => ({
  metadata: { name: policyName },
  spec: {
    policyName,
    matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
    ...spec,
  },
});
const applied = (expression: string): Spec => ({
  mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression } }],
});
const patched = (expression: string): Spec => ({ mutations: [{ patchType: "JSONPatch", jsonPatch: { expression } }] });

const checking = (...expressions: readonly string[]): Spec => ({
  validations: expressions.map((expression) => ({ expression })),
});

/** Policies, most of which are refused. */
const SPECS: Readonly<Record<string, Spec>> = {
  "no constraints": { matchConstraints: undefined },
  "no rules": { matchConstraints: {} },
  "no operations": { matchConstraints: constraints(rule(["pods"], [""], { operations: [] })) },
  "odd operation": { matchConstraints: constraints(rule(["pods"], [""], { operations: ["READ", "*"] })) },
  "star and more": { matchConstraints: constraints(rule(["*", "pods"], ["*", ""], { operations: ["*", "CREATE"] })) },
  "no versions": { matchConstraints: constraints(rule(["pods"], [""], { apiVersions: [] })) },
  "no groups": { matchConstraints: constraints(rule(["pods"], [])) },
  "no resources": { matchConstraints: constraints(rule([])) },
  "odd scope": { matchConstraints: constraints(rule(["pods"], [""], { scope: "World" })) },
  subresources: { matchConstraints: constraints(rule(["pods/*", "pods/status", "*/scale"])) },
  "resource names twice": { matchConstraints: constraints(rule(["pods"], [""], { resourceNames: ["a", "a", ""] })) },
  "odd match policy": { matchConstraints: { ...CONFIG_MAPS, matchPolicy: "Odd" } },
  "bad selectors": {
    matchConstraints: {
      ...CONFIG_MAPS,
      namespaceSelector: { matchLabels: { "a b": "c" } },
      objectSelector: {
        matchExpressions: [
          { key: "a", operator: "Odd" },
          { key: "b", operator: "In" },
        ],
      },
    },
  },
  "odd failure policy": { failurePolicy: "Maybe" },
  "param kind": { paramKind: { apiVersion: "v1", kind: "ConfigMap" } },
  "bad param kind": { paramKind: { apiVersion: "a/b/c", kind: "" } },
  "no param version": { paramKind: { apiVersion: "", kind: "A b" } },
  "no validations": { validations: [] },
  "empty expression": checking(""),
  syntax: checking("object.spec.replicas >"),
  number: checking("1 + 1"),
  text: checking("'a'"),
  dynamic: checking("object.data.a"),
  "unknown name": checking("params.a == 1"),
  "unknown variable": checking("variables.a == 1"),
  "unknown field of the request": checking("request.nothing == 1"),
  request: checking(
    "request.kind.kind == 'ConfigMap' && request.operation in ['CREATE'] && request.userInfo.groups.exists(g, g == 'a')",
    "request.kind == 'a'",
    "request.userInfo.extra['a'] == ['b']",
    "request.options.dryRun == 'a' && request.dryRun",
    "request.resource.group == 1",
  ),
  namespace: checking(
    "namespaceObject.metadata.labels['a'] == 'b'",
    "namespaceObject.metadata.nothing == 'b'",
    "namespaceObject.spec.finalizers.size() > 0 && namespaceObject.status.phase == 'Active'",
    "namespaceObject.metadata.creationTimestamp < timestamp('2020-01-01T00:00:00Z')",
    "namespaceObject.metadata.uid == 'a'",
  ),
  authorizer: checking(
    "authorizer.group('apps').resource('deployments').namespace('a').name('b').check('get').allowed()",
    "authorizer.path('/healthz').check('get').reason() == ''",
    "authorizer.requestResource.check('custom').allowed()",
    "authorizer.group('apps').check('get').allowed()",
    "authorizer.resource('a').check('get').allowed()",
    "authorizer.serviceAccount('a', 'b').group('').resource('pods').check('get').allowed()",
    "authorizer.group('').resource('pods').fieldSelector('a=b').labelSelector('c').check('list').errored()",
  ),
  "several problems": checking("object.a ==", "nothing", "1", "object.a + 1 == oldObject.a"),
  variables: {
    variables: [
      { name: "a", expression: "object.data.size()" },
      { name: "b", expression: "variables.a + 1" },
      { name: "c", expression: "object.metadata.labels" },
    ],
    validations: [{ expression: "variables.a > 1 && variables.b > 2 && variables.c == {}" }],
  },
  "bad variables": {
    variables: [
      { name: "", expression: "1" },
      { name: "a-b", expression: "1" },
      { name: "a", expression: "" },
      { name: "b", expression: "variables.c" },
      { name: "c", expression: "1 +" },
      { name: "c", expression: "2" },
      { name: "for", expression: "2" },
    ],
    validations: [{ expression: "variables.b == 1 && variables.c == 2" }],
  },
  "variable of another type": {
    variables: [{ name: "a", expression: "'text'" }],
    validations: [{ expression: "variables.a == 1" }],
  },
  messages: {
    validations: [
      { expression: "true", message: "  " },
      { expression: "true", message: "a\nb" },
      { expression: "true", messageExpression: "1" },
      { expression: "true", messageExpression: "'a' +" },
      { expression: "true", messageExpression: "  " },
      { expression: "true", messageExpression: "object.metadata.name", message: "x" },
      { expression: "true", reason: "Odd" },
      { expression: "true", reason: "RequestEntityTooLarge" },
      { expression: "true\n&& true" },
    ],
  },
  conditions: {
    matchConditions: [
      { name: "a", expression: "request.operation == 'CREATE'" },
      { name: "a", expression: "1" },
      { name: "a b", expression: "true" },
      { name: "", expression: "" },
      { name: "x/y", expression: "object.a &&" },
      { name: "v", expression: "variables.a == 1" },
    ],
  },
  annotations: {
    auditAnnotations: [
      { key: "a", valueExpression: "'x' + object.metadata.name" },
      { key: "a", valueExpression: "null" },
      { key: "a b", valueExpression: "1" },
      { key: "", valueExpression: "" },
      { key: "c", valueExpression: "object.a ? 'a' : null" },
    ],
  },
  "only annotations": { validations: undefined, auditAnnotations: [{ key: "a", valueExpression: "'x'" }] },
  "unknown fields": { odd: 1, validations: [{ expression: "true", odd: 2 }] },
  exclusions: { matchConstraints: { ...CONFIG_MAPS, excludeResourceRules: [rule([]), rule(["secrets"])] } },
};

/** Mutations, most of which are refused. */
const MUTATIONS: Readonly<Record<string, Spec>> = {
  "good configuration": applied("Object{metadata: Object.metadata{labels: {'a': 'b'}}}"),
  "good patch": patched("[JSONPatch{op: 'add', path: '/data/a', value: 'b'}]"),
  nothing: { mutations: [] },
  "no policy of reinvocation": { ...applied("Object{}"), reinvocationPolicy: undefined },
  "odd reinvocation": { ...applied("Object{}"), reinvocationPolicy: "Often" },
  "odd type": { mutations: [{ patchType: "Merge" }] },
  "no type": { mutations: [{}] },
  both: {
    mutations: [
      { patchType: "JSONPatch", jsonPatch: { expression: "[]" }, applyConfiguration: { expression: "Object{}" } },
    ],
  },
  missing: { mutations: [{ patchType: "JSONPatch" }, { patchType: "ApplyConfiguration" }] },
  empty: { mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: "" } }] },
  "configuration of another type": applied("'a'"),
  "configuration of a map": applied("{'a': 'b'}"),
  "patch of another type": patched("Object{}"),
  "patch of no list": patched("JSONPatch{op: 'add', path: '/a', value: 1}"),
  "patch with an odd field": patched("[JSONPatch{op: 'add', odd: '/a'}]"),
  "patch with an odd value": patched("[JSONPatch{op: 1, path: '/a'}]"),
  "odd struct": applied("Other{a: 1}"),
  syntax: applied("Object{metadata: }"),
  "field of the wrong type": applied("Object{metadata: 1}"),
  nested: applied("Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{a: 1}}}}"),
  conditional: applied("has(object.data) ? Object{data: Object.data{a: 'b'}} : Object{}"),
  escaped: patched("[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'c'}]"),
  "value of an object": patched("[JSONPatch{op: 'add', path: '/spec', value: Object.spec{a: 1}}]"),
  "variables and conditions": {
    ...applied("Object{data: Object.data{a: variables.x}}"),
    variables: [{ name: "x", expression: "string(object.data.size())" }],
    matchConditions: [{ name: "c", expression: "!has(object.data.a)" }],
  },
  "bad condition": { ...applied("Object{}"), matchConditions: [{ name: "c", expression: "1" }] },
  "no constraints": { ...applied("Object{}"), matchConstraints: undefined },
  params: {
    ...applied("Object{data: Object.data{a: params.data.a}}"),
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
  },
};

const BINDING_SPECS: Readonly<Record<string, Spec>> = {
  "no policy": { policyName: "" },
  "bad policy": { policyName: "a b" },
  "no actions": { validationActions: [] },
  "odd action": { validationActions: ["Refuse"] },
  "actions twice": { validationActions: ["Deny", "Deny"] },
  "deny and warn": { validationActions: ["Deny", "Warn"] },
  "warn and audit": { validationActions: ["Warn", "Audit"] },
  "param without a name": { paramRef: { parameterNotFoundAction: "Deny" } },
  "param with both": { paramRef: { name: "a", selector: {}, parameterNotFoundAction: "Deny" } },
  "param without an action": { paramRef: { name: "a" } },
  "param with an odd action": { paramRef: { name: "a", parameterNotFoundAction: "Maybe" } },
  "param with a bad name": { paramRef: { name: "a/b", namespace: "A", parameterNotFoundAction: "Allow" } },
  resources: { matchResources: { resourceRules: [rule(["pods"], [""], { operations: ["odd"] })] } },
};

export const admissionScenarios: TopicScenarios = {
  policies: () =>
    Object.entries(SPECS).map(([name, spec]) =>
      named(name, post(`${POLICIES}?dryRun=All`, policy("vap.example.com", spec))),
    ),
  bindings: (ns) =>
    Object.entries(BINDING_SPECS).map(([name, spec]) =>
      named(name, post(`${BINDINGS}?dryRun=All`, binding("none", ns, spec))),
    ),
  mutations: () =>
    Object.entries(MUTATIONS).map(([name, spec]) =>
      named(name, post(`${MUTATING}?dryRun=All`, mutating("map.example.com", spec))),
    ),
  "validating-runs": validatingSteps,
  "mutating-runs": mutatingSteps,
};

/** Time for a policy to be heard of. */
const waited = (item: CapturedStep): CapturedStep => ({ ...item, pause: 1.5 });

function validatingSteps(ns: string): CapturedStep[] {
  const maps = `/api/v1/namespaces/${ns}/configmaps`;
  const deployments = `/apis/apps/v1/namespaces/${ns}/deployments`;
  const map = (name: string, data: Spec, labels: Spec = {}): object => ({ metadata: { name, labels }, data });
  const deployment = (name: string, replicas: number): object => ({
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "a", image: "registry.example/a:1" }] },
      },
    },
  });
  const one = `t-${ns}`;
  const validations = [
    { expression: "object.data.size() < 3" },
    { expression: "!has(object.data.bad)", message: "bad is not allowed", reason: "Forbidden" },
    { expression: "!('odd' in object.data)", messageExpression: "'odd is ' + object.data.odd", reason: "Unauthorized" },
    { expression: "object.data.?big.orValue('').size() < 5", reason: "RequestEntityTooLarge", message: "too big" },
    { expression: "object.?metadata.labels.?tier.orValue('none') != 'wrong'" },
    { expression: "!has(object.data.missing) || object.data.none == 'a'" },
    { expression: "!has(object.data.divide) || 1 / int(object.data.divide) == 1", message: "not one" },
    {
      expression: "request.operation != 'UPDATE' || object.data.?fixed == oldObject.data.?fixed",
      message: "fixed is fixed",
    },
  ];
  return [
    post(maps, map("limits", { most: "2" })),
    post(maps, map("stored", { fixed: "a", a: "1" })),
    post(POLICIES, policy(one, { validations })),
    post(BINDINGS, binding(one, ns)),
    waited(post(`${maps}?dryRun=All`, map("a", { a: "1", b: "2", c: "3" }))),
    post(`${maps}?dryRun=All`, map("a", { bad: "1" })),
    post(`${maps}?dryRun=All`, map("a", { odd: "1" })),
    post(`${maps}?dryRun=All`, map("a", { big: "123456" })),
    post(`${maps}?dryRun=All`, map("a", { a: "1" }, { tier: "wrong" })),
    post(`${maps}?dryRun=All`, map("a", { missing: "1" })),
    post(`${maps}?dryRun=All`, map("a", { divide: "0" })),
    post(`${maps}?dryRun=All`, map("a", { divide: "x" })),
    post(`${maps}?dryRun=All`, map("a", { divide: "2" })),
    post(`${maps}?dryRun=All`, map("a", { a: "1" })),
    post(`${maps}?dryRun=All`, { metadata: { name: "a" } }),
    post(`${maps}?dryRun=All`, map("a", { bad: "1", odd: "1", c: "3" })),
    patch(`${maps}/stored`, { data: { fixed: "b" } }),
    patch(`${maps}/stored`, { data: { a: "2" } }),
    patch(
      `${maps}/applied?fieldManager=m`,
      { apiVersion: "v1", kind: "ConfigMap", ...map("applied", { bad: "1" }) },
      APPLY,
    ),
    remove(`${maps}/stored`),
    patch(`${BINDINGS}/${one}`, { spec: { validationActions: ["Warn", "Audit"] } }),
    waited(post(`${maps}?dryRun=All`, map("a", { bad: "1", odd: "1", c: "3" }))),
    post(`${maps}?dryRun=All`, map("a", { missing: "1" })),
    patch(`${POLICIES}/${one}`, { spec: { failurePolicy: "Ignore" } }),
    waited(post(`${maps}?dryRun=All`, map("a", { missing: "1" }))),
    patch(`${BINDINGS}/${one}`, { spec: { validationActions: ["Audit"] } }),
    waited(post(`${maps}?dryRun=All`, map("a", { bad: "1" }))),
    remove(`${BINDINGS}/${one}`),
    remove(`${POLICIES}/${one}`),
    post(
      POLICIES,
      policy(one, {
        matchConstraints: constraints(rule(["deployments", "deployments/scale"], ["apps"])),
        paramKind: { apiVersion: "v1", kind: "ConfigMap" },
        variables: [
          { name: "most", expression: "int(params.data.most)" },
          { name: "replicas", expression: "object.spec.?replicas.orValue(0)" },
        ],
        matchConditions: [{ name: "not-excluded", expression: "object.metadata.name != 'free'" }],
        validations: [
          {
            expression: "variables.replicas <= variables.most",
            messageExpression:
              "'at most %d of %s, not %d'.format([variables.most, params.metadata.name, variables.replicas])",
          },
        ],
        auditAnnotations: [{ key: "replicas", valueExpression: "string(variables.replicas)" }],
      }),
    ),
    post(BINDINGS, binding(one, ns, { paramRef: { name: "limits", namespace: ns, parameterNotFoundAction: "Deny" } })),
    waited(post(deployments, deployment("d", 3))),
    post(deployments, deployment("free", 3)),
    post(deployments, deployment("d", 2)),
    patch(`${deployments}/d`, { spec: { replicas: 4 } }),
    patch(`${deployments}/d/scale`, { spec: { replicas: 4 } }),
    put(`${deployments}/d`, deployment("d", 5)),
    patch(`${maps}/limits`, { data: { most: "many" } }),
    waited(post(deployments, deployment("e", 1))),
    remove(`${maps}/limits`),
    waited(post(deployments, deployment("e", 1))),
    patch(`${BINDINGS}/${one}`, { spec: { paramRef: { parameterNotFoundAction: "Allow" } } }),
    waited(post(`${deployments}?dryRun=All`, deployment("e", 9))),
    patch(`${BINDINGS}/${one}`, {
      spec: { paramRef: { name: null, selector: { matchLabels: { limit: "yes" } }, parameterNotFoundAction: "Deny" } },
    }),
    waited(post(`${deployments}?dryRun=All`, deployment("e", 9))),
    read(`${POLICIES}/${one}`),
    remove(`${BINDINGS}/${one}`),
    remove(`${POLICIES}/${one}`),
  ];
}

function mutatingSteps(ns: string): CapturedStep[] {
  const maps = `/api/v1/namespaces/${ns}/configmaps`;
  const map = (name: string, data: Spec, labels?: Spec): object => ({
    metadata: { name, ...(labels && { labels }) },
    data,
  });
  const one = `t-${ns}`;
  const tried = (spec: Spec, ...steps: readonly CapturedStep[]): CapturedStep[] => [
    post(MUTATING, mutating(one, spec)),
    post(MUTATING_BINDINGS, mutatingBinding(one, ns)),
    ...steps.map((item, index) => (index === 0 ? waited(item) : item)),
    remove(`${MUTATING_BINDINGS}/${one}`),
    waited(remove(`${MUTATING}/${one}`)),
  ];
  return [
    post(maps, map("before", { a: "1" })),
    ...tried(
      applied(
        "Object{metadata: Object.metadata{labels: {'tier': 'x', 'size': string(object.data.size())}}, data: {'added': 'yes'}}",
      ),
      post(maps, map("a", { a: "1" })),
      post(`${maps}?dryRun=All`, map("b", { added: "no" }, { tier: "y" })),
      patch(`${maps}/before`, { data: { b: "2" } }),
      patch(
        `${maps}/applied?fieldManager=m`,
        { apiVersion: "v1", kind: "ConfigMap", ...map("applied", { c: "1" }) },
        APPLY,
      ),
      remove(`${maps}/a`),
    ),
    ...tried(
      patched(
        "[JSONPatch{op: 'test', path: '/data/a', value: '1'}, JSONPatch{op: 'replace', path: '/data/a', value: '9'}, JSONPatch{op: 'add', path: '/metadata/annotations', value: {jsonpatch.escapeKey('x/y'): 'z'}}]",
      ),
      post(`${maps}?dryRun=All`, map("a", { a: "1" })),
      post(`${maps}?dryRun=All`, map("a", { a: "2" })),
      post(`${maps}?dryRun=All`, map("a", { b: "2" })),
    ),
    ...tried(
      {
        ...applied("Object{data: {'n': string(variables.n)}}"),
        variables: [{ name: "n", expression: "object.data.size()" }],
        matchConditions: [{ name: "small", expression: "object.data.size() < 3" }],
      },
      post(`${maps}?dryRun=All`, map("a", { a: "1" })),
      post(`${maps}?dryRun=All`, map("a", { a: "1", b: "2", c: "3" })),
    ),
    ...tried(applied("Object{data: {'n': object.data.none}}"), post(`${maps}?dryRun=All`, map("a", { a: "1" }))),
    ...tried(
      { ...applied("Object{data: {'n': object.data.none}}"), failurePolicy: "Ignore" },
      post(`${maps}?dryRun=All`, map("a", { a: "1" })),
    ),
    ...tried(applied("Object{dataa: Object.dataa{n: 'x'}}"), post(`${maps}?dryRun=All`, map("a", { a: "1" }))),
    ...tried(applied("Object{data: {'n': dyn(1)}}"), post(`${maps}?dryRun=All`, map("a", { a: "1" }))),
    ...tried(
      applied("Object{metadata: Object.metadata{name: 'other'}}"),
      post(`${maps}?dryRun=All`, map("a", { a: "1" })),
    ),
    ...tried(
      patched("[JSONPatch{op: 'odd', path: '/data/a', value: '1'}]"),
      post(`${maps}?dryRun=All`, map("a", { a: "1" })),
    ),
    ...tried(
      patched("[JSONPatch{op: 'remove', path: '/data/none'}]"),
      post(`${maps}?dryRun=All`, map("a", { a: "1" })),
    ),
    ...tried(
      patched("[JSONPatch{op: 'add', path: '/data/x', value: 1}]"),
      post(`${maps}?dryRun=All`, map("a", { a: "1" })),
    ),
  ];
}
