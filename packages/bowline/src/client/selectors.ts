/**
 * Selecting objects by labels and fields, as types.
 */
import type { LabelSelectorInput } from "../core/label-selector.ts";
import type { SelectableFields } from "../kinds/selectable-fields.ts";
import type { KubeObject } from "./kube-object.ts";

type FieldsOf<T extends KubeObject> = string extends T["kind"]
  ? string
  :
      | "metadata.name"
      | "metadata.namespace"
      | (`${T["apiVersion"]}/${T["kind"]}` extends infer K extends keyof SelectableFields
          ? SelectableFields[K]
          : never);

/** Equalities by field; each name is checked for the kind. */
export type FieldSelector<T extends KubeObject> = { readonly [P in FieldsOf<T>]?: string | undefined };

/** Which objects of a collection. Default: all. */
export interface SelectorOptions<T extends KubeObject = KubeObject> {
  /** `"app=shop,tier!=db"`, a map of equalities (a list means `in`), or the API's own LabelSelector. */
  readonly labelSelector?: LabelSelectorInput | undefined;
  /** `"status.phase=Running"`, or a map of equalities. */
  readonly fieldSelector?: string | FieldSelector<T> | undefined;
}
