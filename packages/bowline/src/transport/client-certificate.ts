/**
 * Tells a client certificate that no runtime could use, before it turns up as an unclear failure of the handshake.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { ClientCertificate } from "../auth/credential.ts";
import { ConnectionError } from "./connection-error.ts";

/** @throws ConnectionError `ClientCertificateInvalid` where one is no PEM or they do not belong together. */
export function checkClientCertificate(certificate: ClientCertificate, server: string): void {
  const problem = problemOf(certificate);
  if (problem === undefined) return;
  const message = `cannot reach ${server}: ${problem.text}; check \`client-certificate\` and \`client-key\` of the user in the kubeconfig, or its plugin`;
  throw new ConnectionError("ClientCertificateInvalid", message, { server, cause: problem.cause });
}

function problemOf({ cert, key }: ClientCertificate): { readonly text: string; readonly cause?: unknown } | undefined {
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(cert);
  } catch (cause) {
    return { text: "the client certificate is not a PEM certificate", cause };
  }
  try {
    const isPair = leaf.checkPrivateKey(createPrivateKey(key));
    return isPair ? undefined : { text: "the client certificate and the client key do not belong together" };
  } catch (cause) {
    const isEncrypted = /BEGIN ENCRYPTED|ENCRYPTED\r?\n/.test(key);
    return {
      text: isEncrypted ? "the client key is encrypted, which is not supported" : "the client key is not a PEM key",
      cause,
    };
  }
}
