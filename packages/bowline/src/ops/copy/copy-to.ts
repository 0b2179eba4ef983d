/**
 * Copies a file or a folder into a container.
 */
import { stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { type CopyOptions, copyError, type Pods, splitRemote, tarFailure, withoutTar } from "./copy-options.ts";

const ACTION = "copy to";

/**
 * Copies `from`, a path here, to `to`, a path in a container, with `tar` in the container. Modes are kept, owners are not; links
 * stay links.
 *
 * A file becomes the file `to`, or is put into `to` where that is a folder. A folder's content is put into the folder `to`,
 * which is made where it is missing; its parent has to be there.
 *
 * @throws {StreamError} `CopyFailed`: no `tar` in the image, no such folder, no right to write.
 * @throws {ApiError} `isNotFound`, `isForbidden`, `isBadRequest` (no such container), ...
 * @throws what the file system says, where `from` cannot be read.
 */
export async function copyTo(
  pods: Pods,
  pod: string,
  from: string,
  to: string,
  options: CopyOptions = {},
): Promise<void> {
  const { container, signal } = options;
  const source = path.resolve(from);
  const isFolder = (await stat(source)).isDirectory();
  const { packTar } = await import("modern-tar/fs");
  try {
    const isInside = !isFolder && (await isRemoteFolder(pods, pod, to, options));
    const remote = splitRemote(to);
    const folder = isInside ? path.posix.join(remote.folder, remote.name) : remote.folder;
    const name = isInside ? path.basename(source) : remote.name;
    // Into the folder itself, where it has no name of its own: "/", "."
    const archive =
      isFolder && name === "."
        ? packTar(source)
        : packTar([{ type: isFolder ? "directory" : "file", source, target: name }]);
    const stdin = Readable.toWeb(archive) as ReadableStream<Uint8Array>;
    const command = ["tar", "-xmopf", "-", "-C", folder];
    const result = await pods.exec(pod, command, { container, signal, stdin });
    if (result.exitCode !== 0) throw copyError(pods, pod, ACTION, `${tarFailure(result)} (${from} to ${to})`);
  } catch (error) {
    throw withoutTar(error, pods, pod, ACTION);
  }
}

async function isRemoteFolder(pods: Pods, pod: string, to: string, options: CopyOptions): Promise<boolean> {
  if (to.endsWith("/") || splitRemote(to).name === ".") return true;
  const { container, signal } = options;
  const { exitCode } = await pods.exec(pod, ["test", "-d", to], { container, signal });
  return exitCode === 0;
}
