/**
 * Changing kubeconfig files: each stanza in the file that it came from, everything else left as it is.
 */

import type { ConfigErrorCode } from "./config-error.ts";
import { ConfigError } from "./config-error.ts";
import { decodeText } from "./decode-text.ts";
import type { Host } from "./host.ts";
import { nodeHost, systemCode } from "./host.ts";
import type { LoadedFiles } from "./kubeconfig-files.ts";
import { loadFiles } from "./kubeconfig-files.ts";
import type { ClusterStanza, ContextStanza, Entry, KubeconfigModel, UserStanza } from "./kubeconfig-stanza.ts";
import { withLocks, writeKubeconfigFile } from "./write-file.ts";
import type { editYaml, PathSegment } from "./yaml/edit-yaml.ts";

/** Which files are changed. */
export interface EditOptions {
  /** The only file. Default: those of KUBECONFIG, else `~/.kube/config`. */
  readonly path?: string | undefined;
  readonly host?: Host | undefined;
  /** How long another process's lock is waited for. Default 5000. */
  readonly lockWaitMs?: number | undefined;
}

/** Fields to set; those that are `null` are removed, those that are left out stay. */
export type StanzaChanges<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/**
 * The changes that can be made. They are written when the function that was given to {@link editKubeconfig} has ended well, and
 * none of them where it throws.
 */
export interface KubeconfigEditor {
  /** `""` clears it, in the first file that sets it. @throws ConfigError `ContextNotFound`. */
  setCurrentContext(name: string): void;
  /** Changes a context, or adds it. */
  setContext(name: string, changes: StanzaChanges<ContextStanza>): void;
  /** Changes a cluster, or adds it. Data is base64, as in the file. */
  setCluster(name: string, changes: StanzaChanges<ClusterStanza>): void;
  /** Changes a user, or adds it. Data is base64, as in the file. */
  setUser(name: string, changes: StanzaChanges<UserStanza>): void;
  /** The namespace of a context, by default the current one. @throws ConfigError `ContextNotFound`. */
  setNamespace(namespace: string, context?: string): void;
  /** The current context goes along. @throws ConfigError `ContextNotFound`, or where the new name is taken. */
  renameContext(from: string, to: string): void;
  /** @throws ConfigError `ContextNotFound`. */
  deleteContext(name: string): void;
  /** @throws ConfigError `ClusterNotFound`. */
  deleteCluster(name: string): void;
  /** @throws ConfigError `UserNotFound`. */
  deleteUser(name: string): void;
}

/**
 * Reads the kubeconfig files under their locks, lets `change` change them and writes those that have changed. An existing entry is
 * changed in the file that defines it; new ones and the current context go to the first file of the list that exists.
 *
 * Comments, order and unknown fields stay.
 * @throws ConfigError where a file cannot be read, locked or written, and whatever `change` throws.
 * @example
 * await editKubeconfig((config) => config.setNamespace("web"));
 */
export async function editKubeconfig(
  change: (editor: KubeconfigEditor) => void,
  options: EditOptions = {},
): Promise<void> {
  const host = options.host ?? nodeHost;
  const { files } = await loadFilesForEdit(host, options.path);
  const { editYaml: edit } = await import("./yaml/edit-yaml.ts");
  const write = async (): Promise<void> => {
    const editor = new Editor(host, await loadFilesForEdit(host, options.path), edit);
    change(editor);
    for (const [file, text] of editor.changedFiles()) writeKubeconfigFile(file, text);
  };
  await withLocks(files, write, options.lockWaitMs);
}

/** A file that is to be made need not exist yet. */
async function loadFilesForEdit(host: Host, path: string | undefined): Promise<LoadedFiles> {
  try {
    return await loadFiles(host, path);
  } catch (error) {
    if (path === undefined || !(error instanceof ConfigError) || error.code !== "KubeconfigNotFound") throw error;
    const model: KubeconfigModel = { currentContext: "", clusters: new Map(), users: new Map(), contexts: new Map() };
    return { model, files: [path], missing: [path], isExplicit: true };
  }
}

type ListName = "clusters" | "users" | "contexts";
const fieldOf = { clusters: "cluster", users: "user", contexts: "context" } as const;
const notFoundCode: Readonly<Record<ListName, ConfigErrorCode>> = {
  clusters: "ClusterNotFound",
  users: "UserNotFound",
  contexts: "ContextNotFound",
};

class Editor implements KubeconfigEditor {
  readonly #host: Host;
  readonly #loaded: LoadedFiles;
  readonly #edit: typeof editYaml;
  readonly #texts = new Map<string, { readonly before: string; now: string }>();
  /** Entries that were added or renamed in this edit, and where. */
  readonly #added = new Map<string, string>();
  readonly #removed = new Set<string>();
  #currentContext: string;

  constructor(host: Host, loaded: LoadedFiles, edit: typeof editYaml) {
    this.#host = host;
    this.#loaded = loaded;
    this.#edit = edit;
    this.#currentContext = loaded.model.currentContext;
  }

  changedFiles(): readonly (readonly [string, string])[] {
    return [...this.#texts].filter(([, { before, now }]) => before !== now).map(([file, { now }]) => [file, now]);
  }

  setCurrentContext(name: string): void {
    if (name !== "") this.#requireFile("contexts", name);
    this.#currentContext = name;
    if (name !== "") {
      this.#set(this.#defaultFile(), ["current-context"], name);
      return;
    }
    const setting = this.#loaded.files.find((file) =>
      /^\s*["']?current-context["']?\s*:|"current-context"/m.test(this.#text(file)),
    );
    if (setting !== undefined) this.#set(setting, ["current-context"], "");
  }

  setContext(name: string, changes: StanzaChanges<ContextStanza>): void {
    this.#change("contexts", name, changes);
  }

  setCluster(name: string, changes: StanzaChanges<ClusterStanza>): void {
    this.#change("clusters", name, changes);
  }

  setUser(name: string, changes: StanzaChanges<UserStanza>): void {
    this.#change("users", name, changes);
  }

  setNamespace(namespace: string, context: string = this.#currentContext): void {
    this.#requireFile("contexts", context);
    this.#change("contexts", context, { namespace: namespace === "" ? null : namespace });
  }

  renameContext(from: string, to: string): void {
    const file = this.#requireFile("contexts", from);
    if (this.#fileOf("contexts", to) !== undefined) {
      const message = `context ${JSON.stringify(from)} cannot be renamed: there is a context ${JSON.stringify(to)}`;
      throw ConfigError.of("KubeconfigInvalid", message);
    }
    this.#set(file, ["contexts", { name: from }, "name"], to);
    this.#removed.add(keyOf("contexts", from));
    this.#added.set(keyOf("contexts", to), file);
    if (this.#currentContext === from) this.setCurrentContext(to);
  }

  deleteContext(name: string): void {
    this.#delete("contexts", name);
  }

  deleteCluster(name: string): void {
    this.#delete("clusters", name);
  }

  deleteUser(name: string): void {
    this.#delete("users", name);
  }

  #change(list: ListName, name: string, changes: StanzaChanges<object>): void {
    const existing = this.#fileOf(list, name);
    const file = existing ?? this.#defaultFile();
    const path: readonly PathSegment[] = [list, { name }, fieldOf[list]];
    if (existing === undefined) {
      this.#added.set(keyOf(list, name), file);
      this.#removed.delete(keyOf(list, name));
      this.#set(file, path, withoutNulls(changes));
      return;
    }
    for (const [field, value] of Object.entries(changes)) {
      if (value !== undefined) this.#set(file, [...path, field], value ?? undefined);
    }
  }

  #delete(list: ListName, name: string): void {
    const file = this.#requireFile(list, name);
    this.#set(file, [list, { name }], undefined);
    this.#removed.add(keyOf(list, name));
    this.#added.delete(keyOf(list, name));
  }

  #requireFile(list: ListName, name: string): string {
    const file = this.#fileOf(list, name);
    if (file !== undefined) return file;
    const { files } = this.#loaded;
    const names = [...this.#loaded.model[list].keys()].filter((each) => !this.#removed.has(keyOf(list, each)));
    const choices = names.length === 0 ? "it has none" : `it has ${names.slice(0, 10).map(quote).join(", ")}`;
    const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
    const message = `there is no ${fieldOf[list]} ${quote(name)} in ${files.map(quote).join(", ")}; ${choices}${more}`;
    throw ConfigError.of(notFoundCode[list], message);
  }

  #fileOf(list: ListName, name: string): string | undefined {
    const key = keyOf(list, name);
    const added = this.#added.get(key);
    if (added !== undefined || this.#removed.has(key)) return added;
    const entries: ReadonlyMap<string, Entry<unknown>> = this.#loaded.model[list];
    return entries.get(name)?.origin;
  }

  /** The explicit file; else the first that exists, else the last of the list, as kubectl does. */
  #defaultFile(): string {
    const { files, missing } = this.#loaded;
    const file = files.find((each) => !missing.includes(each)) ?? files.at(-1);
    if (file !== undefined) return file;
    throw ConfigError.of("KubeconfigNotWritable", "KUBECONFIG lists no file that could be written");
  }

  #set(file: string, path: readonly PathSegment[], value: unknown): void {
    const text = this.#text(file);
    this.#texts.set(file, {
      before: this.#texts.get(file)?.before ?? text,
      now: this.#edit(text || newFile, path, value),
    });
  }

  #text(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known.now;
    let text = "";
    try {
      text = decodeText(this.#host.readFile(file));
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw error;
    }
    this.#texts.set(file, { before: text, now: text });
    return text;
  }
}

const newFile = "apiVersion: v1\nkind: Config\n";

function quote(name: string): string {
  return JSON.stringify(name);
}

function keyOf(list: ListName, name: string): string {
  return `${list}/${name}`;
}

function withoutNulls(changes: object): object {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null && value !== undefined));
}
