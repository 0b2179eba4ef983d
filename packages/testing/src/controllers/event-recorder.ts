/**
 * Events that controllers write about objects. Failing to write one harms nobody.
 */
import { formatTime } from "bowline/core";
import type { ServerClient } from "../registry/server-client.ts";
import { StatusError } from "../registry/status-error.ts";
import type { ApiObject } from "../registry/strategy.ts";

export class EventRecorder {
  readonly #client: ServerClient;
  #count = 0;

  constructor(client: ServerClient) {
    this.#client = client;
  }

  record(about: ApiObject, type: "Normal" | "Warning", reason: string, message: string, component: string): void {
    const now = this.#client.now();
    const time = formatTime(now);
    // Names end in the time in nanoseconds, which the counter keeps apart.
    this.#count = (this.#count + 1) % 1_000_000;
    const suffix = (BigInt(now.getTime()) * 1_000_000n + BigInt(this.#count)).toString(16);
    const { name, namespace, uid, resourceVersion } = about.metadata;
    try {
      this.#client.create({
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: `${name}.${suffix}`, namespace: namespace ?? "default" },
        involvedObject: {
          kind: about.kind,
          ...(namespace === undefined ? {} : { namespace }),
          name,
          uid,
          apiVersion: about.apiVersion,
          resourceVersion,
        },
        reason,
        message,
        source: { component },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        type,
        reportingComponent: component,
        reportingInstance: "",
      });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
