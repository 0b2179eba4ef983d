import assert from "node:assert/strict";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { startTestServer, type TestServer } from "../server/start-test-server.ts";

const RBAC = "rbac.authorization.k8s.io/v1";

function grant(server: TestServer, name: string, rules: readonly object[]): void {
  server.objects.create({ apiVersion: RBAC, kind: "ClusterRole", metadata: { name }, rules });
  server.objects.create({
    apiVersion: RBAC,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "User", name: "ann" }],
  });
}

/** Asks who the caller is; gives the user, or why that was refused. */
async function whoAmI(server: TestServer, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const answer = await new Promise<string>((resolve, reject) => {
    const outgoing = request(
      new URL("/apis/authentication.k8s.io/v1/selfsubjectreviews", server.url),
      {
        method: "POST",
        headers: { authorization: "Bearer ann-token", "content-type": "application/json", ...headers },
        ca: server.certificateAuthority,
      },
      (response) => void text(response).then(resolve, reject),
    ).on("error", reject);
    outgoing.end("{}");
  });
  const body = JSON.parse(answer) as { message?: string; status?: { userInfo?: unknown } };
  return body.message ?? body.status?.userInfo;
}

const start = () => startTestServer({ tokens: { "ann-token": { user: "ann", groups: ["devs"] } } });

test("refuses in the words of the mode that suits whom one wants to be", async () => {
  await using server = await start();
  assert.equal(
    await whoAmI(server, { "impersonate-user": "zoe" }),
    'selfsubjectreviews.authentication.k8s.io is forbidden: User "ann" cannot impersonate-on:user-info:create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
  );
  assert.match(
    String(await whoAmI(server, { "impersonate-user": "system:node:n1" })),
    /cannot impersonate-on:arbitrary-node:create/,
  );
  assert.match(
    String(await whoAmI(server, { "impersonate-user": "system:serviceaccount:a:b" })),
    /cannot impersonate-on:serviceaccount:create/,
  );
});

test("takes the rights of a mode, both to be somebody and to do so", async () => {
  await using server = await start();
  const apiGroups = ["authentication.k8s.io"];
  grant(server, "to-be", [
    { apiGroups, resources: ["users", "groups"], resourceNames: ["zoe", "ops"], verbs: ["impersonate:user-info"] },
    { apiGroups, resources: ["nodes"], verbs: ["impersonate:arbitrary-node"] },
  ]);
  grant(server, "on", [
    {
      apiGroups,
      resources: ["selfsubjectreviews"],
      verbs: ["impersonate-on:user-info:create", "impersonate-on:arbitrary-node:create"],
    },
  ]);
  assert.deepEqual(await whoAmI(server, { "impersonate-user": "zoe", "impersonate-group": "ops" }), {
    username: "zoe",
    groups: ["ops", "system:authenticated"],
  });
  assert.deepEqual(await whoAmI(server, { "impersonate-user": "system:node:n1" }), {
    username: "system:node:n1",
    groups: ["system:nodes", "system:authenticated"],
  });
  assert.match(
    String(await whoAmI(server, { "impersonate-user": "zoe", "impersonate-group": "system:masters" })),
    /impersonating the system:masters group is not allowed$/,
  );
  assert.match(
    String(await whoAmI(server, { "impersonate-user": "zoe", "impersonate-extra-team": "a" })),
    /extra\.key: Invalid value: "team": must be a domain-prefixed path \(such as "acme\.io\/foo"\)$/,
  );
});

test("tells the refusal of the way that last led somewhere", async () => {
  await using server = await start();
  grant(server, "old-way", [{ apiGroups: [""], resources: ["users"], resourceNames: ["zoe"], verbs: ["impersonate"] }]);
  assert.deepEqual(await whoAmI(server, { "impersonate-user": "zoe" }), {
    username: "zoe",
    groups: ["system:authenticated"],
  });
  assert.equal(
    await whoAmI(server, { "impersonate-user": "yan" }),
    'users "yan" is forbidden: User "ann" cannot impersonate resource "users" in API group "" at the cluster scope',
  );
});
