/**
 * How a client connects.
 */
import type { CredentialSource } from "../auth/credential.ts";
import type { ExecOptions } from "../auth/exec/exec-options.ts";
import type { OidcOptions } from "../auth/oidc/auth-provider-part.ts";
import type { Impersonation } from "../config/cluster.ts";
import type { KubeConfig } from "../config/kube-config.ts";
import type { Overrides } from "../config/overrides.ts";
import type { Interceptor } from "../transport/interceptors.ts";
import type { RetryConfig } from "../transport/retry-policy.ts";
import type { ConnectorFactory, TransportObserver } from "../transport/transport.ts";
import type { Warning } from "./warning-header.ts";

/** Options of `Client.connect`. */
export interface ConnectOptions {
  /** A path, the text of a kubeconfig, or a loaded one. Default: KUBECONFIG, ~/.kube/config, else in-cluster. */
  readonly kubeconfig?: URL | string | KubeConfig | undefined;
  /** Default: the kubeconfig's current context. */
  readonly context?: string | undefined;
  /** Another cluster than the context's. */
  readonly cluster?: string | undefined;
  /** Another user than the context's. */
  readonly user?: string | undefined;
  /** For objects that say none. Default: the context's, else `"default"`. */
  readonly namespace?: string | undefined;
  /** Who owns the fields that this client writes; `apply` needs one. Default: the server derives one from `userAgent`. */
  readonly fieldManager?: string | undefined;
  /**
   * Act as somebody else, in the place of all that the kubeconfig says of it: its groups, uid and extra are not added.
   * `overrides.impersonate` adds to them. Default: as the kubeconfig says.
   */
  readonly impersonate?: Impersonation | undefined;
  /** What stands in the place of the kubeconfig's fields, as kubectl's flags do. */
  readonly overrides?: Overrides | undefined;
  /** Yields the credentials, in the place of the kubeconfig's user. The client closes it. */
  readonly credentials?: CredentialSource | undefined;
  /** How exec plugins are run, and which may. */
  readonly exec?: ExecOptions | undefined;
  /** How OIDC tokens are refreshed. */
  readonly oidc?: OidcOptions | undefined;
  /** The connection layer. Default: node:https on all runtimes; `undici` of `bowline/transport/undici` on Node. */
  readonly transport?: ConnectorFactory | undefined;
  /** Around every request, the first outermost. Default none, at no cost. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** When and how often failed requests are sent again. */
  readonly retry?: RetryConfig | undefined;
  /** Sees what is sent, for metrics and logs. */
  readonly observer?: TransportObserver | undefined;
  /** Sent as User-Agent. Default: the library's name and version. */
  readonly userAgent?: string | undefined;
  /** Is told of each warning that the server sends: deprecated APIs, unknown fields. Default: dropped. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}
