/**
 * The error of a kind that the server does not have.
 */
import { KubeError } from "../core/kube-error.ts";

/** The server has no such kind. Retrying helps only once somebody has installed it. */
export class KindNotFoundError extends KubeError {
  readonly apiVersion: string;
  readonly kind: string;

  constructor(apiVersion: string, kind: string, kinds: readonly string[]) {
    const near = kinds.length === 0 ? "the server has no such apiVersion" : `it has ${kinds.join(", ")}`;
    super("KindNotFound", `the server has no kind ${JSON.stringify(kind)} in ${JSON.stringify(apiVersion)}: ${near}`);
    this.apiVersion = apiVersion;
    this.kind = kind;
  }
}
