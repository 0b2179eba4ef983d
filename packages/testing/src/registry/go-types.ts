/**
 * Names of Go types, which a few of the server's error texts show.
 */

/** Groups whose package is not named after the first part of the group. */
const PACKAGES: Readonly<Record<string, string>> = {
  "": "core",
  "events.k8s.io": "core",
  "rbac.authorization.k8s.io": "rbac",
  "flowcontrol.apiserver.k8s.io": "flowcontrol",
};

/** The package of a group's internal types: `core`, `apps`, `rbac`. */
export function goPackage(group: string): string {
  return PACKAGES[group] ?? group.split(".")[0] ?? group;
}

/** `*core.PodList`, `*unstructured.Unstructured`. */
export function goType(
  resource: { readonly group: string; readonly kind: string; readonly isCustom: boolean },
  isList: boolean,
): string {
  const suffix = isList ? "List" : "";
  return resource.isCustom
    ? `*unstructured.Unstructured${suffix}`
    : `*${goPackage(resource.group)}.${resource.kind}${suffix}`;
}
