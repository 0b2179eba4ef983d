import assert from "node:assert/strict";
import { test } from "node:test";
import { Folder } from "../../config/testdata/folder.ts";
import { readKubercPolicy } from "./kuberc-policy.ts";
import type { PluginPolicy } from "./plugin-policy.ts";

const head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";
const read = (text: string, env: Readonly<Record<string, string>> = {}): Promise<PluginPolicy> => {
  using folder = new Folder({ ".kube/kuberc": text });
  const host = folder.host(env);
  const content = host.readFile(folder.at(".kube/kuberc"));
  return readKubercPolicy({ host: { ...host, readFile: () => content } });
};

test("E65 a policy and its list are read, entries by their old name too", async () => {
  const list = "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- command: a\n- name: /b/c\n";
  assert.deepEqual(await read(head + list), { type: "Allowlist", allowlist: ["a", "/b/c"] });
  assert.deepEqual(await read(`${head}credentialPluginPolicy: DenyAll\n`), { type: "DenyAll" });
  assert.deepEqual(await read(head), { type: "AllowAll" });
  assert.deepEqual(await read(`kind: Other\n---\n${head}credentialPluginPolicy: DenyAll\n`), { type: "DenyAll" });
});

test("E65 no file, or preferences that are switched off, is AllowAll", async () => {
  using folder = new Folder();
  assert.deepEqual(await readKubercPolicy({ host: folder.host() }), { type: "AllowAll" });
  for (const env of [{ KUBERC: "off" }, { KUBECTL_KUBERC: "false" }]) {
    assert.deepEqual(await read(`${head}credentialPluginPolicy: DenyAll\n`, env), { type: "AllowAll" });
  }
});

test("E65 KUBERC and an explicit path name a file that must exist", async () => {
  using folder = new Folder({ mine: `${head}credentialPluginPolicy: DenyAll\n` });
  assert.deepEqual(await readKubercPolicy({ host: folder.host({ KUBERC: folder.at("mine") }) }), { type: "DenyAll" });
  await assert.rejects(readKubercPolicy({ host: folder.host(), path: folder.at("nope") }), {
    code: "PluginPolicyInvalid",
  });
});

const wrong: readonly string[] = [
  "credentialPluginPolicy: Foo\n",
  "credentialPluginPolicy: 1\n",
  "credentialPluginPolicy: Allowlist\n",
  "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: []\n",
  "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{}]\n",
  "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: a\n",
  "credentialPluginPolicy: DenyAll\ncredentialPluginAllowlist: [{command: a}]\n",
  "credentialPluginAllowlist: [{command: a}]\n",
  "a: [",
];
for (const text of wrong) {
  test(`E62 E65 refuses ${JSON.stringify(text)}`, () =>
    assert.rejects(read(head + text), { code: "PluginPolicyInvalid" }));
}
