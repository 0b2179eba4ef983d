import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { editKubeconfig } from "./edit-kubeconfig.ts";
import { KubeConfig } from "./kube-config.ts";
import { Folder } from "./testdata/folder.ts";

const first = `# first
apiVersion: v1
kind: Config
clusters:
- name: k   # a cluster
  cluster:
    server: https://k
    future-field: kept
contexts: []
`;
const second = `contexts:
- context: {cluster: k, user: u}
  name: c
current-context: c
users:
- name: u
  user: {token: t}
`;

function folderOfTwo(): { readonly folder: Folder; readonly host: ReturnType<Folder["host"]> } {
  const folder = new Folder({ one: first, two: second });
  return {
    folder,
    host: folder.host({ KUBECONFIG: `${folder.at("missing")}:${folder.at("one")}:${folder.at("two")}` }),
  };
}

test("K46 an existing entry is changed in its own file, and everything else stays", async () => {
  const { folder, host } = folderOfTwo();
  using _ = folder;
  await editKubeconfig((config) => config.setCluster("k", { server: "https://new", "tls-server-name": "sn" }), {
    host,
  });
  assert.equal(
    readFileSync(folder.at("one"), "utf8"),
    first
      .replace("https://k", "https://new")
      .replace("future-field: kept\n", "future-field: kept\n    tls-server-name: sn\n"),
  );
  assert.equal(readFileSync(folder.at("two"), "utf8"), second);
});

test("K46 a new entry and the current context go to the first file that exists", async () => {
  const { folder, host } = folderOfTwo();
  using _ = folder;
  await editKubeconfig(
    (config) => {
      config.setUser("v", { token: "tv" });
      config.setContext("d", { cluster: "k", user: "v", namespace: "ns" });
      config.setCurrentContext("d");
    },
    { host },
  );
  assert.equal(readFileSync(folder.at("two"), "utf8"), second);
  assert.ok(!existsSync(folder.at("missing")));
  const { user, namespace } = (await KubeConfig.load(undefined, { host })).resolve();
  assert.deepEqual([user.token, namespace], ["tv", "ns"]);
});

test("K46 names are changed and entries deleted where they are, and the current context goes along", async () => {
  const { folder, host } = folderOfTwo();
  using _ = folder;
  await editKubeconfig((config) => config.renameContext("c", "renamed"), { host });
  assert.equal((await KubeConfig.load(undefined, { host })).resolve().context, "renamed");
  await editKubeconfig(
    (config) => {
      config.deleteUser("u");
      config.deleteContext("renamed");
      config.setCurrentContext("");
    },
    { host },
  );
  const config = await KubeConfig.load(undefined, { host });
  assert.deepEqual([config.contexts, config.users], [[], []]);
  assert.match(readFileSync(folder.at("one"), "utf8"), /^# first/);
});

test("K46 a namespace is set for the current context, and removed", async () => {
  const { folder, host } = folderOfTwo();
  using _ = folder;
  await editKubeconfig((config) => config.setNamespace("web"), { host });
  assert.equal((await KubeConfig.load(undefined, { host })).resolve().namespace, "web");
  await editKubeconfig((config) => config.setNamespace(""), { host });
  assert.equal((await KubeConfig.load(undefined, { host })).resolve().namespace, "default");
});

test("K46 a new file has the mode 0600, an existing one keeps its own, and a link stays a link", async () => {
  using folder = new Folder();
  const host = folder.host();
  const make = (): Promise<void> =>
    editKubeconfig((config) => config.setCluster("k", { server: "https://k" }), { host });
  await make();
  const file = folder.at(".kube/config");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const linked = folder.write("real", "kind: Config\n");
  symlinkSync(linked, folder.at("link"));
  await editKubeconfig((config) => config.setCluster("k", { server: "https://k" }), { host, path: folder.at("link") });
  assert.match(readFileSync(linked, "utf8"), /https:\/\/k/);
  assert.deepEqual(readdirSync(folder.path).sort(), [".kube", "link", "real"], "no lock and no temporary file is left");
});

test("K46 what is not there cannot be renamed, deleted or made current, and nothing is written", async () => {
  const { folder, host } = folderOfTwo();
  using _ = folder;
  const edit = (change: Parameters<typeof editKubeconfig>[0]): Promise<void> => editKubeconfig(change, { host });
  await assert.rejects(
    edit((config) => config.setCurrentContext("zz")),
    { code: "ContextNotFound" },
  );
  await assert.rejects(
    edit((config) => config.deleteCluster("zz")),
    { code: "ClusterNotFound" },
  );
  await assert.rejects(
    edit((config) => config.deleteUser("zz")),
    { code: "UserNotFound" },
  );
  await assert.rejects(
    edit((config) => config.renameContext("c", "c")),
    { code: "KubeconfigInvalid" },
  );
  const half = edit((config) => {
    config.setUser("u", { token: "changed" });
    throw new Error("on second thoughts");
  });
  await assert.rejects(half, /second thoughts/);
  assert.equal(readFileSync(folder.at("two"), "utf8"), second);
  assert.ok(!existsSync(folder.at("two.lock")));
});

test("K46 two edits at once both take effect", async () => {
  using folder = new Folder();
  const host = folder.host();
  mkdirSync(folder.at(".kube"));
  const names = ["a", "b", "c", "d", "e"];
  await Promise.all(names.map((name) => editKubeconfig((config) => config.setUser(name, { token: name }), { host })));
  const config = await KubeConfig.load(undefined, { host });
  assert.deepEqual(config.users.map(({ name }) => name).sort(), names);
});

test("K46 a lock that stays is an error that says which file to delete", async () => {
  using folder = new Folder({ config: first });
  writeFileSync(folder.at("config.lock"), "");
  const edit = editKubeconfig((config) => config.setUser("u", {}), {
    path: folder.at("config"),
    host: folder.host(),
    lockWaitMs: 40,
  });
  await assert.rejects(edit, { code: "KubeconfigLocked", retryable: true });
});
