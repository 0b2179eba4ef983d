/**
 * Who am I, what may I do, what are you: the questions about the session itself.
 */
import type { CallOptions } from "./call-options.ts";
import { withDeadline } from "./deadline.ts";
import { type ClientContext, ResourceContext } from "./resource-context.ts";

/** What `client.can` asks about. */
export interface AccessRequest {
  /** A verb of RBAC: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or `*`. */
  readonly verb: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly subresource?: string | undefined;
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  /** Default: every name. */
  readonly name?: string | undefined;
}

/** Who the server says that the user is. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What `/version` answers; servers add fields. */
export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly gitCommit?: string | undefined;
  readonly buildDate?: string | undefined;
  readonly goVersion?: string | undefined;
  readonly platform?: string | undefined;
}

/** Posts a SelfSubjectAccessReview. */
export function canDo(
  context: ClientContext,
  action: AccessRequest,
  options: CallOptions | undefined,
): Promise<boolean> {
  const { verb, apiVersion, kind, subresource, namespace, name } = action;
  const target = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" };
  return run(context, "create", target, options, async (signal) => {
    const resource = await context.resolver.resolve({ apiVersion, kind }, signal);
    const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
    const resourceAttributes = { verb, group, version, resource: resource.plural, subresource, namespace, name };
    const body = { ...target, spec: { resourceAttributes } };
    const answer = await new ResourceContext(context, target, undefined).send(
      { verb: "create", method: "POST", body },
      signal,
    );
    return (answer as { readonly status?: { readonly allowed?: boolean } }).status?.allowed === true;
  });
}

/** Posts a SelfSubjectReview. */
export function whoAmI(context: ClientContext, options: CallOptions | undefined): Promise<UserInfo> {
  const target = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  return run(context, "create", target, options, async (signal) => {
    const answer = await new ResourceContext(context, target, undefined).send(
      { verb: "create", method: "POST", body: target },
      signal,
    );
    const info = (answer as { readonly status?: { readonly userInfo?: Partial<UserInfo> } }).status?.userInfo;
    return { ...info, username: info?.username ?? "", groups: info?.groups ?? [] };
  });
}

/** Gets `/version`. */
export function serverVersion(context: ClientContext, options: CallOptions | undefined): Promise<ServerVersion> {
  const target = { apiVersion: "", kind: "", plural: "/version" };
  return run(context, "get", target, options, async (signal) => {
    const request = { verb: "get", target, method: "GET", path: "/version", signal };
    return (await context.session.json(request)) as ServerVersion;
  });
}

function run<R>(
  context: ClientContext,
  verb: string,
  target: { readonly apiVersion: string; readonly kind: string },
  options: CallOptions | undefined,
  call: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  return withDeadline({ verb, target }, options, call, context.defaultTimeoutMs);
}
