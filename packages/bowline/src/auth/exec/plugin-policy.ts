/**
 * Which credential plugins may run at all.
 */

import type { Host } from "../../config/host.ts";
import { cleanPath } from "../../config/host.ts";
import { CredentialError } from "../credential-error.ts";
import type { ResolvedCommand } from "./resolve-command.ts";
import { lookUpCommand } from "./resolve-command.ts";

/**
 * `AllowAll` runs any plugin and is the default; `DenyAll` none; `Allowlist` those whose command, as configured or as found in
 * PATH, is listed. An entry is a bare name, which means where PATH has it, or a clean path.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/kuberc/
 */
export type PluginPolicy =
  | { readonly type: "AllowAll" | "DenyAll" }
  | { readonly type: "Allowlist"; readonly allowlist: readonly string[] };

/**
 * Checks the policy itself.
 *
 * @throws {@link CredentialError} `PluginPolicyInvalid`: a mistake in a safety setting is never read as something milder.
 */
export function checkPluginPolicy(policy: PluginPolicy, host: Host): void {
  const invalid = (reason: string): CredentialError =>
    new CredentialError("PluginPolicyInvalid", `the credential plugin policy cannot be used: ${reason}`);
  // A policy may come from a file or from JavaScript, so that its type is no proof.
  const { type, allowlist } = policy as { readonly type: unknown; readonly allowlist?: unknown };
  if (type === "AllowAll" || type === "DenyAll" || type === "" || type === undefined) {
    if (allowlist === undefined || allowlist === null) return;
    throw invalid(`the policy is ${JSON.stringify(type ?? "")} and yet there is an allowlist; set "Allowlist"`);
  }
  if (type !== "Allowlist") throw invalid(`${JSON.stringify(type)} is not AllowAll, DenyAll or Allowlist`);
  if (!Array.isArray(allowlist)) throw invalid('the policy is "Allowlist" and there is no allowlist');
  if (allowlist.length === 0) throw invalid('the allowlist is empty; to run no plugin set "DenyAll"');
  for (const [index, entry] of (allowlist as readonly unknown[]).entries()) {
    if (typeof entry !== "string" || entry === "") throw invalid(`entry ${index + 1} of the allowlist is empty`);
    const clean = cleanPath(host, entry);
    if (clean !== entry)
      throw invalid(`entry ${JSON.stringify(entry)} is not a clean path; write ${JSON.stringify(clean)}`);
  }
}

/** Why the command may not run; `undefined` where it may. */
export function policyRefusal(policy: PluginPolicy, command: ResolvedCommand, host: Host): string | undefined {
  switch (policy.type) {
    case "DenyAll":
      return "the policy is DenyAll";
    case "Allowlist":
      return isListed(policy.allowlist, command, host) ? undefined : listRefusal(command);
    default:
      return undefined;
  }
}

function isListed(allowlist: readonly string[], { command, path }: ResolvedCommand, host: Host): boolean {
  if (allowlist.includes(command)) return true;
  if (path === undefined) return false;
  if (allowlist.includes(path)) return true;
  const baseName = lastSegment(path, host);
  return allowlist.some((entry) => lastSegment(entry, host) === baseName && lookUpCommand(host, entry).path === path);
}

function listRefusal({ command, path }: ResolvedCommand): string {
  if (path !== undefined) return `${JSON.stringify(path)} is not in the allowlist`;
  return `${JSON.stringify(command)} is not found, so that it cannot be compared with the allowlist`;
}

function lastSegment(path: string, host: Host): string {
  return path.slice(Math.max(path.lastIndexOf("/"), host.platform === "win32" ? path.lastIndexOf("\\") : -1) + 1);
}
