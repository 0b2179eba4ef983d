/**
 * The client: one cluster, one user, and handles of every kind.
 */
import type { Transport } from "../transport/transport.ts";
import type { AccessRequest, ServerVersion, UserInfo } from "./access.ts";
import { ApiSession } from "./api-session.ts";
import type { ApplyOptions, CallOptions, DeleteOptions, WriteOptions } from "./call-options.ts";
import type { ConnectOptions } from "./connect-options.ts";
import { withDeadline } from "./deadline.ts";
import type { DiscoveredKind, Kind } from "./kind.ts";
import type { AnyApiVersion, KindName, KindOf } from "./kind-map.ts";
import { type KindReference, KindResolver } from "./kind-resolver.ts";
import type { Existing, KubeObject } from "./kube-object.ts";
import type { RawInit } from "./raw-request.ts";
import type { ApplyBody, NewBody } from "./request-bodies.ts";
import type { InNamespace, Resource, Unbound } from "./resource.ts";
import { type ClientContext, ResourceContext } from "./resource-context.ts";
import { asResource, ResourceHandle } from "./resource-handle.ts";
import { UsageError } from "./usage-error.ts";
import type { Warning } from "./warning-header.ts";
import { type Clock, systemClock } from "./watch/clock.ts";

/** What a client is made of. */
export interface ClientParts {
  readonly transport: Transport;
  readonly defaultNamespace: string;
  /** For calls that say none. Default 30 000. */
  readonly defaultTimeoutMs?: number | undefined;
  readonly fieldManager?: string | undefined;
  readonly userAgent: string;
  readonly onWarning?: ((warning: Warning) => void) | undefined;
  /** Called once, when the client is closed. */
  readonly onClose?: (() => void) | undefined;
  /** Default: the real one. */
  readonly clock?: Clock | undefined;
}

let make: (parts: ClientParts) => Client;

/** A client over parts that the caller has made. */
export function clientOf(parts: ClientParts): Client {
  return make(parts);
}

/**
 * A client of one cluster as one user. It holds connections while they are of use; none of them, and no timer, keeps a
 * program from ending, so that closing it is a courtesy.
 *
 * @example
 * ```ts
 * import { Client } from "bowline";
 *
 * await using client = await Client.connect();
 * const deployments = client.resource("apps/v1", "Deployment", { namespace: "web" });
 * const shop = await deployments.get("shop");
 * console.log(shop.spec.replicas);
 * ```
 */
export class Client implements AsyncDisposable {
  static {
    make = (parts) => new Client(parts);
  }

  /**
   * Reads the kubeconfig. No request is made and no plugin runs before the first call.
   *
   * @throws {ConfigError} where there is no usable kubeconfig.
   * @throws {CredentialError} where its user contradicts itself.
   */
  static async connect(options: ConnectOptions = {}): Promise<Client> {
    const { connectParts } = await import("./connect.ts");
    return new Client(await connectParts(options));
  }

  /** The context's; `"default"` where it names none. Used for objects that `create`, `apply` and `delete` get without one. */
  readonly defaultNamespace: string;
  readonly #context: ClientContext;
  #onClose: (() => void) | undefined;

  private constructor(parts: ClientParts) {
    const session = new ApiSession(parts);
    this.#context = {
      session,
      resolver: new KindResolver(session),
      clock: parts.clock ?? systemClock,
      listFirst: new Set(),
      defaultTimeoutMs: parts.defaultTimeoutMs,
    };
    this.defaultNamespace = parts.defaultNamespace;
    this.#onClose = parts.onClose;
  }

  /**
   * The handle of a kind: by a value from `defineKind` or `discover`, or by apiVersion and kind as in YAML. Nothing is
   * requested. A kind that no type describes is found by discovery at the first call.
   */
  resource<T extends KubeObject>(kind: Kind<T>): Unbound<T>;
  resource<T extends KubeObject>(kind: Kind<T>, options: InNamespace<T>): Resource<T>;
  resource<A extends AnyApiVersion, K extends KindName<A>>(
    apiVersion: A,
    kind: K,
    options: InNamespace<KindOf<A, K>>,
  ): Resource<KindOf<A, K>>;
  // By name without a namespace is last, because the compiler reports on the last.
  resource<A extends AnyApiVersion, K extends KindName<A>>(apiVersion: A, kind: K): Unbound<KindOf<A, K>>;
  resource(
    first: string | Kind,
    second?: string | { readonly namespace: string },
    third?: { readonly namespace: string },
  ): unknown {
    const [reference, options] =
      typeof first === "string" ? [kindReference(first, second), third] : [first, second as typeof third];
    return asResource(this.#handle(reference, options === undefined ? undefined : namespaceOf(options)));
  }

  /**
   * Creates an object. Its `apiVersion` and `kind` choose the type that the rest of it is checked against.
   *
   * @throws {ApiError} `isAlreadyExists`, `isInvalid`, ...
   */
  async create<A extends AnyApiVersion, K extends KindName<A>>(
    object: { apiVersion: A; kind: K } & NewBody<KindOf<A, K>>,
    options?: WriteOptions,
  ): Promise<Existing<KindOf<A, K>>> {
    return this.#handleOf(object as KubeObject).create(object, options) as Promise<Existing<KindOf<A, K>>>;
  }

  /**
   * Applies an object, server-side. Its `apiVersion` and `kind` choose the type that the rest of it is checked against.
   *
   * @throws {ApiError} `isConflict`, with `conflicts`, where another manager owns one of the fields and `force` is not said.
   * @throws {UsageError} `FieldManagerMissing`, `NameMissing`.
   */
  async apply<A extends AnyApiVersion, K extends KindName<A>>(
    object: { apiVersion: A; kind: K } & ApplyBody<KindOf<A, K>>,
    options?: ApplyOptions,
  ): Promise<Existing<KindOf<A, K>>> {
    const given = object as KubeObject;
    const name = given.metadata?.name ?? "";
    return this.#handleOf(given).apply(name, given, options) as Promise<Existing<KindOf<A, K>>>;
  }

  /** Deletes the object of these coordinates; nothing else of it counts. */
  async delete(
    object: {
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
    },
    options?: DeleteOptions,
  ): Promise<void> {
    return this.#handleOf(object as KubeObject).delete(object.metadata.name, options);
  }

  /**
   * The escape hatch: one request to the API server, with the client's credentials, retries and connections. Rejects as the
   * verbs do; the body is the caller's to read. `timeoutMs` (default 30 000) ends with the answer's head.
   *
   * @example
   * ```ts
   * import { Client } from "bowline";
   *
   * await using client = await Client.connect();
   * const metrics = await client.raw("/metrics");
   * console.log(await metrics.text());
   * ```
   */
  async raw(path: string, init?: RawInit): Promise<Response> {
    const { rawRequest } = await import("./raw-request.ts");
    return rawRequest(this.#context, path, init);
  }

  /** Whether this user may do that, as the server's authorisation says (SelfSubjectAccessReview). */
  async can(action: AccessRequest, options?: CallOptions): Promise<boolean> {
    const { canDo } = await import("./access.ts");
    return canDo(this.#context, action, options);
  }

  /** Who the server says that this user is (SelfSubjectReview). */
  async whoami(options?: CallOptions): Promise<UserInfo> {
    const { whoAmI } = await import("./access.ts");
    return whoAmI(this.#context, options);
  }

  /** The server's version. */
  async version(options?: CallOptions): Promise<ServerVersion> {
    const { serverVersion } = await import("./access.ts");
    return serverVersion(this.#context, options);
  }

  /** All kinds that the server has now. Groups whose own server does not answer are left out. */
  discover(options?: CallOptions): Promise<readonly DiscoveredKind[]> {
    const name = { verb: "discover", target: { apiVersion: "v1", kind: "APIGroup", plural: "the server's kinds" } };
    const all = async (signal: AbortSignal): Promise<readonly DiscoveredKind[]> =>
      (await this.#context.resolver.discovery()).all(signal);
    return withDeadline(name, options, all, this.#context.defaultTimeoutMs);
  }

  /** Closes connections and forgets credentials; calls that are under way reject. Idempotent. */
  async close(): Promise<void> {
    const onClose = this.#onClose;
    this.#onClose = undefined;
    await this.#context.session.close();
    onClose?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #handle(reference: KindReference, namespace: string | undefined): ResourceHandle<KubeObject> {
    return new ResourceHandle(new ResourceContext(this.#context, reference, namespace));
  }

  /** The handle for an object that is given whole, in its namespace or in the default one. */
  #handleOf(object: KubeObject): ResourceHandle<KubeObject> {
    return this.#handle(
      kindReference(object.apiVersion, object.kind),
      object.metadata?.namespace || this.defaultNamespace,
    );
  }
}

function kindReference(apiVersion: unknown, kind: unknown): KindReference {
  if (typeof apiVersion !== "string" || apiVersion === "" || typeof kind !== "string" || kind === "") {
    throw new UsageError("KindMissing", 'an apiVersion and a kind are needed, as in YAML: "apps/v1", "Deployment"');
  }
  return { apiVersion, kind };
}

function namespaceOf({ namespace }: { readonly namespace: string }): string {
  if (typeof namespace === "string" && namespace !== "") return namespace;
  throw new UsageError(
    "NamespaceMissing",
    `${JSON.stringify(namespace) ?? "undefined"} is no namespace; leave the option out to read across all namespaces`,
  );
}
