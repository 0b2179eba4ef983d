/**
 * A temporary folder with files, and a host that lives in it.
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { Host } from "../host.ts";
import { nodeHost } from "../host.ts";

const certificates = JSON.parse(
  readFileSync(new URL("../../transport/testdata/certificates.json", import.meta.url), "utf8"),
) as { readonly ca: { readonly cert: string } };

/** A certificate authority that can be used. */
export const authorityPem: string = certificates.ca.cert;

/** Removed by `using`. */
export class Folder implements Disposable {
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), "bowline-config-")));

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  /** The file's absolute path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /** A host whose home and working folder this is. */
  host(env: Readonly<Record<string, string>> = {}): Host {
    const absolute = (path: string): string => (isAbsolute(path) ? path : join(this.path, path));
    return {
      ...nodeHost,
      env: () => ({ HOME: this.path, ...env }),
      cwd: () => this.path,
      readFile: (path) => nodeHost.readFile(absolute(path)),
      stat: (path) => nodeHost.stat(absolute(path)),
      checkReadable: (path) => nodeHost.checkReadable(absolute(path)),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** What a kubeconfig for tests holds: one context `c` with cluster `k` and user `u`, each as given. */
export interface Simple {
  readonly cluster?: unknown;
  readonly user?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A kubeconfig as text. */
export function kubeconfig({
  cluster = { server: "https://h:6443" },
  user = {},
  context = {},
  more = {},
}: Simple = {}): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    clusters: [{ name: "k", cluster }],
    users: [{ name: "u", user }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u", ...context } }],
    ...more,
  });
}
