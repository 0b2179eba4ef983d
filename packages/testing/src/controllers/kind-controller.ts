/**
 * Controllers that look at an object of their kind again whenever it, or an object that it manages, has changed.
 */

import { controllerOf } from "bowline/core";
import type { ServerEvent } from "../registry/server-client.ts";
import { type Controller, type ControllerContext, isAbout } from "./controller.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

/** What a controller is about. */
export interface KindController {
  readonly group: string;
  readonly kind: string;
  /** The kind of the objects that it manages. */
  readonly owned: { readonly group: string; readonly kind: string };
  reconcile(namespace: string, name: string, queue: ReconcileQueue): void;
  /** Sees every event as well, for what else the kind depends on. */
  onEvent?(event: ServerEvent, queue: ReconcileQueue): void;
}

export function kindController(context: ControllerContext, about: KindController): Controller {
  const queue = new ReconcileQueue(
    context.client,
    (namespace, name) => about.reconcile(namespace, name, queue),
    context.onError,
  );
  return {
    onEvent(event) {
      const { object } = event;
      if (isAbout(event, about.group, about.kind)) queue.add(object.metadata.namespace, object.metadata.name);
      const owner = isAbout(event, about.owned.group, about.owned.kind) ? controllerOf(object) : undefined;
      if (owner?.kind === about.kind) queue.add(object.metadata.namespace, owner.name);
      about.onEvent?.(event, queue);
    },
    stop: () => queue.stop(),
  };
}
