/**
 * Listens for the programs of this machine, whose connections are carried elsewhere.
 */
import net, { type AddressInfo, type Socket } from "node:net";
import { type ChunkStream, streamBody } from "./body-stream.ts";

/** A connection of a local program, at its own pace. */
export interface LocalConnection {
  /** What it sends; ends when it has said all, and rejects where it left. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Resolves when there is room for more; rejects where the program has left. */
  write(chunk: Uint8Array): Promise<void>;
  /** No more will be written; the program may still be sending. */
  end(): void;
  /** Breaks the connection, so that the program knows that something was lost. */
  reset(): void;
}

/** A port that is listened on. */
export interface LocalListener {
  readonly port: number;
  /** Stops listening, and breaks the connections. */
  close(): Promise<void>;
}

/** Resolves when `port` of `address` is listened on; 0 for any. Rejects where it is taken or forbidden. */
export function listenLocally(
  port: number,
  address: string,
  onConnection: (connection: LocalConnection) => void,
): Promise<LocalListener> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    // Each direction ends by itself: a program that has said all may wait for the answer.
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      onConnection(new SocketConnection(socket));
    });
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      // What goes wrong with a single connection is that connection's affair.
      server.on("error", () => undefined);
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

class SocketConnection implements LocalConnection {
  readonly chunks: ChunkStream;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    const left = (): Error => Object.assign(new Error("the local program closed its connection"), { code: "EPIPE" });
    this.chunks = streamBody(socket, { checkEnd: () => undefined, failure: (error) => error ?? left() });
    socket.on("error", () => undefined);
  }

  write(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.#socket;
      if (socket.destroyed) {
        reject(new Error("the local program closed its connection"));
        return;
      }
      // The callback comes when the bytes are with the system, or will never be.
      socket.write(chunk, (error) => (error === undefined || error === null ? resolve() : reject(error)));
    });
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    const socket = this.#socket as Socket & { resetAndDestroy?: () => void };
    if (socket.resetAndDestroy === undefined) socket.destroy();
    else socket.resetAndDestroy();
  }
}
