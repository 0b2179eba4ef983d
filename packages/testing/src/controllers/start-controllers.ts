/**
 * Starts the controllers inside the server. They need of it what a {@link ServerClient} offers: lists, every change in order, and
 * writes that go through the same steps as a request's. They run in turns of the event loop of their own, never within a request.
 */
import { formatApiVersion } from "bowline/core";
import type { ServerClient, ServerEvent } from "../registry/server-client.ts";
import type { Controller, ControllerContext } from "./controller.ts";
import { cronJobController } from "./cron-job.ts";
import { daemonSetController } from "./daemon-set.ts";
import { deploymentController } from "./deployment.ts";
import { EventRecorder } from "./event-recorder.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { jobController } from "./job.ts";
import { kubelet } from "./kubelet.ts";
import { namespaceContentController, namespaceDeletionController } from "./namespace.ts";
import { nodeLifecycleController } from "./node-lifecycle.ts";
import { replicaSetController, replicationController } from "./replica-set.ts";
import { serviceEndpointsController } from "./service-endpoints.ts";
import { statefulSetController } from "./stateful-set.ts";
import { clusterRoleAggregationController, disruptionController, resourceQuotaController } from "./status-keepers.ts";
import { volumeBindingController } from "./volume-binding.ts";

/** Which parts run, and how fast. */
export interface ControllerOptions {
  /** Whether there are nodes on which Pods are scheduled, run and end. Default true; without, Pods stay pending. */
  readonly kubelet?: boolean | undefined;
  /** Names of the nodes. Default: `node-1`, `node-2`. */
  readonly nodes?: readonly string[] | undefined;
  /** How long a Pod takes from one phase to the next, in milliseconds. Default 100; 0 leaves a turn of the event loop. */
  readonly delayMs?: number | undefined;
  /** The certificate, PEM, that each namespace's `kube-root-ca.crt` holds. Default: none. */
  readonly certificateAuthority?: string | undefined;
  /** Told of what a controller could not do. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const DEFAULT_NODES: readonly string[] = ["node-1", "node-2"];
const DEFAULT_DELAY_MS = 100;

/** Starts the controllers; the returned function stops them. */
export function startControllers(client: ServerClient, options: ControllerOptions = {}): () => void {
  const onError = options.onError ?? (() => undefined);
  const context: ControllerContext = { client, events: new EventRecorder(client), onError };
  const hasKubelet = options.kubelet ?? true;
  const controllers: Controller[] = [
    namespaceContentController(context, options.certificateAuthority ?? ""),
    namespaceDeletionController(context),
    garbageCollector(context),
    deploymentController(context),
    replicaSetController(context),
    replicationController(context),
    statefulSetController(context),
    daemonSetController(context),
    jobController(context),
    cronJobController(context),
    serviceEndpointsController(context),
    nodeLifecycleController(context),
    volumeBindingController(context, hasKubelet),
    disruptionController(context),
    resourceQuotaController(context),
    clusterRoleAggregationController(context),
  ];
  const dispatch = (event: ServerEvent) => {
    for (const controller of controllers) controller.onEvent(event);
  };
  for (const event of present(client)) dispatch(event);
  const unsubscribe = client.subscribe(dispatch);
  if (hasKubelet) {
    const nodes = options.nodes ?? DEFAULT_NODES;
    const simulation = kubelet(context, { nodes, delayMs: options.delayMs ?? DEFAULT_DELAY_MS });
    controllers.push(simulation);
    for (const event of present(client)) if (event.resource.kind === "Pod") simulation.onEvent(event);
  }
  return () => {
    unsubscribe();
    for (const controller of controllers) controller.stop();
  };
}

/** What is there already, as if it were made now. */
function present(client: ServerClient): ServerEvent[] {
  const stored = client
    .resources()
    .filter(
      (resource) =>
        resource.storage.group === resource.group &&
        resource.storage.version === resource.version &&
        resource.verbs.includes("list"),
    );
  return stored.flatMap((resource) => {
    const apiVersion = formatApiVersion(resource);
    return client.list(apiVersion, resource.kind).map((object) => ({ type: "ADDED" as const, object, resource }));
  });
}
