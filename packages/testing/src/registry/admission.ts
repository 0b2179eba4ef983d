/**
 * What the server runs between decoding a write and storing it. Plugins live in `admission/`; the store calls each one's
 * `admit` before validation, in order, and each one's `validate` after it.
 */
import type { ApiObject, ResourceInfo, StrategyContext } from "./strategy.ts";

/** The write that is being admitted. */
export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly resource: ResourceInfo;
  /** `""` for the main resource. */
  readonly subresource: string;
  /** `""` for a cluster-scoped resource. */
  readonly namespace: string;
  /** `""` while a generateName has not been turned into a name. */
  readonly name: string;
  /** The object to be stored; `admit` changes it in place. Absent for a delete. */
  readonly object: ApiObject | undefined;
  readonly oldObject: ApiObject | undefined;
  /** The options of the write: CreateOptions, DeleteOptions, ... as sent. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly context: StrategyContext;
  /** Fills defaults into `object` again, for a plugin that has put something new into it. */
  readonly fillDefaults?: (() => void) | undefined;
}

/** One admission plugin. It refuses by throwing a `StatusError`, usually `forbidden(...)`. */
export interface AdmissionPlugin {
  readonly name: string;
  admit?(request: AdmissionRequest): void;
  validate?(request: AdmissionRequest): void;
}
