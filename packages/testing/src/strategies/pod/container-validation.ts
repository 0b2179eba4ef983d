/**
 * Checks of containers: of Pods and of pod templates, regular, init and ephemeral ones.
 */
import { validateDns1123Label, validatePortName, validatePortNumber } from "bowline/core";
import { at, type Fields, fieldsAt, fieldsOf, isTrueAt, itemsAt, numberAt, textAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { validateContainerResources } from "../validation/resource-validation.ts";
import { validateSecurityContext } from "./container-security.ts";
import { validateEnv, validateEnvFrom } from "./env-validation.ts";
import { validateLifecycle, validateProbes } from "./handler-validation.ts";

/** What containers are checked against. */
export interface PodSurroundings {
  readonly volumes: ReadonlyMap<string, Fields>;
  readonly claimNames: readonly string[];
  readonly restartPolicy: string;
  readonly gracePeriodSeconds: number | undefined;
  readonly usesHostUsers: boolean;
}

export function validateContainers(
  errors: FieldErrors,
  path: string,
  containers: readonly Fields[],
  pod: PodSurroundings,
): void {
  if (containers.length === 0) {
    errors.required(path);
    return;
  }
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const here = `${path}[${index}]`;
    validateContainer(errors, here, container, pod);
    const name = textAt(container, "name");
    if (names.has(name)) errors.duplicate(child(here, "name"), name);
    else names.add(name);
    validateLifecycle(errors, child(here, "lifecycle"), fieldsAt(container, "lifecycle"), pod);
    validateProbes(errors, here, container, pod);
    validateRestartPolicy(errors, here, container);
  }
  validateHostPorts(errors, path, containers);
}

export function validateInitContainers(
  errors: FieldErrors,
  path: string,
  containers: readonly Fields[],
  regular: readonly Fields[],
  pod: PodSurroundings,
): void {
  const names = new Set(regular.map((container) => textAt(container, "name")));
  for (const [index, container] of containers.entries()) {
    const here = `${path}[${index}]`;
    validateContainer(errors, here, container, pod);
    validateRestartPolicy(errors, here, container);
    const name = textAt(container, "name");
    if (names.has(name)) errors.duplicate(child(here, "name"), name);
    else if (name !== "") names.add(name);
    validateHostPorts(errors, path, [container]);
    const isSidecar = textAt(container, "restartPolicy") === "Always";
    if (isSidecar) {
      validateLifecycle(errors, child(here, "lifecycle"), fieldsAt(container, "lifecycle"), pod);
      validateProbes(errors, here, container, pod);
    } else {
      for (const member of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]) {
        if (fieldsOf(container[member]) === undefined) continue;
        errors.forbidden(child(here, member), "may not be set for init containers without restartPolicy=Always");
      }
      for (const [i, policy] of itemsAt(container, "resizePolicy").entries()) {
        if (policy["restartPolicy"] !== "RestartContainer") continue;
        const field = `${child(here, "resizePolicy")}[${i}].restartPolicy`;
        errors.invalid(
          field,
          "RestartContainer",
          "must not be set to 'RestartContainer' for non-sidecar initContainers",
        );
      }
    }
  }
}

/** What an ephemeral container may have; anything else is refused. */
const EPHEMERAL_FIELDS = new Set([
  "name",
  "image",
  "command",
  "args",
  "workingDir",
  "env",
  "envFrom",
  "volumeMounts",
  "volumeDevices",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "imagePullPolicy",
  "securityContext",
  "stdin",
  "stdinOnce",
  "tty",
  "targetContainerName",
]);
const CONTAINER_FIELDS = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
];

export function validateEphemeralContainers(
  errors: FieldErrors,
  path: string,
  spec: Fields,
  pod: PodSurroundings,
): void {
  const others = [...itemsAt(spec, "containers"), ...itemsAt(spec, "initContainers")].map((container) =>
    textAt(container, "name"),
  );
  const names = new Set(others);
  for (const [index, container] of itemsAt(spec, "ephemeralContainers").entries()) {
    const here = `${path}[${index}]`;
    validateContainer(errors, here, container, pod);
    const name = textAt(container, "name");
    if (names.has(name)) errors.duplicate(child(here, "name"), name);
    else names.add(name);
    const target = textAt(container, "targetContainerName");
    if (target !== "" && !others.includes(target)) errors.notFound(child(here, "targetContainerName"), target);
    for (const member of CONTAINER_FIELDS) {
      const value = container[member];
      const isSet = value !== undefined && value !== null && Object.keys(value).length > 0;
      if (isSet && !EPHEMERAL_FIELDS.has(member))
        errors.forbidden(child(here, member), "cannot be set for an Ephemeral Container");
    }
    for (const [i, mount] of itemsAt(container, "volumeMounts").entries()) {
      for (const member of ["subPath", "subPathExpr"]) {
        if (textAt(mount, member) === "") continue;
        errors.forbidden(`${child(here, "volumeMounts")}[${i}].${member}`, "cannot be set for an Ephemeral Container");
      }
    }
  }
}

function validateContainer(errors: FieldErrors, path: string, container: Fields, pod: PodSurroundings): void {
  const name = textAt(container, "name");
  if (name === "") errors.required(child(path, "name"));
  else errors.invalidEach(child(path, "name"), name, validateDns1123Label(name));
  if (textAt(container, "image") === "") errors.required(child(path, "image"));
  const messagePolicy = textAt(container, "terminationMessagePolicy");
  errors.oneOf(child(path, "terminationMessagePolicy"), messagePolicy, ["File", "FallbackToLogsOnError"], "required");
  validatePorts(errors, child(path, "ports"), itemsAt(container, "ports"));
  validateEnv(errors, child(path, "env"), itemsAt(container, "env"));
  validateEnvFrom(errors, child(path, "envFrom"), itemsAt(container, "envFrom"));
  validateMounts(errors, path, container, pod);
  errors.oneOf(
    child(path, "imagePullPolicy"),
    textAt(container, "imagePullPolicy"),
    ["Always", "IfNotPresent", "Never"],
    "required",
  );
  validateContainerResources(errors, child(path, "resources"), fieldsAt(container, "resources"), pod.claimNames);
  validateResizePolicy(errors, child(path, "resizePolicy"), itemsAt(container, "resizePolicy"), pod);
  validateSecurityContext(errors, child(path, "securityContext"), fieldsAt(container, "securityContext"), pod);
}

function validatePorts(errors: FieldErrors, path: string, ports: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const here = `${path}[${index}]`;
    const name = textAt(port, "name");
    if (name !== "") {
      const problems = validatePortName(name);
      if (problems.length > 0) errors.invalidEach(child(here, "name"), name, problems);
      else if (names.has(name)) errors.duplicate(child(here, "name"), name);
      else names.add(name);
    }
    const number = numberAt(port, "containerPort") ?? 0;
    if (number === 0) errors.required(child(here, "containerPort"));
    else errors.invalidEach(child(here, "containerPort"), number, validatePortNumber(number));
    const hostPort = numberAt(port, "hostPort") ?? 0;
    if (hostPort !== 0) errors.invalidEach(child(here, "hostPort"), hostPort, validatePortNumber(hostPort));
    errors.oneOf(child(here, "protocol"), textAt(port, "protocol"), ["SCTP", "TCP", "UDP"], "required");
  }
}

function validateMounts(errors: FieldErrors, path: string, container: Fields, pod: PodSurroundings): void {
  const mountsPath = child(path, "volumeMounts");
  const devices = itemsAt(container, "volumeDevices");
  const mountPaths = new Set<string>();
  for (const [index, mount] of itemsAt(container, "volumeMounts").entries()) {
    const here = `${mountsPath}[${index}]`;
    const name = textAt(mount, "name");
    const mountPath = textAt(mount, "mountPath");
    if (name === "") errors.required(child(here, "name"));
    if (!pod.volumes.has(name)) errors.notFound(child(here, "name"), name);
    if (mountPath === "") errors.required(child(here, "mountPath"));
    if (mountPaths.has(mountPath)) errors.invalid(child(here, "mountPath"), mountPath, "must be unique");
    mountPaths.add(mountPath);
    if (devices.some((device) => device["name"] === name))
      errors.invalid(child(here, "name"), name, "must not already exist in volumeDevices");
    if (devices.some((device) => device["devicePath"] === mountPath)) {
      errors.invalid(child(here, "mountPath"), mountPath, "must not already exist as a path in volumeDevices");
    }
    const subPath = textAt(mount, "subPath");
    const subPathExpr = textAt(mount, "subPathExpr");
    if (subPath !== "") validateDescendingPath(errors, child(mountsPath, "subPath"), subPath);
    if (subPathExpr !== "") {
      if (subPath !== "")
        errors.invalid(child(here, "subPathExpr"), subPathExpr, "subPathExpr and subPath are mutually exclusive");
      validateDescendingPath(errors, child(mountsPath, "subPathExpr"), subPathExpr);
    }
    const propagation = at(mount, "mountPropagation");
    if (typeof propagation === "string") {
      errors.oneOf(child(mountsPath, "mountPropagation"), propagation, ["Bidirectional", "HostToContainer", "None"]);
      if (propagation === "Bidirectional" && !isTrueAt(container, "securityContext", "privileged")) {
        errors.forbidden(
          child(mountsPath, "mountPropagation"),
          "Bidirectional mount propagation is available only to privileged containers",
        );
      }
    }
    validateRecursiveReadOnly(errors, child(mountsPath, "recursiveReadOnly"), mount);
  }
  validateDevices(errors, path, container, pod);
}

function validateRecursiveReadOnly(errors: FieldErrors, field: string, mount: Fields): void {
  const value = at(mount, "recursiveReadOnly");
  if (value === undefined || value === "Disabled") return;
  if (value !== "Enabled" && value !== "IfPossible") {
    errors.notSupported(field, value, ["Disabled", "Enabled", "IfPossible"]);
    return;
  }
  if (!isTrueAt(mount, "readOnly")) errors.forbidden(field, "may only be specified when readOnly is true");
  const propagation = at(mount, "mountPropagation");
  if (propagation !== undefined && propagation !== "None")
    errors.forbidden(field, "may only be specified when mountPropagation is None or not specified");
}

function validateDevices(errors: FieldErrors, path: string, container: Fields, pod: PodSurroundings): void {
  const mounts = itemsAt(container, "volumeMounts");
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of itemsAt(container, "volumeDevices").entries()) {
    const here = `${child(path, "volumeDevices")}[${index}]`;
    const name = textAt(device, "name");
    const devicePath = textAt(device, "devicePath");
    const volume = pod.volumes.get(name);
    if (name === "") errors.required(child(here, "name"));
    if (names.has(name)) errors.invalid(child(here, "name"), name, "must be unique");
    if (
      volume !== undefined &&
      fieldsAt(volume, "persistentVolumeClaim") === undefined &&
      fieldsAt(volume, "ephemeral") === undefined
    ) {
      errors.invalid(
        child(here, "name"),
        name,
        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
      );
    }
    if (volume === undefined) errors.notFound(child(here, "name"), name);
    if (devicePath === "") errors.required(child(here, "devicePath"));
    if (paths.has(devicePath)) errors.invalid(child(here, "devicePath"), devicePath, "must be unique");
    if (devicePath !== "" && devicePath.split("/").includes(".."))
      errors.invalid(child(here, "devicePath"), devicePath, "can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (mounts.some((mount) => mount["name"] === name))
      errors.invalid(child(here, "name"), name, "must not already exist in volumeMounts");
    if (mounts.some((mount) => mount["mountPath"] === devicePath)) {
      errors.invalid(child(here, "devicePath"), devicePath, "must not already exist as a path in volumeMounts");
    }
    if (name !== "") names.add(name);
  }
}

/** A path below some directory: relative, and never upwards. */
export function validateDescendingPath(errors: FieldErrors, field: string, path: string): void {
  if (path.startsWith("/")) errors.invalid(field, path, "must be a relative path");
  if (path.split("/").includes("..")) errors.invalid(field, path, "must not contain '..'");
}

function validateResizePolicy(
  errors: FieldErrors,
  path: string,
  policies: readonly Fields[],
  pod: PodSurroundings,
): void {
  const names = new Set<string>();
  for (const [index, policy] of policies.entries()) {
    const name = textAt(policy, "resourceName");
    if (names.has(name)) errors.duplicate(`${path}[${index}]`, name);
    names.add(name);
    errors.oneOf(path, name, ["cpu", "memory"], "required");
    const restart = textAt(policy, "restartPolicy");
    errors.oneOf(path, restart, ["NotRequired", "RestartContainer"], "required");
    if (pod.restartPolicy === "Never" && restart !== "NotRequired") {
      errors.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
    }
  }
}

function validateRestartPolicy(errors: FieldErrors, path: string, container: Fields): void {
  const policy = at(container, "restartPolicy");
  const rules = itemsAt(container, "restartPolicyRules");
  if (policy === undefined) {
    if (rules.length > 0)
      errors.required(child(path, "restartPolicy"), "must specify restartPolicy when restart rules are used");
  } else errors.oneOf(child(path, "restartPolicy"), String(policy), ["Always", "Never", "OnFailure"]);
  if (rules.length > 20) errors.tooMany(child(path, "restartPolicyRules"), rules.length, 20);
  for (const [index, rule] of rules.entries()) {
    const here = `${child(path, "restartPolicyRules")}[${index}]`;
    errors.oneOf(child(here, "action"), textAt(rule, "action"), ["Restart", "RestartAllContainers"]);
    const codes = fieldsAt(rule, "exitCodes");
    if (codes === undefined) errors.required(child(here, "exitCodes"), "must be specified");
    else errors.oneOf(child(here, "exitCodes.operator"), textAt(codes, "operator"), ["In", "NotIn"]);
  }
}

function validateHostPorts(errors: FieldErrors, path: string, containers: readonly Fields[]): void {
  const taken = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [i, port] of itemsAt(container, "ports").entries()) {
      const hostPort = numberAt(port, "hostPort") ?? 0;
      if (hostPort === 0) continue;
      const text = `${textAt(port, "protocol")}/${textAt(port, "hostIP")}/${hostPort}`;
      if (taken.has(text)) errors.duplicate(`${path}[${index}].ports[${i}].hostPort`, text);
      else taken.add(text);
    }
  }
}
