import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiObject } from "../registry/strategy.ts";
import { ServiceAccountTokens } from "./service-account-tokens.ts";

function objects(): {
  tokens: ServiceAccountTokens;
  account: ApiObject;
  pod: ApiObject;
  stored: Set<ApiObject>;
  later: (ms: number) => void;
} {
  const account: ApiObject = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "robot", namespace: "a", uid: "u1" },
  };
  const pod: ApiObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "a", uid: "u2" } };
  const stored = new Set([account, pod]);
  let now = Date.parse("2030-01-01T00:00:00Z");
  const tokens = new ServiceAccountTokens(
    () => new Date(now),
    (kind, namespace, name) =>
      [...stored].find(
        (item) => item.kind === kind && item.metadata.namespace === namespace && item.metadata.name === name,
      ),
  );
  const later = (ms: number) => {
    now += ms;
  };
  return { tokens, account, pod, stored, later };
}

test("a token is its account's, in the account's groups", () => {
  const { tokens, account } = objects();
  const verified = tokens.verify(tokens.issue(account, ["https://kubernetes.default.svc"], 600));
  assert.equal(verified?.user.username, "system:serviceaccount:a:robot");
  assert.deepEqual(verified?.user.groups, ["system:serviceaccounts", "system:serviceaccounts:a"]);
});

test("a token of another audience is good for that alone", () => {
  const { tokens, account } = objects();
  const token = tokens.issue(account, ["vault"], 600);
  assert.equal(tokens.verify(token), undefined);
  assert.deepEqual(tokens.verify(token, ["other", "vault"])?.audiences, ["vault"]);
});

test("a token ends with its time, its account and what it is bound to", () => {
  const { tokens, account, pod, stored, later } = objects();
  const plain = tokens.issue(account, ["x"], 600);
  const bound = tokens.issue(account, ["x"], 6000, { kind: "Pod", name: "p", uid: "u2" });
  later(601_000);
  assert.equal(tokens.verify(plain, ["x"]), undefined);
  assert.deepEqual(tokens.verify(bound, ["x"])?.user.extra?.["authentication.kubernetes.io/pod-name"], ["p"]);
  stored.delete(pod);
  assert.equal(tokens.verify(bound, ["x"]), undefined);
  stored.add(pod);
  stored.delete(account);
  assert.equal(tokens.verify(bound, ["x"]), undefined);
});

test("a token that was changed, or is another server's, is not good", () => {
  const { tokens, account } = objects();
  const token = tokens.issue(account, ["x"], 600);
  const [head = "", body = "", signature = ""] = token.split(".");
  const forged = Buffer.from(Buffer.from(body, "base64url").toString().replace("robot", "admin")).toString("base64url");
  assert.equal(tokens.verify([head, forged, signature].join("."), ["x"]), undefined);
  assert.equal(objects().tokens.verify(token, ["x"]), undefined);
  for (const text of ["", "a.b.c", "a.b", token.slice(0, -2)]) assert.equal(tokens.verify(text, ["x"]), undefined);
});
