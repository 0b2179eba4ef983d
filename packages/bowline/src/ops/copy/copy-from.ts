/**
 * Copies a file or a folder out of a container.
 */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Session } from "../../client/streams/session.ts";
import { KubeError } from "../../core/kube-error.ts";
import { type CopyOptions, copyError, type Pods, splitRemote, tarFailure, withoutTar } from "./copy-options.ts";
import { firstEntryType } from "./tar-head.ts";

/** Options of `copyFrom`. */
export interface CopyFromOptions extends CopyOptions {
  /** Is told of each link that is left out, because it would lead out of the copy. Default: nobody is. */
  readonly onSkip?: ((path: string) => void) | undefined;
}

const ACTION = "copy from";

/**
 * Copies `from`, a path in a container, to `to`, a path here, with `tar` in the container. Modes and times are kept, owners are
 * not.
 *
 * A file becomes the file `to`, or is put into `to` where that is a folder. A folder's content is put into the folder `to`,
 * which is made where it is missing; what is there already stays, or is replaced by a file of the same name. Nothing is ever
 * written outside of `to`, whatever the container sends.
 *
 * @throws {StreamError} `CopyFailed`: no such file, no `tar` in the image, an archive that is broken or wants out of `to`.
 * @throws {ApiError} `isNotFound`, `isForbidden`, `isBadRequest` (no such container), ...
 */
export async function copyFrom(
  pods: Pods,
  pod: string,
  from: string,
  to: string,
  options: CopyFromOptions = {},
): Promise<void> {
  const { container, signal, onSkip } = options;
  const { folder, name } = splitRemote(from);
  // Loaded here, since few programs copy.
  const { unpackTar } = await import("modern-tar/fs");
  const command = ["tar", "-cf", "-", "-C", folder, `./${name}`];
  await using session = await pods.exec.session(pod, command, { container, signal });
  const errors = textOf(session.stderr);
  errors.catch(() => undefined);
  const archive = new Archive(session.stdout);
  try {
    const type = await archive.firstEntryType();
    if (type === "none") {
      await checkExit(session, errors, pods, pod);
      throw copyError(pods, pod, ACTION, `tar sent nothing of ${from}`);
    }
    const place = await placeOf(type, to, name);
    const unpack = unpackTar(place.root, {
      // An archive that breaks off is not the whole.
      strict: true,
      map: (header) => ({ ...header, name: place.nameOf(header.name) }),
      filter: (header) => {
        const isKept = !isLeadingOut(header, name);
        if (!isKept) onSkip?.(header.name);
        return isKept;
      },
    });
    await pipeline(Readable.from(archive.chunks()), unpack);
    await checkExit(session, errors, pods, pod);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof KubeError) throw withoutTar(cause, pods, pod, ACTION);
    // What tar says of an archive that it did not finish is the better reason.
    if (archive.isOver) await checkExit(session, errors, pods, pod);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw copyError(pods, pod, ACTION, `${reason} (${from} to ${to})`, { cause });
  }
}

/** Rejects where the command failed. */
async function checkExit(session: Session, errors: Promise<string>, pods: Pods, pod: string): Promise<void> {
  const { exitCode } = await session.exited;
  if (exitCode !== 0) throw copyError(pods, pod, ACTION, tarFailure({ exitCode, stderr: await errors }));
}

/** What tar writes, with a look at its beginning. */
class Archive {
  /** Whether all of it has been read. */
  isOver = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #head: Uint8Array = new Uint8Array(0);

  constructor(stdout: ReadableStream<Uint8Array>) {
    this.#reader = stdout.getReader();
  }

  async firstEntryType(): Promise<"folder" | "other" | "none"> {
    for (;;) {
      const type = firstEntryType(this.#head);
      if (type !== undefined) return type;
      const chunk = await this.#next();
      if (chunk === undefined) return "none";
      this.#head = Buffer.concat([this.#head, chunk]);
    }
  }

  /** From the beginning. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    yield this.#head;
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) yield chunk;
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#reader.read();
    this.isOver = done;
    return value;
  }
}

/** The folder that nothing may leave, and the names in it. */
async function placeOf(
  type: "folder" | "other",
  to: string,
  name: string,
): Promise<{ readonly root: string; readonly nameOf: (entry: string) => string }> {
  const target = path.resolve(to);
  if (type === "folder") {
    await mkdir(target, { recursive: true });
    return { root: target, nameOf: (entry) => within(entry, name) || "." };
  }
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => /[/\\]$/.test(to),
  );
  if (isFolder) return { root: target, nameOf: () => name };
  return { root: path.dirname(target), nameOf: () => path.basename(target) };
}

/** An entry's path below what was asked for: `./name/a/b` is `a/b`. */
function within(entry: string, name: string): string {
  const parts = entry.split("/").filter((part) => part !== "" && part !== ".");
  // What is not below it keeps its name, and is refused where that leads out.
  return (name !== "." && parts[0] === name ? parts.slice(1) : parts).join("/");
}

/** Whether a link names something outside of the copy. What is hidden behind several of them is found when it is unpacked. */
function isLeadingOut(
  { name, type, linkname }: { readonly name: string; readonly type?: string; readonly linkname?: string },
  root: string,
): boolean {
  if (type !== "symlink" || linkname === undefined) return false;
  if (path.posix.isAbsolute(linkname) || path.win32.isAbsolute(linkname)) return true;
  const place = path.posix.join(path.posix.dirname(within(name, root)), linkname);
  return place === ".." || place.startsWith("../");
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}
