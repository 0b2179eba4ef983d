/**
 * The ways to authenticate, in words.
 */
import type { CredentialExplanation, CredentialMethod } from "bowline/auth";
import { printable } from "./text-layout.ts";

/** How requests of a context authenticate: `exec plugin /usr/local/bin/aws`. */
export function describeMethods(explanation: CredentialExplanation): string {
  const { methods } = explanation;
  return methods.length === 0
    ? "nothing: requests are anonymous"
    : methods.map((method) => describeMethod(method, explanation)).join(", and ");
}

/** One way, with the file or program that it is about. */
export function describeMethod(method: CredentialMethod, explanation: CredentialExplanation): string {
  const { plugin, tokenFile, clientCertificate } = explanation;
  const about: Readonly<Record<CredentialMethod, string>> = {
    addressLogin: "user name and password of the server's address",
    tokenFile: `token file ${tokenFile ?? ""}`,
    token: "token of the kubeconfig",
    tokenFunction: "token function",
    basic: "user name and password",
    exec: `exec plugin ${plugin?.path ?? plugin?.command ?? ""}`,
    oidc: "OIDC id-token",
    clientCertificate: `client certificate ${clientCertificate?.path ?? "of the kubeconfig"}`,
  };
  return printable(about[method].trim());
}
