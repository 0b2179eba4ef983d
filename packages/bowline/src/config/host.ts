/**
 * What the machine says: environment, folders, files, clock and terminal, in one place, so that Windows and pods are tests.
 */
import { accessSync, closeSync, constants, openSync, readFileSync, statSync } from "node:fs";
import { posix, win32 } from "node:path";
import { isatty } from "node:tty";

/** What a file's entry says about it. */
export interface FileFacts {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  /** Permission bits. */
  readonly mode: number;
  readonly mtimeMs: number;
  readonly sizeBytes: number;
}

/**
 * Everything that this library asks of its surroundings while it reads configuration and credentials.
 *
 * Files are read synchronously: they are small and local, and a credential at hand must not cost a turn of the event loop.
 */
export interface Host {
  /** As `process.platform`; `"win32"` changes paths, lookup and environment names. */
  readonly platform: string;
  /** The environment as it is now; asked again at each use. */
  env(): Readonly<Record<string, string | undefined>>;
  cwd(): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** @throws an `ErrnoException`. */
  readFile(path: string): Uint8Array;
  /** Follows symbolic links. @throws an `ErrnoException`. */
  stat(path: string): FileFacts;
  /** Opens and closes it. @throws an `ErrnoException`. */
  checkReadable(path: string): void;
  /** Whether this process may run it; always true where the platform has no such permission. */
  isExecutable(path: string): boolean;
  /** Whether standard input is a terminal. */
  stdinIsTerminal(): boolean;
}

/** The machine that this process runs on. */
export const nodeHost: Host = {
  platform: process.platform,
  env: () => process.env,
  cwd: () => process.cwd(),
  now: () => Date.now(),
  readFile: (path) => readFileSync(path),
  stat: (path) => {
    const stats = statSync(path);
    return {
      isFile: stats.isFile(),
      isDirectory: stats.isDirectory(),
      mode: stats.mode,
      mtimeMs: stats.mtimeMs,
      sizeBytes: stats.size,
    };
  },
  checkReadable: (path) => closeSync(openSync(path, "r")),
  isExecutable: (path) => {
    if (process.platform === "win32") return true;
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
  stdinIsTerminal: () => isatty(0),
};

/** The path rules of the host's platform. */
export function pathsOf(host: Host): typeof posix {
  return host.platform === "win32" ? win32 : posix;
}

/** The shortest equal path: no `.`, no inner `..`, no trailing separator; `"."` for the empty one. */
export function cleanPath(host: Host, path: string): string {
  const paths = pathsOf(host);
  const normal = paths.normalize(path);
  if (normal.length <= paths.parse(normal).root.length) return normal;
  return normal.endsWith("/") || (host.platform === "win32" && normal.endsWith("\\")) ? normal.slice(0, -1) : normal;
}

/** `path` made absolute against `base`, and cleaned where it was relative. An absolute path is kept as it is. */
export function rebasePath(host: Host, base: string, path: string): string {
  const paths = pathsOf(host);
  return paths.isAbsolute(path) ? path : cleanPath(host, paths.join(base, path));
}

/** The value of an environment variable; names are compared without case on Windows. */
export function readVariable(host: Host, name: string): string | undefined {
  const env = host.env();
  if (host.platform !== "win32" || env[name] !== undefined) return env[name];
  const wanted = name.toUpperCase();
  for (const key of Object.keys(env)) if (key.toUpperCase() === wanted) return env[key];
  return undefined;
}

/** The code of a failed system call (`ENOENT`), or `""`. */
export function systemCode(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

/** A failed system call in words, without the text that runtimes word differently. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return systemReasons[code] ?? (code === "" ? "it cannot be read" : code);
}

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "a part of the path is not a directory",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
};
