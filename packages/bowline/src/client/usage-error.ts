/**
 * Mistakes in the use of the library that are found before any request is made.
 */
import { KubeError } from "../core/kube-error.ts";

/** What {@link UsageError.code} can be. */
export type UsageErrorCode =
  | "ClientClosed"
  | "FieldManagerMissing"
  | "KeyedListReplaced"
  | "KindMissing"
  | "NameInvalid"
  | "NameMissing"
  | "NamespaceInvalid"
  | "NamespaceMismatch"
  | "NamespaceMissing"
  | "PathInvalid"
  | "PortInvalid"
  | "StrategicPatchNotSupported"
  | "UnguardedDeleteCollection";

/** A call that cannot be right, refused before any request. The same call fails again. */
export class UsageError extends KubeError {
  declare readonly code: UsageErrorCode;

  constructor(code: UsageErrorCode, message: string) {
    super(code, message);
  }
}
