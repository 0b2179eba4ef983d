/**
 * The `oidc` auth-provider with an identity provider that answers, and what is kept in the kubeconfig.
 */
import type { CaseServer, CaseStep, CredentialCase } from "../case.ts";
import { kubeconfig } from "../kubeconfig-text.ts";

type Fields = Readonly<Record<string, unknown>>;

function idToken(exp: number, mark = ""): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ iss: "https://x", exp, mark })}.c2ln`;
}

const old = idToken(1000);
const fresh = idToken(4_000_000_000);
const next = idToken(4_000_000_000, "next");

const settings: Fields = {
  "client-id": "me",
  "client-secret": "s",
  "idp-issuer-url": "@IDP@",
  "idp-certificate-authority-data": "@CA64@",
  "id-token": old,
  "refresh-token": "r0",
};
const refreshed = { access_token: "a", token_type: "Bearer", expires_in: 3600, id_token: next, refresh_token: "r1" };

function idpCase(
  name: string,
  changes: Fields,
  tokens: CaseServer["tokens"] = [{ body: refreshed }],
  steps: readonly CaseStep[] = [{ requests: 2 }],
  server: CaseServer = {},
): CredentialCase {
  const config = { ...settings, ...changes };
  return {
    name: `identity provider: ${name}`,
    files: { "ca.pem": "@CA@", config: kubeconfig({ "auth-provider": { name: "oidc", config } }) },
    kubeconfig: "@DIR@/config",
    server: { ...server, tokens: tokens ?? [] },
    steps,
  };
}

const { refresh_token: _, ...withoutRotation } = refreshed;
const { id_token: __, ...withoutIdToken } = refreshed;

export const identityProviderCases: readonly CredentialCase[] = [
  idpCase("refreshes", {}),
  idpCase("token is valid", { "id-token": fresh }),
  idpCase("no id-token yet", { "id-token": undefined }),
  idpCase("garbage for an id-token", { "id-token": "garbage" }),
  idpCase("no refresh-token", { "refresh-token": undefined }),
  idpCase("no client-secret", { "client-secret": undefined }),
  idpCase("secret with marks", { "client-id": "a b:c", "client-secret": "x/y+z%&=ü" }),
  idpCase("authority file", {
    "idp-certificate-authority-data": undefined,
    "idp-certificate-authority": "@DIR@/ca.pem",
  }),
  idpCase("authority file and data", { "idp-certificate-authority": "@DIR@/nowhere" }),
  idpCase("authority file missing", {
    "idp-certificate-authority-data": undefined,
    "idp-certificate-authority": "@DIR@/nowhere",
  }),
  idpCase("authority relative", { "idp-certificate-authority-data": undefined, "idp-certificate-authority": "ca.pem" }),
  idpCase("no authority", { "idp-certificate-authority-data": undefined }),
  idpCase("another authority", { "idp-certificate-authority-data": "@OTHER_CA64@" }),
  idpCase("authority not base64", { "idp-certificate-authority-data": "###" }),
  idpCase("authority garbage", { "idp-certificate-authority-data": "aGVsbG8=" }),
  idpCase("issuer with a slash", { "idp-issuer-url": "@IDP@/" }),
  idpCase("extra scopes", { "extra-scopes": "a,b" }),
  idpCase("no client-id", { "client-id": undefined }),
  idpCase("no issuer", { "idp-issuer-url": undefined }),
  idpCase("unknown setting", { foo: "bar" }),
  idpCase("refresh-token stays", {}, [{ body: withoutRotation }]),
  idpCase("no id_token comes", {}, [{ body: withoutIdToken }]),
  idpCase("id_token is a number", {}, [{ body: { ...refreshed, id_token: 5 } }]),
  idpCase("id_token is old", {}, [{ body: { ...refreshed, id_token: old } }]),
  idpCase("id_token is garbage", {}, [{ body: { ...refreshed, id_token: "garbage" } }]),
  idpCase("no access_token", {}, [{ body: { id_token: next, refresh_token: "r1" } }]),
  idpCase("no token_type", {}, [{ body: { access_token: "a", id_token: next, refresh_token: "r1" } }]),
  idpCase("token_type of another kind", {}, [{ body: { ...refreshed, token_type: "mac" } }]),
  idpCase("expires_in is text", {}, [{ body: { ...refreshed, expires_in: "3600" } }]),
  idpCase("invalid_grant", {}, [{ status: 400, body: { error: "invalid_grant" } }]),
  idpCase("invalid_client", {}, [{ status: 401, body: { error: "invalid_client" } }]),
  idpCase("401, then whole", {}, [{ status: 401, body: {} }, { body: refreshed }]),
  idpCase("400, then whole", {}, [{ status: 400, body: {} }, { body: refreshed }]),
  idpCase("500", {}, [{ status: 500, body: "oops" }]),
  idpCase("503, then whole", {}, [{ status: 503, body: "" }, { body: refreshed }]),
  idpCase("not JSON", {}, [{ body: "hello" }]),
  idpCase("empty", {}, [{ body: "" }]),
  idpCase("a list", {}, [{ body: "[]" }]),
  idpCase("twenty at once", {}, undefined, [{ requests: 20, parallel: true }]),
  idpCase("401 of the server", { "id-token": fresh }, undefined, [{ requests: 2 }], { statuses: [401] }),
  idpCase("401 of the server, once", { "id-token": fresh }, undefined, [{ requests: 2 }], { statuses: [401, 200] }),
  idpCase("own header", {}, undefined, [{ requests: 1, headers: { authorization: "Bearer own" } }]),
];
