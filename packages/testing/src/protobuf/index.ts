/**
 * Bodies in Kubernetes' protobuf form, which typed Go clients and kubectl send.
 */
export { type Envelope, readEnvelope } from "./envelope.ts";
export { readMessage } from "./message-reader.ts";
export { WireError } from "./wire-reader.ts";
