/**
 * The topic `get-list` with kinds and values of our own.
 */
import { named, PARTIAL_LIST, post, read, TABLE, type TopicScenarios } from "./requests.ts";

export const getListScenarios: TopicScenarios = {
  selectors: (ns) => {
    const secrets = `/api/v1/namespaces/${ns}/secrets`;
    const make = (name: string, type: string, own: object) => post(secrets, { metadata: { name, labels: own }, type });
    const selectors = [
      "a=1",
      "a==1",
      "a!=1",
      "a",
      "!a",
      "a in (1,2)",
      "a notin (1)",
      "a=1,b=2",
      "a in ()",
      "a in (1",
      "a>0",
      "a<5",
      "a>x",
      "a=",
      "=1",
      "a=1,",
      ",a",
      "a b",
      "-a",
      "a/b/c=1",
      "x.example.com/y=z",
      "a=b c",
      "A=1",
      "a in (,1)",
      `a=${"x".repeat(64)}`,
    ];
    const fields = [
      "type=Opaque",
      "type!=Opaque",
      "metadata.name=one",
      "metadata.name!=one",
      "metadata.namespace=other",
      "metadata.name=one,type=Opaque",
      "data.a=b",
      "metadata.name",
      "metadata.name==one",
      "=",
      "",
      "metadata.name=a\\,b",
      "metadata.name=a=b",
      "type in (a)",
    ];
    return [
      make("one", "Opaque", { a: "1" }),
      make("two", "example.com/x", { a: "2", b: "2" }),
      make("three", "Opaque", { c: "3", "x.example.com/y": "z" }),
      ...selectors.map((text) => read(`${secrets}?labelSelector=${encodeURIComponent(text)}`, PARTIAL_LIST)),
      ...fields.map((text) => read(`${secrets}?fieldSelector=${encodeURIComponent(text)}`, PARTIAL_LIST)),
    ];
  },
  paging: (ns) => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`;
    return [
      ...["a", "b", "c", "d"].map((name) =>
        post(path, { metadata: { name, labels: { half: name < "c" ? "1" : "2" } }, spec: { holderIdentity: name } }),
      ),
      named("first", read(`${path}?limit=2`)),
      named("second", read(`${path}?limit=1&continue=\${first.body.metadata.continue}`)),
      read(`${path}?limit=5&continue=\${second.body.metadata.continue}`),
      read(`${path}?continue=\${first.body.metadata.continue}`),
      read(`${path}?limit=2&continue=\${first.body.metadata.continue}&resourceVersion=5`),
      read(`${path}?limit=2&continue=bad`),
      read(`${path}?limit=x`),
      read(`${path}?limit=0`),
      read(`${path}?limit=2&resourceVersion=0`),
      read(`${path}?limit=2&labelSelector=half%3D2`),
      read(`${path}?limit=2&resourceVersionMatch=Exact`),
      read(`${path}?limit=1&resourceVersionMatch=Exact&resourceVersion=\${first.body.metadata.resourceVersion}`),
      read(`${path}?limit=1&resourceVersionMatch=NotOlderThan&resourceVersion=\${first.body.metadata.resourceVersion}`),
      read(`${path}?resourceVersionMatch=Odd&resourceVersion=1`),
      read(`${path}?resourceVersion=-1`),
      read(`${path}?timeoutSeconds=x`),
      read(`${path}?limit=2`, TABLE),
      read(`${path}?limit=2`, PARTIAL_LIST),
      read(`/apis/coordination.k8s.io/v1/leases?fieldSelector=metadata.namespace%3D${ns}&limit=1`),
      read(`${path}/a?resourceVersion=0`),
      read(`${path}/a?resourceVersion=99999999`),
      read(`${path}/a?resourceVersion=x`),
      read(`${path}/a?resourceVersionMatch=Exact`),
      read(`${path}?pretty=true`),
      read(`${path}/a`, { Accept: "application/yaml" }),
      read(path, { Accept: "application/yaml" }),
      read(path, { Accept: "application/json;as=Table;v=v1beta1;g=meta.k8s.io" }),
      read(path, { Accept: "application/json;as=Table;v=v2;g=meta.k8s.io" }),
      read(path, { Accept: "application/json;as=List;v=v1;g=meta.k8s.io,application/json" }),
      read(path, { Accept: "text/*" }),
      read(path, { Accept: "*/*" }),
      read(path, { Accept: "" }),
      read(path, { Accept: "application/json;stream=watch" }),
    ];
  },
};
