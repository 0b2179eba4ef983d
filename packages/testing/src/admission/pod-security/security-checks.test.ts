import assert from "node:assert/strict";
import { test } from "node:test";
import { type CheckedPod, violations } from "./security-checks.ts";
import type { Level } from "./security-policy.ts";

const hardened = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

function pod(spec: Record<string, unknown>): CheckedPod {
  return { annotations: {}, spec };
}

function reasons(spec: Record<string, unknown>, level: Level, minor: number | "latest" = "latest"): string[] {
  return violations(pod(spec), { level, minor }).map(({ reason }) => reason);
}

test("a Pod that says nothing of its security is fine for the baseline and too lax for the restricted level", () => {
  const spec = { containers: [{ name: "a" }] };
  assert.deepEqual(reasons(spec, "privileged"), []);
  assert.deepEqual(reasons(spec, "baseline"), []);
  assert.deepEqual(reasons(spec, "restricted"), [
    "allowPrivilegeEscalation != false",
    "unrestricted capabilities",
    "runAsNonRoot != true",
    "seccompProfile",
  ]);
});

test("a hardened Pod meets the restricted level", () => {
  assert.deepEqual(reasons({ containers: [{ name: "a", securityContext: hardened }] }, "restricted"), []);
});

test("a check holds since its version", () => {
  const spec = { containers: [{ name: "a", livenessProbe: { httpGet: { host: "192.0.2.1" } } }] };
  assert.deepEqual(reasons(spec, "baseline", 33), []);
  assert.deepEqual(reasons(spec, "baseline", 34), ["probe or lifecycle host"]);
  assert.deepEqual(reasons({ containers: [{ name: "a" }] }, "restricted", 7), ["runAsNonRoot != true"]);
});

test("a stricter check stands for the one of the baseline", () => {
  const spec = {
    containers: [{ name: "a", securityContext: { ...hardened, capabilities: { add: ["KILL"], drop: ["ALL"] } } }],
  };
  assert.deepEqual(reasons(spec, "baseline"), []);
  assert.deepEqual(reasons(spec, "restricted"), ["unrestricted capabilities"]);
});

test("a Pod with users of its own may be root among them", () => {
  const spec = { hostUsers: false, containers: [{ name: "a", securityContext: { ...hardened, runAsUser: 0 } }] };
  assert.deepEqual(reasons(spec, "restricted"), []);
  assert.deepEqual(reasons(spec, "restricted", 34), ["runAsUser=0"]);
});

test("what breaks a rule is told with its containers and values", () => {
  const ports = [{ hostPort: 80 }, { hostPort: 443 }];
  const [violation] = violations(
    pod({
      containers: [
        { name: "a", ports },
        { name: "b", ports },
      ],
    }),
    {
      level: "baseline",
      minor: "latest",
    },
  );
  assert.equal(violation?.detail, 'containers "a", "b" use hostPorts 443, 80');
});
