/**
 * Requests that the HTTP library refuses before anything is sent.
 */
import { KubeError } from "../core/kube-error.ts";
import { connectionFailure } from "./connection-failure.ts";

const REFUSED =
  /^ERR_(?:INVALID_CHAR|HTTP_INVALID_HEADER_VALUE|INVALID_HTTP_TOKEN|UNESCAPED_CHARACTERS|INVALID_ARG_TYPE)$/;

/** The error of a request with a header or path that HTTP cannot carry. The library's messages name headers and never hold their values. */
export function unsendable(error: unknown, method: string, server: string): KubeError {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string" || !REFUSED.test(code)) return connectionFailure(error, { server, wasSent: false });
  const message = `cannot send ${method} to ${server}: ${(error as Error).message}; a token or path must be plain ASCII without line breaks`;
  return new KubeError("RequestInvalid", message, { cause: error });
}
