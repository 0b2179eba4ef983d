/**
 * User and password in the server's address, beside everything else that may authenticate.
 */
import type { CredentialCase } from "../case.ts";
import { credential, exec, kubeconfig, secureCluster } from "../kubeconfig-text.ts";

type Fields = Readonly<Record<string, unknown>>;

const server = "https://u:p@127.0.0.1:@HTTPS@";
const files = { tok: "from-file", "a.pem": "@CERT_A@", "a.key": "@KEY_A@" };
const withCertificate = credential({ token: "t", clientCertificateData: "@CERT_A@", clientKeyData: "@KEY_A@" });

const users: Readonly<Record<string, Fields>> = {
  nothing: {},
  token: { token: "t0" },
  "token file": { tokenFile: "tok" },
  "user and password": { username: "x", password: "y" },
  password: { password: "y" },
  "certificate files": { "client-certificate": "a.pem", "client-key": "a.key" },
  plugin: exec(),
  "plugin and token": { ...exec(), token: "t0" },
  "plugin and certificate": { ...exec(), "client-certificate": "a.pem", "client-key": "a.key" },
  "plugin of a version that is none": exec({ apiVersion: "x" }),
  "two methods": { token: "t0", username: "x" },
  provider: {
    "auth-provider": { name: "oidc", config: { "client-id": "a", "idp-issuer-url": "https://x", "id-token": "a.b.c" } },
  },
  "acting as another": { token: "t0", as: "me" },
};

function loginCase(
  name: string,
  user: Fields,
  rest: Partial<CredentialCase> = {},
  cluster: Fields = {},
): CredentialCase {
  return {
    name: `address login: ${name}`,
    files: { ...files, config: kubeconfig(user, { ...secureCluster, server, ...cluster }) },
    plugins: { "bin/p": {} },
    kubeconfig: "@DIR@/config",
    ...rest,
  };
}

export const addressLoginCases: readonly CredentialCase[] = [
  ...Object.entries(users).map(([name, user]) => loginCase(name, user)),
  ...Object.entries(users).map(([name, user]) =>
    loginCase(`${name}, over plain HTTP`, user, {}, { server: "http://u:p@127.0.0.1:@HTTP@" }),
  ),
  loginCase("plugin with a certificate", exec(), {
    plugins: { "bin/p": { outputs: [withCertificate] } },
    steps: [{ requests: 2 }],
  }),
  loginCase("plugin, rejected", exec(), { server: { statuses: [401] }, steps: [{ requests: 2 }] }),
  loginCase("plugin that fails", exec(), { plugins: { "bin/p": { exitCode: 1 } } }),
  loginCase("plugin, no certificate asked", exec(), { server: { asksForCertificate: false } }),
  loginCase("the request's own header", {}, { steps: [{ requests: 1, headers: { authorization: "Bearer own" } }] }),
  loginCase("redirected", { token: "t0" }, { server: { redirect: "/other" } }),
  loginCase("of an override", { token: "t0" }, { overrides: { server } }, { server: "https://127.0.0.1:@HTTPS@" }),
  loginCase("taken away by an override", { token: "t0" }, { overrides: { server: "https://127.0.0.1:@HTTPS@" } }),
  loginCase("told to a plugin", exec({ provideClusterInfo: true })),
  loginCase("told to a plugin, with a path", exec({ provideClusterInfo: true }), {}, { server: `${server}/a/b` }),
];
