/**
 * What a handler works with: a request that has been routed to a resource.
 */
import { formatApiVersion } from "bowline/core";
import { managerOfAgent } from "../merge/manager-name.ts";
import type { ResourceStore } from "../registry/store.ts";
import type { ResourceInfo, StrategyContext, SubresourceInfo } from "../registry/strategy.ts";
import type { StructSchema } from "../schema/index.ts";
import type { ApiServer } from "../server/api-server.ts";
import { whyWrongKind } from "./body-decoder.ts";
import type { Exchange } from "./exchange.ts";
import { negotiateOutput, type OutputForm } from "./negotiation.ts";
import { OutputWriter } from "./output.ts";

/** Subresources that have no Table, although their resources have one. */
const TABLELESS: ReadonlySet<string> = new Set([
  "apiservices.apiregistration.k8s.io/status",
  "certificatesigningrequests.certificates.k8s.io/approval",
  "compositepodgroups.scheduling.k8s.io/status",
  "customresourcedefinitions.apiextensions.k8s.io/status",
  "devicetaintrules.resource.k8s.io/status",
  "namespaces/finalize",
  "podgroups.scheduling.k8s.io/status",
  "pods/ephemeralcontainers",
  "pods/resize",
  "resourceclaims.resource.k8s.io/status",
  "resourcepoolstatusrequests.resource.k8s.io/status",
]);
const PARTIAL_TRANSFORMS: ReadonlySet<string> = new Set(["PartialObjectMetadata", "PartialObjectMetadataList"]);

/** A request for a resource or subresource that is served. */
export class RequestScope {
  readonly server: ApiServer;
  readonly exchange: Exchange;
  readonly resource: ResourceInfo;
  readonly store: ResourceStore;
  /** `""` for a cluster-scoped resource or all namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  /** The kind of the subresource's bodies; `undefined` for the main resource. */
  readonly subresourceInfo: SubresourceInfo | undefined;

  constructor(server: ApiServer, exchange: Exchange, resource: ResourceInfo) {
    const { info } = exchange;
    this.server = server;
    this.exchange = exchange;
    this.resource = resource;
    this.store = server.store(resource);
    this.namespace = resource.isNamespaced ? info.namespace : "";
    this.name = info.isNamed ? info.name : "";
    this.subresource = info.subresource;
    this.subresourceInfo = info.subresource === "" ? undefined : resource.subresourceKinds[info.subresource];
  }

  /** The schema of the resource's kind; none for custom resources without one. */
  get schema(): StructSchema | undefined {
    return this.server.schemaOf(this.resource);
  }

  /** The kind that a body must be of. */
  get bodyKind(): { readonly apiVersion: string; readonly kind: string } {
    return { apiVersion: formatApiVersion(this.resource), kind: this.resource.kind };
  }

  /** Why an object of another kind cannot be taken. */
  wrongKind(apiVersion: string, kind: string): string {
    return whyWrongKind(apiVersion, kind, this.resource);
  }

  /** @throws StatusError 406 */
  outputForm(transforms?: ReadonlySet<string>): OutputForm {
    const { group, plural } = this.resource;
    const isTableless = TABLELESS.has(`${plural}${group === "" ? "" : `.${group}`}/${this.subresource}`);
    const allowed = transforms ?? (isTableless ? PARTIAL_TRANSFORMS : undefined);
    return negotiateOutput(this.exchange.header("accept"), this.exchange.query, allowed);
  }

  writer(form: OutputForm): OutputWriter {
    return new OutputWriter(this.resource, this.store.strategy, form, this.exchange.query, this.server.clock.now());
  }

  context(isDryRun = false): StrategyContext {
    return this.server.context(this.resource, {
      user: this.exchange.user,
      namespace: this.namespace,
      subresource: this.subresource,
      isDryRun,
      warn: (text) => this.exchange.warn(text),
    });
  }

  /** The manager of a write: the one that is named, else the client's name from its `User-Agent`. */
  manager(named: string): string {
    return named !== "" ? named : managerOfAgent(this.exchange.header("user-agent") ?? "");
  }
}
