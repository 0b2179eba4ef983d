/**
 * `bowline/auth`: how a resolved context authenticates, for programs that send their requests themselves or want to know.
 */
// Sources of credentials.

export type { CertificateFacts } from "./client-certificate.ts";
export { certificateFacts } from "./client-certificate.ts";
export type { CredentialOptions } from "./create-credential-source.ts";
export { createCredentialSource } from "./create-credential-source.ts";
export type { ClientCertificate, Credential, CredentialSource } from "./credential.ts";
export type { CredentialErrorCode, CredentialErrorOptions } from "./credential-error.ts";
export { CredentialError } from "./credential-error.ts";
export type { CallStatus, ExecMetrics } from "./exec/exec-metrics.ts";
// Exec plugins and OIDC.
export type { ExecOptions } from "./exec/exec-options.ts";
export type { KubercOptions } from "./exec/kuberc-policy.ts";
export { readKubercPolicy } from "./exec/kuberc-policy.ts";
export type { PluginPolicy } from "./exec/plugin-policy.ts";
export type { CommandFailure } from "./exec/resolve-command.ts";
export type { CredentialExplanation, CredentialMethod, PluginExplanation } from "./explain-credentials.ts";
// Explaining.
export { explainCredentials } from "./explain-credentials.ts";
export type { OidcOptions } from "./oidc/auth-provider-part.ts";
export type { IdpFetch } from "./oidc/refresh-tokens.ts";
