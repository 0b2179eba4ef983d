/**
 * Admission by namespaces: nothing is created in one that is missing or going away, and some may not be deleted.
 */
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { forbidden, notFound } from "./status-error.ts";

/** Namespaces that stay. */
const IMMORTAL = new Set(["default", "kube-system", "kube-public"]);
const NAMESPACES = { group: "", name: "namespaces" };

export const namespaceLifecycle: AdmissionPlugin = { name: "NamespaceLifecycle", admit };

function admit(request: AdmissionRequest): void {
  const { resource, operation, namespace, name } = request;
  if (resource.group === "" && resource.plural === "namespaces") {
    if (operation === "DELETE" && IMMORTAL.has(name))
      throw forbidden(NAMESPACES, name, "this namespace may not be deleted");
    return;
  }
  if (operation !== "CREATE" || namespace === "" || resource.plural === "localsubjectaccessreviews") return;
  const found = request.context.find("v1", "Namespace", undefined, namespace);
  if (found === undefined) throw notFound(NAMESPACES, namespace);
  const phase = (found["status"] as { phase?: string } | undefined)?.phase;
  if (found.metadata["deletionTimestamp"] === undefined && phase !== "Terminating") return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const generated = request.object?.metadata["generateName"];
  const shown = name === "" && typeof generated === "string" ? generated : name;
  throw forbidden({ group: resource.group, name: resource.plural }, shown, why, [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ]);
}
