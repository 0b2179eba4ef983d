/**
 * Which kinds a server has: aggregated discovery in two requests, or group-version by group-version on servers without it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
import { isNotFound } from "../core/api-error-predicates.ts";
import type { ApiSession } from "./api-session.ts";
import { withDeadline } from "./deadline.ts";
import type { DiscoveredKind } from "./kind.ts";
import { KindNotFoundError } from "./kind-not-found-error.ts";
import { apiVersionPath } from "./resource-path.ts";

const AGGREGATED =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/** Legacy requests at a time. */
const CONCURRENCY = 8;

/** The kinds of one server, remembered by apiVersion. */
export class Discovery {
  readonly #session: ApiSession;
  readonly #byApiVersion: Map<string, readonly DiscoveredKind[]> = new Map();
  readonly #running: Map<string, Promise<readonly DiscoveredKind[]>> = new Map();

  constructor(session: ApiSession) {
    this.#session = session;
  }

  /**
   * One kind. What is remembered is taken; a kind that is not there is looked for again, in one request for its apiVersion.
   *
   * @throws {KindNotFoundError} where the server has no such kind.
   */
  async find(apiVersion: string, kind: string, signal?: AbortSignal): Promise<DiscoveredKind> {
    const remembered = this.#byApiVersion.get(apiVersion)?.find((one) => one.kind === kind);
    if (remembered !== undefined) return remembered;
    const kinds = await this.#once(apiVersion, signal);
    const found = kinds.find((one) => one.kind === kind);
    if (found === undefined)
      throw new KindNotFoundError(
        apiVersion,
        kind,
        kinds.map((one) => one.kind),
      );
    return found;
  }

  /** All kinds that the server has now, in its order. A group whose server does not answer is left out. */
  async all(signal?: AbortSignal): Promise<readonly DiscoveredKind[]> {
    const kinds = (await Promise.all([this.#root("/api", signal), this.#root("/apis", signal)])).flat();
    this.#byApiVersion.clear();
    for (const kind of kinds) {
      const remembered = this.#byApiVersion.get(kind.apiVersion) as DiscoveredKind[] | undefined;
      if (remembered === undefined) this.#byApiVersion.set(kind.apiVersion, [kind]);
      else remembered.push(kind);
    }
    return kinds;
  }

  /** Concurrent callers share a request, unless one of them could cancel it under the others. */
  #once(apiVersion: string, signal: AbortSignal | undefined): Promise<readonly DiscoveredKind[]> {
    let running = this.#running.get(apiVersion);
    if (running === undefined) {
      // Its own time: nobody's signal ends a run that others wait for, and a server that hangs must not hold them for ever.
      const name = {
        verb: "discover",
        target: { apiVersion, kind: "APIResourceList", plural: `kinds of ${apiVersion}` },
      };
      running = withDeadline(name, undefined, (inner) => this.#groupVersion(apiVersion, inner)).finally(() =>
        this.#running.delete(apiVersion),
      );
      this.#running.set(apiVersion, running);
    }
    return signal === undefined ? running : raceAbort(running, signal);
  }

  async #groupVersion(apiVersion: string, signal: AbortSignal | undefined): Promise<readonly DiscoveredKind[]> {
    const answer = await this.#get(apiVersionPath(apiVersion), undefined, signal).catch((error: unknown) => {
      if (isNotFound(error)) return {};
      throw error;
    });
    const kinds = kindsOfResourceList(apiVersion, answer);
    this.#byApiVersion.set(apiVersion, kinds);
    return kinds;
  }

  async #root(path: "/api" | "/apis", signal: AbortSignal | undefined): Promise<DiscoveredKind[]> {
    const answer = await this.#get(path, AGGREGATED, signal);
    if (answer["kind"] === "APIGroupDiscoveryList") return kindsOfAggregated(answer);
    const versions =
      path === "/api"
        ? listOf(answer["versions"]).map(String)
        : listOf(answer["groups"]).flatMap((group) =>
            listOf(field(group, "versions")).map((one) => String(field(one, "groupVersion"))),
          );
    const found: DiscoveredKind[][] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < versions.length; index = next++) {
        const apiVersion = versions[index] as string;
        // An aggregated API whose server is down must not hide all the others.
        const list = await this.#get(apiVersionPath(apiVersion), undefined, signal).catch((error: unknown) => {
          if (signal?.aborted) throw error;
          return {};
        });
        found[index] = kindsOfResourceList(apiVersion, list);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, versions.length) }, work));
    return found.flat();
  }

  async #get(
    path: string,
    accept: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<object & Record<string, unknown>> {
    const answer = await this.#session.json({
      verb: "discover",
      target: { apiVersion: "v1", kind: "APIResourceList", plural: path },
      method: "GET",
      path,
      accept,
      signal,
    });
    return typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
  }
}

function raceAbort<R>(promise: Promise<R>, signal: AbortSignal): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function kindsOfAggregated(answer: Record<string, unknown>): DiscoveredKind[] {
  const kinds: DiscoveredKind[] = [];
  for (const item of listOf(answer["items"])) {
    const group = textOf(field(field(item, "metadata"), "name"));
    for (const version of listOf(field(item, "versions"))) {
      const name = textOf(field(version, "version"));
      for (const resource of listOf(field(version, "resources"))) {
        const kind = field(resource, "responseKind");
        // A parent that only its subresources make appear is no kind of its own.
        if (textOf(field(kind, "kind")) === "") continue;
        kinds.push({
          apiVersion: group === "" ? name : `${group}/${name}`,
          kind: textOf(field(kind, "kind")),
          plural: textOf(field(resource, "resource")),
          singular: textOf(field(resource, "singularResource")),
          scope: field(resource, "scope") === "Namespaced" ? "Namespaced" : "Cluster",
          verbs: listOf(field(resource, "verbs")).map(String),
          shortNames: listOf(field(resource, "shortNames")).map(String),
          categories: listOf(field(resource, "categories")).map(String),
          subresources: listOf(field(resource, "subresources")).map((one) => textOf(field(one, "subresource"))),
        });
      }
    }
  }
  return kinds;
}

function kindsOfResourceList(apiVersion: string, answer: object): DiscoveredKind[] {
  const resources = listOf(field(answer, "resources"));
  const subresources = new Map<string, string[]>();
  for (const resource of resources) {
    const [plural = "", ...rest] = textOf(field(resource, "name")).split("/");
    if (rest.length === 0) continue;
    const names = subresources.get(plural);
    if (names === undefined) subresources.set(plural, [rest.join("/")]);
    else names.push(rest.join("/"));
  }
  const kinds: DiscoveredKind[] = [];
  for (const resource of resources) {
    const plural = textOf(field(resource, "name"));
    if (plural.includes("/")) continue;
    kinds.push({
      apiVersion,
      kind: textOf(field(resource, "kind")),
      plural,
      singular: textOf(field(resource, "singularName")),
      scope: field(resource, "namespaced") === true ? "Namespaced" : "Cluster",
      verbs: listOf(field(resource, "verbs")).map(String),
      shortNames: listOf(field(resource, "shortNames")).map(String),
      categories: listOf(field(resource, "categories")).map(String),
      subresources: subresources.get(plural) ?? [],
    });
  }
  return kinds;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
