/**
 * Checks of how close a Pod comes to its node: security contexts of Pods, the host's namespaces, and what each operating system lacks.
 */
import { validateDns1123Subdomain, validateInRange } from "bowline/core";
import { at, type Fields, fieldsAt, isTrueAt, itemsAt, numberAt, textAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { validateAppArmorProfile, validateSeccompProfile, validateWindowsOptions } from "./container-security.ts";

const MAX_INT32 = 2147483647;

/** The `securityContext` of a Pod's spec. */
export function validatePodSecurityContext(errors: FieldErrors, path: string, spec: Fields): void {
  const context = fieldsAt(spec, "securityContext");
  if (context === undefined) return;
  for (const member of ["fsGroup", "runAsUser", "runAsGroup"]) {
    const id = numberAt(context, member);
    if (id !== undefined) errors.invalidEach(child(path, member), id, validateInRange(id, 0, MAX_INT32));
  }
  const groups = context["supplementalGroups"];
  for (const [index, group] of (Array.isArray(groups) ? groups : []).entries()) {
    if (typeof group === "number")
      errors.invalidEach(`${child(path, "supplementalGroups")}[${index}]`, group, validateInRange(group, 0, MAX_INT32));
  }
  validateSysctls(errors, child(path, "sysctls"), spec, itemsAt(context, "sysctls"));
  const oneOf = (member: string, supported: readonly string[]) => {
    const value = at(context, member);
    if (value !== undefined) errors.oneOf(child(path, member), String(value), supported);
  };
  oneOf("fsGroupChangePolicy", ["Always", "OnRootMismatch"]);
  validateSeccompProfile(errors, child(path, "seccompProfile"), fieldsAt(context, "seccompProfile"));
  validateWindowsOptions(errors, child(path, "windowsOptions"), fieldsAt(context, "windowsOptions"));
  validateAppArmorProfile(errors, child(path, "appArmorProfile"), fieldsAt(context, "appArmorProfile"));
  oneOf("supplementalGroupsPolicy", ["Merge", "Strict"]);
  oneOf("seLinuxChangePolicy", ["MountOption", "Recursive"]);
}

const SYSCTL = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const MAX_SYSCTL = 253;
/** What belongs to the namespaces that a Pod may share with its node. */
const IPC_SYSCTL = /^(kernel[./]shm|kernel[./]msg|fs[./]mqueue[./])|^kernel[./]sem$/;
const NET_SYSCTL = /^net[./]/;

function validateSysctls(errors: FieldErrors, path: string, spec: Fields, sysctls: readonly Fields[]): void {
  const names = sysctls.map((sysctl) => textAt(sysctl, "name"));
  for (const [index, name] of names.entries()) {
    const field = `${path}[${index}].name`;
    if (name === "") errors.required(field);
    else if (name.length > MAX_SYSCTL || !new RegExp(SYSCTL).test(name))
      errors.invalid(field, name, `must have at most ${MAX_SYSCTL} characters and match regex ${SYSCTL}`);
    else if (names.indexOf(name) < index) errors.duplicate(field, name);
    if (isTrueAt(spec, "hostNetwork") && NET_SYSCTL.test(name))
      errors.invalid(field, name, "may not be specified when 'hostNetwork' is true");
    else if (isTrueAt(spec, "hostIPC") && IPC_SYSCTL.test(name))
      errors.invalid(field, name, "may not be specified when 'hostIPC' is true");
  }
}

/** Containers with their paths, init containers first, as the real server visits them. */
function containersOf(spec: Fields, path: string): (readonly [Fields, string])[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    itemsAt(spec, list).map((container, index) => [container, `${child(path, list)}[${index}]`] as const),
  );
}

/** Containers that are processes of a Windows node. */
export function validateHostProcess(errors: FieldErrors, path: string, spec: Fields): void {
  const ofPod = at(spec, "securityContext", "windowsOptions", "hostProcess");
  const containers = containersOf(spec, path);
  let count = 0;
  for (const [container, here] of containers) {
    const own = at(container, "securityContext", "windowsOptions", "hostProcess");
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      const why = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.invalid(child(here, "securityContext.windowsOptions.hostProcess"), own, why);
    }
    if ((own ?? ofPod) === true) count++;
  }
  if (count === 0) return;
  if (count !== containers.length) {
    const why = "If pod contains any hostProcess containers then all containers must be HostProcess containers";
    errors.invalid(path, "", why);
  }
  if (!isTrueAt(spec, "hostNetwork")) {
    const why = "hostNetwork must be true if pod contains any hostProcess containers";
    errors.invalid(child(path, "hostNetwork"), false, why);
  }
}

/** What does not go with users of the Pod's own. */
export function validateHostUsers(errors: FieldErrors, path: string, spec: Fields): void {
  if (at(spec, "hostUsers") !== false) return;
  const why = "when `hostUsers` is false";
  if (isTrueAt(spec, "hostNetwork")) errors.forbidden(child(path, "hostNetwork"), why);
  if (isTrueAt(spec, "hostPID")) errors.forbidden(child(path, "HostPID"), why);
  if (isTrueAt(spec, "hostIPC")) errors.forbidden(child(path, "HostIPC"), why);
  for (const [container, here] of containersOf(spec, path)) {
    if (itemsAt(container, "volumeDevices").length > 0) errors.forbidden(child(here, "volumeDevices"), why);
  }
}

/** A host name that replaces the Pod's. */
export function validateHostnameOverride(errors: FieldErrors, path: string, spec: Fields): void {
  const name = at(spec, "hostnameOverride");
  if (typeof name !== "string") return;
  const field = child(path, "hostnameOverride");
  if (isTrueAt(spec, "setHostnameAsFQDN"))
    errors.forbidden(field, "may not be specified when setHostnameAsFQDN is true");
  if (isTrueAt(spec, "hostNetwork")) errors.forbidden(field, "may not be specified when hostNetwork is true");
  if (name.length > 64) errors.tooLong(field, 64);
  errors.invalidEach(field, name, validateDns1123Subdomain(name));
}

const NOT_IN_WINDOWS_POD = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
  "seLinuxChangePolicy",
];
const NOT_IN_WINDOWS_CONTAINER = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
];

/** `os`, and what its system does not have. */
export function validateOperatingSystem(errors: FieldErrors, path: string, spec: Fields): void {
  const os = fieldsAt(spec, "os");
  if (os === undefined) return;
  const name = textAt(os, "name");
  if (name === "") errors.required(child(path, "os.name"));
  else if (name === "linux") validateLinux(errors, path, spec);
  else if (name === "windows") validateWindows(errors, path, spec);
  else errors.notSupported(child(path, "os"), name, ["linux", "windows"]);
}

function validateLinux(errors: FieldErrors, path: string, spec: Fields): void {
  for (const [owner, here] of [[spec, path] as const, ...containersOf(spec, path)]) {
    if (fieldsAt(owner, "securityContext", "windowsOptions") !== undefined)
      errors.forbidden(child(here, "securityContext.windowsOptions"), "windows options cannot be set for a linux pod");
  }
}

function validateWindows(errors: FieldErrors, path: string, spec: Fields): void {
  const why = "cannot be set for a windows pod";
  const isSet = (owner: Fields, member: string) => {
    const value = at(owner, "securityContext", member);
    return value !== undefined && !(member === "sysctls" && itemsAt(owner, "securityContext", member).length === 0);
  };
  for (const member of NOT_IN_WINDOWS_POD) {
    if (isSet(spec, member)) errors.forbidden(child(path, `securityContext.${member}`), why);
  }
  if (at(spec, "hostUsers") !== undefined) errors.forbidden(child(path, "hostUsers"), why);
  for (const member of ["hostPID", "hostIPC"]) if (isTrueAt(spec, member)) errors.forbidden(child(path, member), why);
  if (at(spec, "shareProcessNamespace") !== undefined) errors.forbidden(child(path, "shareProcessNamespace"), why);
  for (const [container, here] of containersOf(spec, path)) {
    for (const member of NOT_IN_WINDOWS_CONTAINER) {
      if (isSet(container, member)) errors.forbidden(child(here, `securityContext.${member}`), why);
    }
  }
}
