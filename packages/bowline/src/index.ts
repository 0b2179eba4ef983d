/**
 * Bowline, the Kubernetes client for TypeScript: configuration, the client, resources, errors, types.
 */

// Client

export type { AccessRequest, ServerVersion, UserInfo } from "./client/access.ts";
export { Client } from "./client/client.ts";
export type { ConnectOptions } from "./client/connect-options.ts";
export type { RawInit } from "./client/raw-request.ts";
export type { Warning } from "./client/warning-header.ts";

// Configuration

export type { Cluster, ExecConfig, FileOrData, Impersonation, ResolvedContext, User } from "./config/cluster.ts";
export {
  type InlineConfig,
  KubeConfig,
  type KubeContext,
  type LoadOptions,
  type ParseOptions,
} from "./config/kube-config.ts";
export type { Overrides } from "./config/overrides.ts";
export type { ResolveOptions } from "./config/resolve-context.ts";

// Credentials and connections, for those who bring their own

export type { ClientCertificate, Credential, CredentialSource } from "./auth/credential.ts";
export type { CallStatus, ExecMetrics } from "./auth/exec/exec-metrics.ts";
export type { ExecOptions } from "./auth/exec/exec-options.ts";
export type { PluginPolicy } from "./auth/exec/plugin-policy.ts";
export type { OidcOptions } from "./auth/oidc/auth-provider-part.ts";
export type { IdpFetch } from "./auth/oidc/refresh-tokens.ts";
export type { Interceptor } from "./transport/interceptors.ts";
export type { RetryConfig } from "./transport/retry-policy.ts";
export type {
  Connector,
  ConnectorFactory,
  TransportObserver,
  TransportRequest,
  TransportResponse,
  WebSocketConnection,
} from "./transport/transport.ts";

// Resources

export type { LogOptions, LogStream } from "./client/log.ts";
export type { AllNamespaces, Collection, InNamespace, Resource, Unbound, Verbs } from "./client/resource.ts";
export type { Exec, ExecCommandOptions, ExecResult } from "./client/streams/exec.ts";
export type { PortForward, PortForwardOptions } from "./client/streams/port-forward/port-forward.ts";
export type { Session, SessionOptions } from "./client/streams/session.ts";
export type {
  GenericSubresource,
  ProxyInit,
  Subresource,
  SubresourceApi,
  SubresourcePatchBody,
} from "./client/subresource.ts";
export type { Table, TableColumn, TableOptions, TableRow } from "./client/table.ts";
export type { Bookmark, WatchEvent } from "./client/watch/watch-event.ts";

// Objects and kinds

export {
  type CustomObject,
  defineKind,
  type InferSchema,
  type JsonSchema,
  type KindDefinition,
} from "./client/define-kind.ts";
export { isKind } from "./client/is-kind.ts";
export type { DiscoveredKind, Kind, ObjectOf } from "./client/kind.ts";
export type { AnyApiVersion, ApiVersion, KindMap, KindName, KindOf } from "./client/kind-map.ts";
export type {
  ClusterObject,
  Existing,
  ExistingMeta,
  KubeObject,
  List,
  MetadataOnly,
  NamespacedObject,
  Untyped,
} from "./client/kube-object.ts";
export { ManifestError, parseManifests } from "./client/manifests.ts";
export type { KindFacts, ListMap, Scope, ScopeOf, SubresourcesOf } from "./kinds/kind-facts.ts";

// Options

export type {
  ApplyOptions,
  CallOptions,
  DeleteCollectionOptions,
  DeleteOptions,
  GetOptions,
  ListOptions,
  OmitManagedFields,
  WatchOptions,
  WriteOptions,
} from "./client/call-options.ts";
export type { FieldSelector, SelectorOptions } from "./client/selectors.ts";
export type { LabelSelectorInput } from "./core/label-selector.ts";
export type { SelectableFields } from "./kinds/selectable-fields.ts";

// Bodies of requests

export type {
  JsonPatchOperation,
  MergePatch,
  MetadataPatch,
  NoSuchPath,
  PatchBody,
  PatchDirectives,
  PatchType,
  ReplacingMergePatch,
  StrategicItem,
  StrategicPatch,
} from "./client/patch-body.ts";
export type { ApplyConfiguration, ApplyItem, ApplyValue, New } from "./client/request-bodies.ts";

// Errors

export { CredentialError, type CredentialErrorCode } from "./auth/credential-error.ts";
export { AnswerError, type AnswerErrorCode } from "./client/answer.ts";
export { KindNotFoundError } from "./client/kind-not-found-error.ts";
export { StreamError, type StreamErrorCode } from "./client/streams/stream-error.ts";
export { TimedOutError } from "./client/timed-out-error.ts";
export { UsageError, type UsageErrorCode } from "./client/usage-error.ts";
export { ConfigError, type ConfigErrorCode, type ConfigProblem } from "./config/config-error.ts";
export { ApiError, type ApiErrorInit, type ApplyConflict } from "./core/api-error.ts";
export {
  type InvalidError,
  isAlreadyExists,
  isApiError,
  isBadRequest,
  isConflict,
  isExpired,
  isForbidden,
  isInternalError,
  isInvalid,
  isMethodNotSupported,
  isNotAcceptable,
  isNotFound,
  isRequestEntityTooLarge,
  isServerTimeout,
  isServiceUnavailable,
  isTimeout,
  isTooManyRequests,
  isUnauthorized,
  isUnsupportedMediaType,
} from "./core/api-error-predicates.ts";
export type { ApiTarget } from "./core/api-target.ts";
export { KubeError, type KubeErrorOptions } from "./core/kube-error.ts";
export { ParseError } from "./core/parse-error.ts";
export { ConnectionError, type ConnectionErrorCode } from "./transport/connection-error.ts";

// Small pure parts; Quantity, durations, selectors and more are in "bowline/core"

export { findCondition, isConditionTrue, type NewCondition, removeCondition, setCondition } from "./core/conditions.ts";
export { formatObjectKey, type ObjectKey, objectKey, parseObjectKey } from "./core/object-key.ts";
export { controllerOf, isOwnedBy, type OwnerReferenceOptions, ownerReference } from "./core/owner-reference.ts";
