/**
 * Subresources over the writes that objects have.
 */
import type { TokenRequest } from "../kinds/authentication.k8s.io/v1.ts";
import type { Eviction } from "../kinds/policy/v1.ts";
import type { ApplyOptions, CallOptions, WriteOptions } from "./call-options.ts";
import { withDeadline } from "./deadline.ts";
import type { Existing, KubeObject, Untyped } from "./kube-object.ts";
import type { PatchType } from "./patch-body.ts";
import type { ResourceContext } from "./resource-context.ts";
import type { ExecCommandOptions, ExecResult } from "./streams/exec.ts";
import type { PortForward, PortForwardOptions } from "./streams/port-forward/port-forward.ts";
import type { Session, SessionOptions } from "./streams/session.ts";
import type { GenericSubresource, Subresource, SubresourceApi } from "./subresource.ts";
import {
  applyObject,
  checkedName,
  editObject,
  objectBody,
  patchObject,
  patchObjectJson,
  updateObject,
} from "./write-object.ts";

/** One subresource of a context's objects, by name. */
class SubresourceCalls {
  readonly context: ResourceContext;
  readonly subresource: string;

  constructor(context: ResourceContext, subresource: string) {
    this.context = context;
    this.subresource = subresource;
  }

  /** Runs `call` within its time, with the name checked. */
  call<R>(
    verb: string,
    name: string,
    options: CallOptions | undefined,
    call: (signal: AbortSignal, name: string) => Promise<unknown>,
  ): Promise<R> {
    const target = { ...this.context.target(name), subresource: this.subresource };
    const run = async (signal: AbortSignal): Promise<R> =>
      (await call(signal, checkedName(name, verb, this.context))) as R;
    return withDeadline({ verb, target }, options, run, this.context.client.defaultTimeoutMs);
  }

  get<R>(name: string, options: CallOptions | undefined): Promise<R> {
    return this.call("get", name, options, (signal, checked) =>
      this.context.send({ verb: "get", method: "GET", name: checked, subresource: this.subresource }, signal),
    );
  }

  create<R>(name: string, body: object, options: WriteOptions | undefined): Promise<R> {
    const { context, subresource } = this;
    return this.call("create", name, options, (signal, checked) =>
      context.send(
        { verb: "create", method: "POST", name: checked, subresource, query: context.writeQuery(options), body },
        signal,
      ),
    );
  }

  patch<R>(
    name: string,
    patch: object,
    options: (WriteOptions & { readonly type?: PatchType | undefined }) | undefined,
  ): Promise<R> {
    return this.call("patch", name, options, (signal, checked) =>
      patchObject(this, checked, patch, options?.type, options, signal),
    );
  }

  patchJson<R>(name: string, operations: readonly object[], options: WriteOptions | undefined): Promise<R> {
    return this.call("patch", name, options, (signal, checked) =>
      patchObjectJson(this, checked, operations, options, signal),
    );
  }
}

/** A subresource whose objects are of type `T`: the kind's own, or one of another kind (`other`: Scale). */
export class SubresourceHandle<T extends KubeObject> implements Subresource<T> {
  readonly #calls: SubresourceCalls;
  readonly #other: { readonly apiVersion: string; readonly kind: string } | undefined;

  constructor(
    context: ResourceContext,
    subresource: string,
    other?: { readonly apiVersion: string; readonly kind: string },
  ) {
    this.#calls = new SubresourceCalls(context, subresource);
    this.#other = other;
  }

  get(name: string, options?: CallOptions): Promise<Existing<T>> {
    return this.#calls.get(name, options);
  }

  update(object: Existing<T>, options?: WriteOptions): Promise<Existing<T>> {
    return this.#calls.call("update", object.metadata.name, options, (signal, name) =>
      updateObject(this.#calls, name, this.#body(object, "update"), options, signal),
    );
  }

  patch(
    name: string,
    patch: object,
    options?: WriteOptions & { readonly type?: PatchType | undefined },
  ): Promise<Existing<T>> {
    return this.#calls.patch(name, patch, options);
  }

  patchJson(name: string, operations: readonly object[], options?: WriteOptions): Promise<Existing<T>> {
    return this.#calls.patchJson(name, operations, options);
  }

  edit(
    name: string,
    change: (object: Existing<T>) => void | Promise<void>,
    options?: WriteOptions,
  ): Promise<Existing<T>> {
    return this.#calls.call("update", name, options, (signal, checked) =>
      editObject(this.#calls, checked, change, options, signal),
    );
  }

  apply(name: string, configuration: object, options?: ApplyOptions): Promise<Existing<T>> {
    return this.#calls.call("apply", name, options, (signal, checked) =>
      applyObject(this.#calls, checked, this.#body(configuration, "apply"), options, signal),
    );
  }

  #body(object: object, verb: string): KubeObject {
    const body = objectBody(this.#calls.context, object, verb);
    return this.#other === undefined ? body : { ...body, ...this.#other };
  }
}

/** Any subresource. Bodies go as they are. */
export class GenericSubresourceHandle implements GenericSubresource {
  readonly #calls: SubresourceCalls;

  constructor(context: ResourceContext, subresource: string) {
    this.#calls = new SubresourceCalls(context, subresource);
  }

  get(name: string, options?: CallOptions): Promise<Untyped> {
    return this.#calls.get(name, options);
  }

  create(name: string, body: object, options?: WriteOptions): Promise<Untyped> {
    return this.#calls.create(name, body, options);
  }

  update(name: string, body: object, options?: WriteOptions): Promise<Untyped> {
    return this.#calls.call("update", name, options, (signal, checked) =>
      updateObject(this.#calls, checked, body, options, signal),
    );
  }

  patch(
    name: string,
    patch: object,
    options?: WriteOptions & { readonly type?: PatchType | undefined },
  ): Promise<Untyped> {
    return this.#calls.patch(name, patch, options);
  }

  patchJson(name: string, operations: readonly object[], options?: WriteOptions): Promise<Untyped> {
    return this.#calls.patchJson(name, operations, options);
  }

  apply(name: string, configuration: object, options?: ApplyOptions): Promise<Untyped> {
    return this.#calls.call("apply", name, options, (signal, checked) =>
      applyObject(this.#calls, checked, configuration as KubeObject, options, signal),
    );
  }

  async delete(name: string, options?: CallOptions): Promise<void> {
    const { context, subresource } = this.#calls;
    await this.#calls.call("delete", name, options, (signal, checked) =>
      context.send({ verb: "delete", method: "DELETE", name: checked, subresource }, signal),
    );
  }
}

/** `pods/binding`. */
export function bindingOf(context: ResourceContext): SubresourceApi<KubeObject>["binding"] {
  const calls = new SubresourceCalls(context, "binding");
  return {
    async create(name, target, options) {
      const body = { apiVersion: "v1", kind: "Binding", metadata: { name }, target: { apiVersion: "v1", ...target } };
      await calls.create(name, body, options);
    },
  };
}

/** `pods/eviction`. */
export function evictionOf(context: ResourceContext): SubresourceApi<KubeObject>["eviction"] {
  const calls = new SubresourceCalls(context, "eviction");
  return {
    async create(name: string, eviction?: Partial<Eviction>, options?: WriteOptions) {
      const metadata = { ...eviction?.metadata, name, namespace: context.namespace };
      await calls.create(name, { ...eviction, apiVersion: "policy/v1", kind: "Eviction", metadata }, options);
    },
  };
}

/** `serviceaccounts/token`. */
export function tokenOf(context: ResourceContext): SubresourceApi<KubeObject>["token"] {
  const calls = new SubresourceCalls(context, "token");
  return {
    create(name: string, request: Pick<TokenRequest, "spec">, options?: WriteOptions) {
      const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", ...request };
      return calls.create<TokenRequest>(name, body, options);
    },
  };
}

/** `pods/proxy`, `services/proxy`, `nodes/proxy`. */
export function proxyOf(context: ResourceContext): SubresourceApi<KubeObject>["proxy"] {
  return {
    async fetch(name, path, init = {}) {
      const { port, scheme, ...rest } = init;
      const server = checkedName(name, "reach", context);
      const id = `${scheme === "https" ? "https:" : ""}${server}${port === undefined ? "" : `:${port}`}`;
      const proxied = scheme === "https" && port === undefined ? `${id}:` : id;
      const verb = { verb: "get", method: "GET", name: proxied, subresource: "proxy" };
      const request = await context.request(verb, init.signal ?? undefined);
      const { rawRequest } = await import("./raw-request.ts");
      return rawRequest(context.client, `${request.path}${path.startsWith("/") ? "" : "/"}${path}`, rest, true);
    },
  };
}

/** `pods/exec`. What it takes is loaded when it is first called. */
export function execOf(context: ResourceContext): SubresourceApi<KubeObject>["exec"] {
  const run = async (
    name: string,
    command: readonly string[],
    options: ExecCommandOptions = {},
  ): Promise<ExecResult> => {
    const checked = checkedName(name, "exec in", context);
    const { execCommand } = await import("./streams/exec.ts");
    return execCommand(context, checked, command, options);
  };
  const session = async (name: string, command: readonly string[], options: SessionOptions = {}): Promise<Session> => {
    const checked = checkedName(name, "exec in", context);
    const { openSession } = await import("./streams/open-session.ts");
    return openSession(context, { subresource: "exec", name: checked, command }, options);
  };
  return Object.assign(run, { session });
}

/** `pods/attach`. */
export async function attachTo(context: ResourceContext, name: string, options: SessionOptions = {}): Promise<Session> {
  const checked = checkedName(name, "attach to", context);
  const { openSession } = await import("./streams/open-session.ts");
  return openSession(context, { subresource: "attach", name: checked }, options);
}

/** `pods/portforward`. */
export async function portforwardTo(
  context: ResourceContext,
  name: string,
  ports: Readonly<Record<number, number>>,
  options: PortForwardOptions = {},
): Promise<PortForward> {
  const checked = checkedName(name, "forward ports of", context);
  const { forwardPorts } = await import("./streams/port-forward/port-forward.ts");
  return forwardPorts(context, checked, ports, options);
}
