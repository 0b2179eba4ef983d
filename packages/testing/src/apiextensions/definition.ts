/**
 * A CustomResourceDefinition as the rest of the folder reads it.
 */
import type { ApiObject } from "../registry/strategy.ts";
import { isSemanticallyEqual } from "../strategies/json-access.ts";
import type { JsonSchema } from "./json-schema.ts";

export const DEFINITION_VERSION = "apiextensions.k8s.io/v1";
export const DEFINITION_KIND = "CustomResourceDefinition";
/** Stays on a definition that is being deleted until its objects are gone. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/** `CustomResourceDefinitionNames`. */
export interface DefinitionNames {
  readonly plural: string;
  readonly singular?: string | undefined;
  readonly shortNames?: readonly string[] | undefined;
  readonly kind: string;
  readonly listKind?: string | undefined;
  readonly categories?: readonly string[] | undefined;
}

/** `CustomResourceColumnDefinition`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly priority?: number | undefined;
  readonly jsonPath: string;
}

export interface ScaleSubresource {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string | undefined;
}

export interface Subresources {
  readonly status?: object | undefined;
  readonly scale?: ScaleSubresource | undefined;
}

/** `CustomResourceDefinitionVersion`. */
export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean | undefined;
  readonly deprecationWarning?: string | undefined;
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema | undefined } | undefined;
  readonly subresources?: Subresources | undefined;
  readonly additionalPrinterColumns?: readonly PrinterColumn[] | undefined;
  readonly selectableFields?: readonly { readonly jsonPath: string }[] | undefined;
}

/** `CustomResourceDefinitionSpec`. */
export interface DefinitionSpec {
  readonly group: string;
  readonly names: DefinitionNames;
  readonly scope: string;
  readonly versions?: readonly DefinitionVersion[] | undefined;
  readonly conversion?: Readonly<Record<string, unknown>> | undefined;
  readonly preserveUnknownFields?: boolean | undefined;
}

/** `CustomResourceDefinitionCondition`. */
export interface DefinitionCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

export interface DefinitionStatus {
  readonly conditions?: readonly DefinitionCondition[] | null | undefined;
  readonly acceptedNames?: DefinitionNames | undefined;
  readonly storedVersions?: readonly string[] | null | undefined;
}

export interface Definition extends ApiObject {
  readonly spec: DefinitionSpec;
  readonly status?: DefinitionStatus | undefined;
}

/** The spec as kube-apiserver keeps it in memory: what is the same in all versions stands once, at the top. */
export interface HoistedSpec {
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema | undefined } | undefined;
  readonly subresources?: Subresources | undefined;
  readonly additionalPrinterColumns?: readonly PrinterColumn[] | undefined;
  readonly selectableFields?: readonly { readonly jsonPath: string }[] | undefined;
  readonly versions: readonly DefinitionVersion[];
}

/** A stored object of the kind as what it is. */
export function asDefinition(object: ApiObject): Definition {
  return object as Definition;
}

export function conditionOf(definition: Definition, type: string): DefinitionCondition | undefined {
  return definition.status?.conditions?.find((condition) => condition.type === type);
}

/** Whether the resources of the definition are served. */
export function isEstablished(definition: Definition): boolean {
  return conditionOf(definition, "Established")?.status === "True";
}

const PER_VERSION = ["schema", "subresources", "additionalPrinterColumns", "selectableFields"] as const;

/** Puts what all versions share to the top, where the messages of validation place it. */
export function hoist(spec: DefinitionSpec): HoistedSpec {
  const versions = spec.versions ?? [];
  const [first] = versions;
  const shared = PER_VERSION.filter((member) => {
    const value = first?.[member];
    return (
      isSet(value) && versions.every((version) => isSet(version[member]) && isSemanticallyEqual(version[member], value))
    );
  });
  return {
    ...Object.fromEntries(shared.map((member) => [member, first?.[member]])),
    versions: versions.map(
      (version) =>
        Object.fromEntries(
          Object.entries(version).filter(([key]) => !shared.includes(key as "schema")),
        ) as unknown as DefinitionVersion,
    ),
  };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
