// Checked by the type checker: a wrong expectation fails `npm run typecheck`, not the run.
import test from "node:test";
import { expectTypeOf } from "expect-type";
import type { SelfSubjectAccessReview } from "./authorization.k8s.io/v1.ts";
import type { Deployment, StatefulSetSpec } from "./apps/v1.ts";
import type { Scale } from "./autoscaling/v1.ts";
import type { BuiltInKinds } from "./built-in-kinds.ts";
import type { JSONSchemaProps } from "./apiextensions.k8s.io/v1.ts";
import type { Lease } from "./coordination.k8s.io/v1.ts";
import type { KindFacts, ListKeys, PresentOf, Scope, ScopeOf, SubresourcesOf } from "./kind-facts.ts";
import type { ClusterObjectMeta, ObjectMeta, Status } from "./meta/v1.ts";
import type { PodDisruptionBudgetSpec } from "./policy/v1.ts";
import type { Container, ContainerPort, Node, Pod, PodSpec, Secret, ServiceAccount } from "./v1.ts";

test("a kind says its scope, subresources and always-present fields", () => {
  expectTypeOf<ScopeOf<Pod>>().toEqualTypeOf<"Namespaced">();
  expectTypeOf<ScopeOf<Node>>().toEqualTypeOf<"Cluster">();
  expectTypeOf<SubresourcesOf<Deployment>>().toEqualTypeOf<"scale" | "status">();
  expectTypeOf<SubresourcesOf<Secret>>().toEqualTypeOf<never>();
  expectTypeOf<"log" | "exec" | "portforward" | "eviction" | "resize">().toExtend<SubresourcesOf<Pod>>();
  expectTypeOf<PresentOf<Pod>>().toEqualTypeOf<"spec" | "status">();
  expectTypeOf<PresentOf<Secret>>().toEqualTypeOf<never>();
  expectTypeOf<ScopeOf<Scale>>().toEqualTypeOf<"Namespaced">();
});

test("a type without facts may be of either scope and have any subresource", () => {
  expectTypeOf<ScopeOf<{ kind: string }>>().toEqualTypeOf<Scope>();
  expectTypeOf<SubresourcesOf<{ kind: string }>>().toEqualTypeOf<string>();
  expectTypeOf<PresentOf<{ kind: string }>>().toEqualTypeOf<never>();
});

test("a kind is assignable to one of the same scope of which less is known", () => {
  expectTypeOf<Pod>().toExtend<KindFacts<"Namespaced">>();
  expectTypeOf<Deployment>().toExtend<KindFacts<"Namespaced", "scale">>();
  expectTypeOf<Node>().not.toExtend<KindFacts<"Namespaced">>();
  expectTypeOf<Secret>().not.toExtend<KindFacts<"Namespaced", "scale">>();
});

test("a keyed list requires the keys that have no default", () => {
  expectTypeOf<ListKeys<NonNullable<Container["ports"]>>>().toEqualTypeOf<"containerPort">();
  expectTypeOf<ListKeys<PodSpec["containers"]>>().toEqualTypeOf<"name">();
  expectTypeOf<ListKeys<NonNullable<PodSpec["topologySpreadConstraints"]>>>().toEqualTypeOf<"topologyKey" | "whenUnsatisfiable">();
  expectTypeOf<ListKeys<NonNullable<PodSpec["imagePullSecrets"]>>>().toEqualTypeOf<"name">();
  expectTypeOf<ListKeys<NonNullable<ServiceAccount["secrets"]>>>().toEqualTypeOf<"name">();
  expectTypeOf<ListKeys<NonNullable<PodSpec["tolerations"]>>>().toEqualTypeOf<never>();
  expectTypeOf<ContainerPort[]>().toExtend<NonNullable<Container["ports"]>>();
});

test("the map of kinds is flat and has no bodies of subresources", () => {
  expectTypeOf<BuiltInKinds["apps/v1/Deployment"]>().toEqualTypeOf<Deployment>();
  expectTypeOf<BuiltInKinds>().toHaveProperty("v1/Event");
  expectTypeOf<BuiltInKinds>().toHaveProperty("events.k8s.io/v1/Event");
  expectTypeOf<"autoscaling/v1/Scale">().not.toExtend<keyof BuiltInKinds>();
});

test("metadata of a cluster-scoped kind has no namespace", () => {
  expectTypeOf<Node["metadata"]>().toEqualTypeOf<ClusterObjectMeta>();
  expectTypeOf<ClusterObjectMeta>().not.toHaveProperty("namespace");
  expectTypeOf<Pod["metadata"]>().toEqualTypeOf<ObjectMeta>();
  expectTypeOf<ClusterObjectMeta>().toExtend<ObjectMeta>();
});

test("metadata is required of what can be read, and optional in a review", () => {
  expectTypeOf<Pod>().toHaveProperty("metadata").toEqualTypeOf<ObjectMeta>();
  expectTypeOf<SelfSubjectAccessReview>().toHaveProperty("metadata").toEqualTypeOf<ClusterObjectMeta | undefined>();
});

test("closed enums are closed and open ones take any string", () => {
  expectTypeOf<NonNullable<Pod["status"]>["phase"]>().toEqualTypeOf<"Failed" | "Pending" | "Running" | "Succeeded" | "Unknown" | undefined>();
  expectTypeOf<string>().toExtend<PodDisruptionBudgetSpec["unhealthyPodEvictionPolicy"]>();
});

test("values with their own JSON form have it", () => {
  expectTypeOf<NonNullable<NonNullable<Container["resources"]>["limits"]>[string]>().toEqualTypeOf<string | number>();
  expectTypeOf<NonNullable<Lease["spec"]>["renewTime"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<NonNullable<Secret["data"]>[string]>().toEqualTypeOf<string>();
  expectTypeOf<JSONSchemaProps["items"]>().toEqualTypeOf<JSONSchemaProps | JSONSchemaProps[] | undefined>();
  expectTypeOf<JSONSchemaProps["default"]>().toEqualTypeOf<unknown>();
  expectTypeOf<Status["kind"]>().toEqualTypeOf<"Status">();
});

test("an object inside another need not repeat its apiVersion and kind", () => {
  type Template = NonNullable<StatefulSetSpec["volumeClaimTemplates"]>[number];
  expectTypeOf<{ metadata: { name: string } }>().toExtend<Template>();
  expectTypeOf<{ metadata: { name: string }; kind: "Pod" }>().not.toExtend<Template>();
});
