/**
 * Runs the commands of exec sessions as processes of this machine, in a folder that stands for the container.
 */
import { spawn } from "node:child_process";
import type { ServerEnd } from "../../transport/testdata/fixture-web-socket.ts";
import { RemoteSession } from "./fake-kubelet.ts";

/** A server's `onOpen`. What begins with `/container` in the command is a path in `folder`. */
export function runProcesses(folder: string): (end: ServerEnd) => void {
  return (end) => {
    const remote = new RemoteSession(end);
    const [program = "", ...args] = remote.query
      .getAll("command")
      .map((arg) => (arg.startsWith("/container") ? folder + arg.slice("/container".length) : arg));
    const child = spawn(program, args, { cwd: folder });
    const writing = (stream: NodeJS.ReadableStream, channel: number): void => {
      stream.on("data", (chunk: Buffer) => {
        if (remote.write(channel, chunk)) return;
        stream.pause();
        end.socket.once("drain", () => stream.resume());
      });
    };
    writing(child.stdout, 1);
    writing(child.stderr, 2);
    child.stdin.on("error", () => undefined);
    end.onMessage = (message) => {
      if (message[0] === 0) child.stdin.write(message.subarray(1));
      else if (message[0] === 255) child.stdin.end();
    };
    if (remote.query.get("stdin") === "false") child.stdin.end();
    end.socket.on("close", () => child.kill());
    child.on("error", (error) => {
      const message = `Internal error occurred: error executing command in container: ${error.message}`;
      remote.status({ metadata: {}, status: "Failure", reason: "InternalError", code: 500, message });
    });
    child.on("close", (code) => {
      if (child.pid !== undefined) remote.exit(code ?? 137);
    });
  };
}
