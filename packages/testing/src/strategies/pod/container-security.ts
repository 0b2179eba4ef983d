/**
 * Checks of a container's security context, and of the profiles that Pods have alike.
 */
import { validateDns1123Subdomain, validateInRange } from "bowline/core";
import { internalValue } from "../difference/internal-difference.ts";
import { at, type Fields, fieldsAt, isTrueAt, numberAt, textAt, textsAt } from "../json-access.ts";
import { child, type FieldErrors } from "../validation/field-errors.ts";
import { type PodSurroundings, validateDescendingPath } from "./container-validation.ts";

const MAX_ID = 2147483647;

export function validateSecurityContext(
  errors: FieldErrors,
  path: string,
  context: Fields | undefined,
  pod: PodSurroundings,
): void {
  if (context === undefined) return;
  // As with --allow-privileged, which nearly every cluster has.
  const isPrivileged = isTrueAt(context, "privileged");
  for (const member of ["runAsUser", "runAsGroup"]) {
    const id = numberAt(context, member);
    if (id !== undefined) errors.invalidEach(child(path, member), id, validateInRange(id, 0, MAX_ID));
  }
  const procMount = at(context, "procMount");
  if (procMount !== undefined) {
    errors.oneOf(child(path, "procMount"), textAt(context, "procMount"), ["Default", "Unmasked"]);
    if (pod.usesHostUsers && procMount === "Unmasked") {
      errors.invalid(child(path, "procMount"), procMount, "`hostUsers` must be false to use `Unmasked`");
    }
  }
  validateSeccompProfile(errors, child(path, "seccompProfile"), fieldsAt(context, "seccompProfile"));
  if (at(context, "allowPrivilegeEscalation") === false) {
    const why = "cannot set `allowPrivilegeEscalation` to false and";
    const shown = () => internalValue("SecurityContext", context);
    if (isPrivileged) errors.invalid(path, shown(), `${why} \`privileged\` to true`);
    for (const name of textsAt(context, "capabilities", "add")) {
      if (name === "CAP_SYS_ADMIN") errors.invalid(path, shown(), `${why} \`capabilities.Add\` CAP_SYS_ADMIN`);
    }
  }
  validateWindowsOptions(errors, child(path, "windowsOptions"), fieldsAt(context, "windowsOptions"));
  validateAppArmorProfile(errors, child(path, "appArmorProfile"), fieldsAt(context, "appArmorProfile"));
}

/** Who a container is on Windows. */
export function validateWindowsOptions(errors: FieldErrors, path: string, options: Fields | undefined): void {
  const name = at(options, "gmsaCredentialSpecName");
  if (typeof name === "string")
    errors.invalidEach(child(path, "gmsaCredentialSpecName"), name, validateDns1123Subdomain(name));
  const spec = at(options, "gmsaCredentialSpec");
  if (spec === "")
    errors.invalid(child(path, "gmsaCredentialSpec"), spec, "gmsaCredentialSpec cannot be an empty string");
  const user = at(options, "runAsUserName");
  if (typeof user !== "string") return;
  const field = child(path, "runAsUserName");
  const parts = user.split("\\");
  if (user === "") errors.invalid(field, user, "runAsUserName cannot be an empty string");
  else if (/\p{Cc}/u.test(user)) errors.invalid(field, user, "runAsUserName cannot contain control characters");
  else if (parts.length > 2) errors.invalid(field, user, "runAsUserName cannot contain more than one backslash");
  else validateWindowsUser(errors, field, user, parts.at(-1) ?? "", parts.length === 2 ? parts[0] : undefined);
}

const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const WINDOWS_DOMAIN = /^([a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

function validateWindowsUser(errors: FieldErrors, field: string, whole: string, user: string, domain?: string): void {
  const refuse = (why: string) => errors.invalid(field, whole, `runAsUserName's ${why}`);
  if (domain !== undefined && domain.length >= 256) refuse("Domain length must be under 256 characters");
  if (domain !== undefined && !NET_BIOS.test(domain) && !WINDOWS_DOMAIN.test(domain))
    refuse("Domain doesn't match the NetBios nor the DNS format");
  if (user === "") refuse("User cannot be empty");
  else if (user.length > 104) refuse("User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user)) refuse("User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) refuse(`User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
}

const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];

export function validateSeccompProfile(errors: FieldErrors, path: string, profile: Fields | undefined): void {
  if (profile === undefined) return;
  const type = textAt(profile, "type");
  const local = at(profile, "localhostProfile");
  if (type === "") errors.required(child(path, "type"), "type is required when seccompProfile is set");
  else errors.oneOf(child(path, "type"), type, PROFILE_TYPES);
  if (type === "Localhost") {
    const field = child(path, "localhostProfile");
    if (local === undefined) errors.required(field, "must be set when seccomp type is Localhost");
    else validateDescendingPath(errors, field, String(local));
  } else if (local !== undefined) {
    const shown = { Type: type, LocalhostProfile: local };
    errors.invalid(child(path, "localhostProfile"), shown, "can only be set when seccomp type is Localhost");
  }
}

export function validateAppArmorProfile(errors: FieldErrors, path: string, profile: Fields | undefined): void {
  if (profile === undefined) return;
  const type = textAt(profile, "type");
  const local = at(profile, "localhostProfile");
  const field = child(path, "localhostProfile");
  if (type === "") errors.required(child(path, "type"), "type is required when appArmorProfile is set");
  else if (!PROFILE_TYPES.includes(type)) errors.notSupported(child(path, "type"), type, PROFILE_TYPES);
  else if (type !== "Localhost") {
    if (local !== undefined) errors.invalid(field, local, "can only be set when AppArmor type is Localhost");
  } else if (typeof local !== "string" || local === "")
    errors.required(field, "must be set when AppArmor type is Localhost");
  else if (local.trim() !== local) errors.invalid(field, local, "must not be padded with whitespace");
}
