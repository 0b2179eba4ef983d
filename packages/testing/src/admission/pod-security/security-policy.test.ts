import assert from "node:assert/strict";
import { test } from "node:test";
import { policyText, readPolicy } from "./security-policy.ts";

const PREFIX = "pod-security.kubernetes.io/";

test("a namespace without labels asks for nothing", () => {
  const { policy, errors } = readPolicy(undefined);
  assert.equal(errors.hasErrors, false);
  assert.deepEqual(Object.values(policy).map(policyText), Array(3).fill("privileged:latest"));
});

test("what is enforced is warned of too, unless the labels say otherwise", () => {
  const enforced = { [`${PREFIX}enforce`]: "baseline", [`${PREFIX}enforce-version`]: "v1.30" };
  assert.equal(policyText(readPolicy(enforced).policy.warn), "baseline:v1.30");
  assert.equal(
    policyText(readPolicy({ ...enforced, [`${PREFIX}warn`]: "privileged" }).policy.warn),
    "privileged:latest",
  );
  assert.equal(
    policyText(readPolicy({ ...enforced, [`${PREFIX}warn-version`]: "v1.29" }).policy.warn),
    "baseline:v1.29",
  );
});

test("a bad level to enforce counts as the strictest, any other as none", () => {
  const { policy, errors } = readPolicy({
    [`${PREFIX}enforce`]: "odd",
    [`${PREFIX}warn`]: "odd",
    [`${PREFIX}audit-version`]: "1.2",
  });
  assert.equal(policyText(policy.enforce), "restricted:latest");
  assert.equal(policyText(policy.warn), "privileged:latest");
  assert.deepEqual(
    errors.all().map(({ field }) => field),
    [`metadata.labels[${PREFIX}enforce]`, `metadata.labels[${PREFIX}audit-version]`, `metadata.labels[${PREFIX}warn]`],
  );
});
