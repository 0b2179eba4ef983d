/**
 * A Kubernetes API server in memory, to test against.
 */
// The server

// Credentials
export type { TestUser } from "./auth/authenticator.ts";
export { CertificateAuthority, type ClientSubject, type KeyPair } from "./http/certificates.ts";
// The server from inside
export type {
  NewObject,
  ServerClient,
  ServerDeleteOptions,
  ServerEvent,
  ServerWriteOptions,
} from "./registry/server-client.ts";
export { type Status, StatusError } from "./registry/status-error.ts";
export type { ApiObject, ResourceInfo } from "./registry/strategy.ts";
export { type Clock, systemClock } from "./server/clock.ts";
// Faults
export type { Fault, FaultEffect, FaultMatch } from "./server/faults.ts";
export {
  type LoggedRequest,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from "./server/start-test-server.ts";
