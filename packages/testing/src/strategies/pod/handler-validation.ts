/**
 * Checks of what is run or asked in a container: probes and lifecycle hooks.
 */
import { validateHttpHeaderName, validatePortName, validatePortNumber } from "bowline/core";
import { type Fields, fieldsAt, itemsAt, numberAt, textAt, textsAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import type { PodSurroundings } from "./container-validation.ts";

const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

export function validateLifecycle(
  errors: FieldErrors,
  path: string,
  lifecycle: Fields | undefined,
  pod: PodSurroundings,
): void {
  for (const hook of ["postStart", "preStop"]) {
    const handler = fieldsAt(lifecycle, hook);
    if (handler !== undefined) validateHandler(errors, child(path, hook), handler, pod);
  }
}

export function validateProbes(errors: FieldErrors, path: string, container: Fields, pod: PodSurroundings): void {
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const probe = fieldsAt(container, name);
    if (probe === undefined) continue;
    const here = child(path, name);
    validateHandler(errors, here, probe, pod);
    for (const member of [
      "initialDelaySeconds",
      "timeoutSeconds",
      "periodSeconds",
      "successThreshold",
      "failureThreshold",
    ]) {
      errors.notNegative(child(here, member), numberAt(probe, member));
    }
    const grace = numberAt(probe, "terminationGracePeriodSeconds");
    if (grace !== undefined && grace <= 0)
      errors.invalid(child(here, "terminationGracePeriodSeconds"), grace, "must be greater than 0");
    if (name === "readinessProbe") {
      if (grace !== undefined)
        errors.invalid(child(here, "terminationGracePeriodSeconds"), grace, "must not be set for readinessProbes");
    } else {
      const threshold = numberAt(probe, "successThreshold") ?? 0;
      if (threshold !== 1) errors.invalid(child(here, "successThreshold"), threshold, "must be 1");
    }
  }
}

function validateHandler(errors: FieldErrors, path: string, handler: Fields, pod: PodSurroundings): void {
  let count = 0;
  for (const type of HANDLERS) {
    const action = fieldsAt(handler, type);
    if (action === undefined) continue;
    const here = child(path, type);
    if (count++ > 0) errors.forbidden(here, "may not specify more than 1 handler type");
    else validateAction(errors, here, type, action, pod);
  }
  if (count === 0) errors.required(path, "must specify a handler type");
}

function validateAction(errors: FieldErrors, path: string, type: string, action: Fields, pod: PodSurroundings): void {
  switch (type) {
    case "exec":
      if (textsAt(action, "command").length === 0) errors.required(child(path, "command"));
      return;
    case "httpGet":
      if (textAt(action, "path") === "") errors.required(child(path, "path"));
      validatePortNumberOrName(errors, child(path, "port"), action["port"]);
      errors.oneOf(child(path, "scheme"), textAt(action, "scheme"), ["HTTP", "HTTPS"]);
      for (const header of itemsAt(action, "httpHeaders")) {
        const name = textAt(header, "name");
        errors.invalidEach(child(path, "httpHeaders"), name, validateHttpHeaderName(name));
      }
      return;
    case "tcpSocket":
    case "grpc":
      validatePortNumberOrName(errors, child(path, "port"), action["port"]);
      return;
    default: {
      const seconds = numberAt(action, "seconds") ?? 0;
      const grace = pod.gracePeriodSeconds;
      if (grace !== undefined && (seconds < 0 || seconds > grace)) {
        errors.invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`);
      }
    }
  }
}

/** An int-or-string port. */
export function validatePortNumberOrName(errors: FieldErrors, field: string, port: unknown): void {
  if (typeof port === "string") errors.invalidEach(field, port, validatePortName(port));
  else {
    const number = typeof port === "number" ? port : 0;
    errors.invalidEach(field, number, validatePortNumber(number));
  }
}
