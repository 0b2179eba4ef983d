/**
 * Where commands are tried: a folder of their own, an environment of their own, and what they printed.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";

/** What a command did. */
interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

/** What a kubeconfig is made of. */
interface Setting {
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority?: string | undefined;
  readonly user: Readonly<Record<string, unknown>>;
  readonly cluster?: Readonly<Record<string, unknown>> | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

/** Removed by `using`. */
export class Workplace implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "bowline-cli-"));
  readonly env: Record<string, string | undefined> = { PATH: process.env["PATH"], HOME: this.folder };

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text, { mode: 0o600 });
    return this.path(name);
  }

  /** A program that prints a credential, and counts its runs in `NAME.runs`. */
  plugin(name: string, status: Readonly<Record<string, unknown>>, ending = ""): string {
    const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status };
    this.write(`${name}.json`, JSON.stringify(credential));
    const path = this.write(
      name,
      `#!/bin/sh\necho run >> "${this.folder}/${name}.runs"\ncat "${this.folder}/${name}.json"\n${ending}\n`,
    );
    chmodSync(path, 0o755);
    return path;
  }

  /** A kubeconfig with the context `work`; KUBECONFIG is set to it. */
  kubeconfig({ server, certificateAuthority, user, cluster, context }: Setting, name = "config"): string {
    const authority = certificateAuthority && {
      "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64"),
    };
    const path = this.write(
      name,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "work",
        clusters: [{ name: "here", cluster: { server, ...authority, ...cluster } }],
        users: [{ name: "ada", user }],
        contexts: [{ name: "work", context: { cluster: "here", user: "ada", ...context } }],
      }),
    );
    this.env["KUBECONFIG"] = path;
    return path;
  }

  bowline(...args: string[]): Promise<Run> {
    return this.bowlineUntil(new AbortController().signal, () => undefined, ...args);
  }

  /** The same with Ctrl-C, and told of each piece of text as it is printed. */
  async bowlineUntil(signal: AbortSignal, onText: (text: string) => void, ...args: string[]): Promise<Run> {
    const out: string[] = [];
    const error: string[] = [];
    const into = (texts: string[]) => (text: string) => {
      texts.push(text);
      onText(text);
    };
    const exitCode = await runCommand(args, { out: into(out), error: into(error), env: this.env, signal });
    return { exitCode, out: out.join(""), error: error.join("") };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An exec section for a program. */
export function execOf(command: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never", ...more },
  };
}
