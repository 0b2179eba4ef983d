/** What the types say of kinds, as far as programs rely on it. */
import type {
  AllNamespaces,
  Client,
  Collection,
  Existing,
  KindMap,
  KindName,
  KindOf,
  KubeObject,
  List,
  MetadataOnly,
  Resource,
  Table,
  Untyped,
  WatchEvent,
} from "bowline";
import type { ConfigMap, Node, Pod } from "bowline/kinds/v1";
import { expectTypeOf } from "expect-type";

declare const client: Client;

// Scope decides what a handle without a namespace can do.
expectTypeOf(client.resource("v1", "Pod")).toEqualTypeOf<AllNamespaces<Pod>>();
expectTypeOf(client.resource("v1", "Pod", { namespace: "a" })).toEqualTypeOf<Resource<Pod>>();
expectTypeOf(client.resource("v1", "Node")).toEqualTypeOf<Resource<Node>>();
// Of a kind of unknown scope both are offered.
expectTypeOf(client.resource("x.io/v1", "Thing")).toExtend<Resource<Untyped>>();
expectTypeOf(client.resource("x.io/v1", "Thing")).toExtend<AllNamespaces<Untyped>>();

// A kind by name.
expectTypeOf<KindOf<"v1", "ConfigMap">>().toEqualTypeOf<ConfigMap>();
expectTypeOf<KindOf<"x.io/v1", "Thing">>().toEqualTypeOf<Untyped>();
expectTypeOf<KindName<"apps/v1">>().toEqualTypeOf<
  "ControllerRevision" | "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet"
>();
expectTypeOf<KindName<"x.io/v1">>().toEqualTypeOf<string>();
expectTypeOf<KindMap["v1/Pod"]>().toEqualTypeOf<Pod>();

// What the server returned has what the server fills in.
expectTypeOf<Existing<Pod>["metadata"]["namespace"]>().toEqualTypeOf<string>();
expectTypeOf<Existing<Node>["metadata"]["uid"]>().toEqualTypeOf<string>();
expectTypeOf<Existing<Node>["metadata"]>().not.toHaveProperty("namespace");
expectTypeOf<Existing<Pod>["spec"]>().toEqualTypeOf<NonNullable<Pod["spec"]>>();
expectTypeOf<Existing<ConfigMap>>().toExtend<ConfigMap>();
expectTypeOf<List<Pod>["kind"]>().toEqualTypeOf<"PodList">();

// Subresources are members where the kind has them.
expectTypeOf<Resource<Pod>>().toHaveProperty("eviction");
expectTypeOf<Resource<Pod>>().not.toHaveProperty("scale");
expectTypeOf<Resource<ConfigMap>>().not.toHaveProperty("status");

// Collections of any kind stand in for collections of objects.
expectTypeOf<Collection<Pod>>().toExtend<Collection<KubeObject>>();
expectTypeOf<Resource<Pod>>().toExtend<Collection<KubeObject>>();
expectTypeOf<WatchEvent<Pod>>().toExtend<WatchEvent<KubeObject>>();

// Reading less gives types with less.
expectTypeOf<MetadataOnly<Pod>>().not.toHaveProperty("spec");
const pods = client.resource("v1", "Pod", { namespace: "a" });
expectTypeOf(pods.table({ includeObject: "Object" })).resolves.toEqualTypeOf<Table<Existing<Pod>>>();
expectTypeOf(pods.table()).resolves.toEqualTypeOf<Table<Existing<KubeObject>>>();
expectTypeOf(pods.wait("a", "deleted")).resolves.toEqualTypeOf<undefined>();
expectTypeOf(pods.find("a")).resolves.toEqualTypeOf<Existing<Pod> | undefined>();
