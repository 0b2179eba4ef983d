/**
 * From apiVersion and kind to what a URL needs: the built-in table first, then what the caller has defined, then discovery.
 */

import type { Scope } from "../kinds/kind-facts.ts";
import { findKind } from "../kinds/kind-table.ts";
import type { ApiSession } from "./api-session.ts";
import type { Discovery } from "./discovery.ts";
import type { Kind } from "./kind.ts";

/** A kind with all that its URLs and patches need. */
export interface ResolvedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: Scope;
  readonly subresources: readonly string[];
  /** Whether the table of built-in kinds has it, so that the server takes strategic merge patches for it. */
  readonly isBuiltIn: boolean;
}

/** A kind by name, or as a value. */
export type KindReference = Kind | { readonly apiVersion: string; readonly kind: string };

/** Looks kinds up; asks the server only for those that nothing here knows. */
export class KindResolver {
  readonly #session: ApiSession;
  #discovery: Promise<Discovery> | undefined;

  constructor(session: ApiSession) {
    this.#session = session;
  }

  /** What the server has. Loaded when it is first needed: most programs use built-in kinds only. */
  discovery(): Promise<Discovery> {
    this.#discovery ??= import("./discovery.ts").then(({ Discovery }) => new Discovery(this.#session));
    return this.#discovery;
  }

  /**
   * A value where no request is needed.
   *
   * @throws {KindNotFoundError} (as a rejection) where the server has no such kind.
   */
  resolve(reference: KindReference, signal?: AbortSignal): ResolvedKind | Promise<ResolvedKind> {
    const { apiVersion, kind } = reference;
    const known = builtInKind(apiVersion, kind);
    if (known !== undefined) return known;
    if ("plural" in reference) return { ...reference, isBuiltIn: false };
    return this.#discover(apiVersion, kind, signal);
  }

  async #discover(apiVersion: string, kind: string, signal: AbortSignal | undefined): Promise<ResolvedKind> {
    const found = await (await this.discovery()).find(apiVersion, kind, signal);
    return { ...found, isBuiltIn: false };
  }
}

/** A kind of the built-in table. */
export function builtInKind(apiVersion: string, kind: string): ResolvedKind | undefined {
  const found = findKind(apiVersion, kind);
  return found === undefined
    ? undefined
    : {
        apiVersion,
        kind,
        plural: found.plural,
        scope: found.scope,
        subresources: found.subresources,
        isBuiltIn: true,
      };
}
