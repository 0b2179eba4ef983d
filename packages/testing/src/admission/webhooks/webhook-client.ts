/**
 * Sends an AdmissionReview to a webhook.
 */
import { request } from "node:https";
import { type Fields, fieldsAt, numberAt, textAt } from "../../strategies/json-access.ts";
import type { CallResult } from "./webhook-session.ts";

const DEFAULT_TIMEOUT_SECONDS = 10;

/** Where a webhook listens, or why it cannot be reached. */
export type WebhookAddress = { readonly url: string } | { readonly problem: string };

/** The address in a webhook's client configuration. Services are not resolved: nothing listens behind them. */
export function addressOf(hook: Fields, hasService: (namespace: string, name: string) => boolean): WebhookAddress {
  const url = textAt(hook, "clientConfig", "url");
  const timeout = `timeout=${timeoutOf(hook)}s`;
  if (url !== "") return { url: `${/^https:\/\/[^/]*$/.test(url) ? `${url}/` : url}?${timeout}` };
  const service = fieldsAt(hook, "clientConfig", "service");
  const [name, namespace] = [textAt(service, "name"), textAt(service, "namespace")];
  const path = textAt(service, "path");
  const target = `https://${name}.${namespace}.svc:${numberAt(service, "port") ?? 443}${path === "" ? "/" : path}?${timeout}`;
  const why = hasService(namespace, name)
    ? `no endpoints available for service ${JSON.stringify(name)}`
    : `service ${JSON.stringify(name)} not found`;
  return { problem: `Post ${JSON.stringify(target)}: ${why}` };
}

function timeoutOf(hook: Fields): number {
  return numberAt(hook, "timeoutSeconds") ?? DEFAULT_TIMEOUT_SECONDS;
}

/** Posts a review and reads the answer. Never rejects. */
export function postReview(hook: Fields, url: string, review: unknown): Promise<CallResult> {
  const body = JSON.stringify(review);
  const bundle = textAt(hook, "clientConfig", "caBundle");
  const fail = (why: string): CallResult => ({ type: "error", message: `Post ${JSON.stringify(url)}: ${why}` });
  return new Promise((resolve) => {
    const options = {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "content-length": String(Buffer.byteLength(body)),
      },
      timeout: timeoutOf(hook) * 1000,
      agent: false,
      ...(bundle === "" ? {} : { ca: Buffer.from(bundle, "base64").toString("utf8") }),
    };
    const outgoing = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", (error) => resolve(fail(error.message)));
      response.on("end", () => resolve(readAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString("utf8"))));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("context deadline exceeded")));
    outgoing.on("error", (error) => resolve(fail(whyNotReached(error, url))));
    outgoing.end(body);
  });
}

const REFUSED = ["ECONNREFUSED", "ConnectionRefused"];
const UNTRUSTED = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/** Why a connection failed, as Go words the common cases. */
function whyNotReached(error: Error & { readonly code?: unknown }, url: string): string {
  const { hostname, port } = new URL(url);
  const code = String(error.code);
  if (REFUSED.includes(code)) return `dial tcp ${hostname}:${port || 443}: connect: connection refused`;
  if (UNTRUSTED.includes(code))
    return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
  return error.message;
}

function readAnswer(status: number, text: string): CallResult {
  if (status === 404) return { type: "error", message: "the server could not find the requested resource" };
  if (status < 200 || status > 299) {
    const said = text.trim() || "unknown";
    const message = `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`;
    return { type: "error", message };
  }
  try {
    return { type: "answer", value: JSON.parse(text) as unknown };
  } catch {
    return { type: "error", message: "the answer is not JSON" };
  }
}
