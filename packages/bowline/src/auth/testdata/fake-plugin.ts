/**
 * A credential plugin for tests: a real program that writes down how it was called and answers what it is told to.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster, ExecConfig, ResolvedContext, User } from "../../config/cluster.ts";
import type { Host } from "../../config/host.ts";
import { nodeHost } from "../../config/host.ts";
import { createCredentialSource } from "../create-credential-source.ts";
import type { CredentialSource } from "../credential.ts";
import type { ExecOptions } from "../exec/exec-options.ts";

export const v1 = "client.authentication.k8s.io/v1";
export const v1beta1 = "client.authentication.k8s.io/v1beta1";

/** An ExecCredential as text. */
export function answer(status: unknown, apiVersion: string = v1): string {
  return JSON.stringify({ kind: "ExecCredential", apiVersion, status });
}

/** A program in a folder of its own, removed by `using`. */
export class FakePlugin implements Disposable {
  readonly folder: string;
  readonly path: string;

  constructor(body = 'cat "$d/answer"') {
    this.folder = mkdtempSync(join(tmpdir(), "bowline-plugin-"));
    this.path = join(this.folder, "plugin.sh");
    this.answers(answer({ token: "t" }));
    this.does(body);
  }

  /** What it prints from now on. */
  answers(text: string | Uint8Array): this {
    writeFileSync(join(this.folder, "answer"), text);
    return this;
  }

  /** The shell commands that it runs after it has written everything down; `$d` is its folder, `$n` the number of the run. */
  does(body: string, path: string = this.path): this {
    const script = `#!/bin/sh
d='${this.folder}'
echo run >> "$d/runs"
n=$(wc -l < "$d/runs" | tr -d ' ')
pwd -P > "$d/cwd"
printf '%s\\0' "$0" "$@" > "$d/argv"
printf '%s' "$KUBERNETES_EXEC_INFO" > "$d/info"
env > "$d/env"
if [ "$1" != keep-stdin ]; then if read -r line; then echo data; else echo end; fi > "$d/stdin"; fi
${body}
`;
    writeFileSync(path, script);
    chmodSync(path, 0o755);
    return this;
  }

  /** How often it has run. */
  get runs(): number {
    const file = join(this.folder, "runs");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
  }

  /** What its last run wrote down. */
  seen(what: "cwd" | "argv" | "info" | "env" | "stdin"): string {
    return readFileSync(join(this.folder, what), "utf8");
  }

  /** The value that its last run saw of a variable. */
  variable(name: string): string | undefined {
    const line = this.seen("env")
      .split("\n")
      .find((each) => each.startsWith(`${name}=`));
    return line?.slice(name.length + 1);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An exec section for the plugin. */
export function execOf(plugin: FakePlugin, changes: Partial<ExecConfig> = {}): ExecConfig {
  return {
    apiVersion: v1,
    command: plugin.path,
    args: [],
    env: [],
    provideClusterInfo: false,
    interactiveMode: "IfAvailable",
    ...changes,
  };
}

/** A context with nothing special. */
export function contextOf(user: Partial<User>, cluster: Partial<Cluster> = {}): ResolvedContext {
  return {
    context: "c",
    namespace: "default",
    user: { name: "u", ...user },
    cluster: {
      name: "k",
      server: new URL("https://1.2.3.4:6443"),
      asWritten: { server: "https://1.2.3.4:6443" },
      insecureSkipTlsVerify: false,
      disableCompression: false,
      ...cluster,
    },
  };
}

/** A host whose clock, terminal and environment the test sets. It is another one for each test, so that nothing is shared. */
export function testHost(changes: Partial<Host> & { readonly isTerminal?: boolean } = {}): Host & { nowMs: number } {
  const host = {
    ...nodeHost,
    nowMs: Date.parse("2030-01-01T00:00:00Z"),
    now: (): number => host.nowMs,
    stdinIsTerminal: () => changes.isTerminal === true,
    ...changes,
  };
  return host;
}

/** A credential source for the plugin, with its standard error kept out of the test's. */
export function sourceOf(
  plugin: FakePlugin,
  changes: Partial<ExecConfig> = {},
  options: ExecOptions & { readonly host?: Host } = {},
): CredentialSource {
  const { host = testHost(), ...exec } = options;
  return createCredentialSource(contextOf({ exec: execOf(plugin, changes) }), {
    host,
    exec: { onStderr: () => undefined, ...exec },
  });
}

/** The token that the next request would be sent with. */
export async function tokenOf(source: CredentialSource): Promise<string | undefined> {
  const { headers } = await source.credential();
  const { authorization } = headers;
  return typeof authorization === "string" ? authorization.replace(/^Bearer /, "") : undefined;
}
