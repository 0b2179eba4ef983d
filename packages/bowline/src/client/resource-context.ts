/**
 * What a handle's verbs share: the session, the kind with its namespace, and requests made of both.
 */

import type { ApiTarget } from "../core/api-target.ts";
import { type FieldSelectorInput, formatFieldSelector } from "../core/field-selector.ts";
import { formatLabelSelector } from "../core/label-selector.ts";
import type { ApiRequest, ApiSession } from "./api-session.ts";
import type { CallOptions, WriteOptions } from "./call-options.ts";
import { builtInKind, type KindReference, type KindResolver, type ResolvedKind } from "./kind-resolver.ts";
import { type Query, type QueryValue, resourcePath } from "./resource-path.ts";
import type { SelectorOptions } from "./selectors.ts";
import { UsageError } from "./usage-error.ts";
import type { Clock } from "./watch/clock.ts";

/** What a client shares with all its handles. */
export interface ClientContext {
  readonly session: ApiSession;
  readonly resolver: KindResolver;
  readonly clock: Clock;
  /** Paths whose watches the server does not begin with the present state. */
  readonly listFirst: Set<string>;
  /** For calls that say none. Default 30 000. */
  readonly defaultTimeoutMs?: number | undefined;
}

/** One request of a handle, before its kind is known. */
export interface VerbRequest {
  readonly verb: string;
  readonly method: string;
  /** `undefined` for the collection. */
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly webSocketProtocols?: readonly string[] | undefined;
}

/** A kind, in a namespace or in all. */
export class ResourceContext {
  readonly client: ClientContext;
  readonly reference: KindReference;
  /** As the caller gave it; of no account for a cluster-scoped kind. */
  readonly namespace: string | undefined;

  constructor(client: ClientContext, reference: KindReference, namespace: string | undefined) {
    this.client = client;
    this.reference = reference;
    this.namespace = namespace;
  }

  get session(): ApiSession {
    return this.client.session;
  }

  kind(signal?: AbortSignal): ResolvedKind | Promise<ResolvedKind> {
    return this.client.resolver.resolve(this.reference, signal);
  }

  /** For an error's text, without asking the server. */
  target(name?: string): ApiTarget {
    const { apiVersion, kind } = this.reference;
    const known = builtInKind(apiVersion, kind);
    const plural = known?.plural ?? ("plural" in this.reference ? this.reference.plural : undefined);
    const namespace = known?.scope === "Cluster" ? undefined : this.namespace;
    return { apiVersion, kind, plural, namespace, name };
  }

  /**
   * The request to send. `crossing`: the verb may read all namespaces.
   *
   * @throws {UsageError} `NamespaceMissing`, `NameMissing`.
   */
  async request(verb: VerbRequest, signal: AbortSignal | undefined, crossing = false): Promise<ApiRequest> {
    const kind = await this.kind(signal);
    if (kind.scope === "Namespaced" && this.namespace === undefined && !crossing) {
      throw new UsageError(
        "NamespaceMissing",
        `cannot ${verb.verb} ${kind.plural} without a namespace: say it with .in(namespace), or { namespace } in client.resource()`,
      );
    }
    const namespace = kind.scope === "Namespaced" ? this.namespace : undefined;
    const { name, subresource } = verb;
    const { apiVersion, plural } = kind;
    return {
      verb: verb.verb,
      target: { apiVersion, kind: kind.kind, plural, namespace, name, subresource },
      method: verb.method,
      path: resourcePath({ apiVersion, plural, namespace, name, subresource }),
      query: verb.query,
      body: verb.body,
      contentType: verb.contentType,
      accept: verb.accept,
      webSocketProtocols: verb.webSocketProtocols,
      signal,
    };
  }

  /** Sends a request whose answer is an object. */
  async send(verb: VerbRequest, signal: AbortSignal | undefined): Promise<unknown> {
    return this.session.json(await this.request(verb, signal));
  }

  /** The query parameters that all writes have. */
  writeQuery(options: WriteOptions | undefined): Query {
    return {
      fieldManager: options?.fieldManager ?? this.session.fieldManager,
      fieldValidation: options?.fieldValidation,
      dryRun: options?.dryRun ? "All" : undefined,
    } satisfies Record<Exclude<keyof WriteOptions, keyof CallOptions>, QueryValue>;
  }
}

/**
 * The query parameters of selectors.
 *
 * @throws {ParseError} where a selector is none.
 */
export function selectorQuery(options: SelectorOptions<never> | SelectorOptions | undefined): {
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
} {
  const { labelSelector, fieldSelector } = options ?? {};
  const labels = labelSelector === undefined ? "" : formatLabelSelector(labelSelector);
  const fields = fieldSelector === undefined ? "" : formatFieldSelector(fieldSelector as FieldSelectorInput);
  return { labelSelector: labels === "" ? undefined : labels, fieldSelector: fields === "" ? undefined : fields };
}
