/**
 * A case on disk: its files and plugins in a folder of their own, placeholders filled in, and what the plugins wrote down.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readFirstDocument } from "../../packages/bowline/src/config/yaml/read-yaml.ts";
import type { CaseFile, CasePlugin, CredentialCase, SeenRun } from "./case.ts";
import { pemPlaceholders } from "./certificates.ts";
import type { Ports } from "./recording-servers.ts";

/** The answer of a plugin that is not told otherwise. */
export const usualOutput =
  '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}';

/** Removed by `using`. */
export class CaseFolder implements Disposable {
  readonly path: string;
  /** The case with all placeholders filled in. */
  readonly filled: CredentialCase;
  readonly env: Readonly<Record<string, string>>;
  /** What a text of the outcome holds in the place of placeholders. */
  readonly #values: readonly (readonly [string, string])[];

  constructor(given: CredentialCase, ports: Ports) {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), "bowline-case-")));
    const ownValues = {
      DIR: this.path,
      IDP: `https://127.0.0.1:${ports.HTTPS}/idp`,
      ...mapValues(ports, String),
    };
    this.#values = Object.entries({ ...pemPlaceholders, ...ownValues });
    this.filled = this.#fill(given) as CredentialCase;
    const { files = {}, plugins = {}, pod = {}, env = {} } = this.filled;
    mkdirSync(join(this.path, "runs"));
    mkdirSync(join(this.path, "home"));
    mkdirSync(join(this.path, "bin"));
    for (const [name, file] of Object.entries(files)) this.#write(name, file);
    for (const [name, plugin] of Object.entries(plugins)) this.#writePlugin(name, plugin);
    for (const [name, text] of Object.entries(pod)) this.#write(`pod/${name}`, text);
    this.env = { PATH: `${this.path}/bin:/usr/bin:/bin`, HOME: `${this.path}/home`, ...env };
  }

  get cwd(): string {
    return this.filled.cwd ?? this.path;
  }

  /** The text with folder, ports and PEM texts put back to their placeholders. */
  restore(text: string): string {
    let result = text;
    for (const [name, value] of this.#values) result = result.replaceAll(value, `@${name}@`);
    return result;
  }

  /** What the plugins' runs wrote down, in order. */
  runs(): readonly SeenRun[] {
    const folder = join(this.path, "runs");
    const numbers = readdirSync(folder)
      .filter((name) => name.endsWith(".run"))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
    return numbers.map((number) => {
      const read = (name: string): string => this.restore(readFileSync(join(folder, `${number}.${name}`), "utf8"));
      return {
        argv: read("argv").split("\0").slice(0, -1),
        execInfo: read("info"),
        cwd: read("cwd").trimEnd(),
        stdin: read("stdin").trimEnd(),
        env: read("env").split("\0").slice(0, -1),
      };
    });
  }

  /** The settings of the first user's auth-provider in `config`, as they are now. */
  authProviderSettings(): unknown {
    const document = readFirstDocument(readFileSync(join(this.path, "config"), "utf8")) as {
      readonly users?: readonly { readonly user?: { readonly "auth-provider"?: { readonly config?: object } } }[];
    };
    const settings = document.users?.[0]?.user?.["auth-provider"]?.config ?? {};
    const shown = Object.entries(settings).map(([name, value]) => [name, this.restore(String(value))]);
    return Object.fromEntries(shown.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #write(name: string, file: CaseFile): void {
    const path = resolve(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    const { base64, text = "", mode = 0o600 } = typeof file === "string" ? { text: file } : file;
    writeFileSync(path, base64 === undefined ? text : Buffer.from(base64, "base64"));
    chmodSync(path, mode);
  }

  #writePlugin(name: string, plugin: CasePlugin): void {
    const { outputs = [usualOutput], body, exitCode = 0, watch = [], mode = 0o755 } = plugin;
    const watched = watch.map((each) => `printf '%s\\0' "${each}=\${${each}-(unset)}" >> "$r.env"\n`).join("");
    const prints = outputs.map((output, at) => {
      const pattern = at === outputs.length - 1 ? "*" : String(at + 1);
      return `${pattern}) printf '%s' '${output.replaceAll("'", "'\\''")}' ;;`;
    });
    // Nothing but what the shell itself can do, to be quick.
    const script = `#!/bin/sh
n=1
set -C
until true > '${this.path}/runs/'$n.run; do n=$((n+1)); done 2>/dev/null
set +C
r='${this.path}/runs/'$n
printf '%s\\0' "$0" "$@" > "$r.argv"
printf '%s' "$KUBERNETES_EXEC_INFO" > "$r.info"
pwd -P > "$r.cwd"
if [ -t 0 ]; then echo terminal; elif [ -p /dev/stdin ]; then echo pipe; elif read -r line; then echo data; else echo empty; fi > "$r.stdin"
true > "$r.env"
${watched}${body ?? `case $n in\n${prints.join("\n")}\nesac`}
exit ${exitCode}
`;
    this.#write(name, { text: script, mode });
  }

  #fill(value: unknown): unknown {
    if (typeof value === "string") {
      return value.replace(/@([A-Z_0-9]+)@/g, (whole, name: string) => this.#valueOf(name) ?? whole);
    }
    if (Array.isArray(value)) return value.map((each) => this.#fill(each));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.#fill(key), this.#fill(each)]));
  }

  #valueOf(name: string): string | undefined {
    return this.#values.find(([known]) => known === name)?.[1];
  }
}

function mapValues(record: Readonly<Record<string, number>>, map: (value: number) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
