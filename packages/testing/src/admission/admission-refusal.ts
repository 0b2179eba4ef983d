/**
 * How an admission plugin refuses a write: 403 on the object, with the plugin's reason.
 */
import type { AdmissionRequest } from "../registry/admission.ts";
import { forbidden, type StatusCause, type StatusError } from "../registry/status-error.ts";

export function refusal(request: AdmissionRequest, why: string, causes?: readonly StatusCause[]): StatusError {
  const { resource, object } = request;
  const generated = object?.metadata["generateName"];
  const name = request.name || object?.metadata.name || (typeof generated === "string" ? generated : "") || "Unknown!";
  return forbidden({ group: resource.group, name: resource.plural }, name, why, causes);
}

/** Whether the request writes a Pod itself, or the named subresource of one. */
export function isPodWrite(
  request: AdmissionRequest,
  operation: AdmissionRequest["operation"],
  subresource = "",
): boolean {
  const { resource } = request;
  return (
    resource.group === "" &&
    resource.kind === "Pod" &&
    request.operation === operation &&
    request.subresource === subresource
  );
}
