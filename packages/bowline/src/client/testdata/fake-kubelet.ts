/**
 * A server for the tests of streams: sessions by script, and pods whose ports are functions.
 */
import type { TestContext } from "node:test";
import { KubeConfig } from "../../config/kube-config.ts";
import type { Pod } from "../../kinds/v1.ts";
import { certificates } from "../../transport/testdata/fixture-server.ts";
import {
  type Decision,
  type ServerEnd,
  startWebSocketServer,
  type UpgradeRequest,
  type WebSocketFixture,
} from "../../transport/testdata/fixture-web-socket.ts";
import { Client } from "../client.ts";
import type { ConnectOptions } from "../connect-options.ts";
import type { Resource } from "../resource.ts";

/** A client's pods of namespace "web", and the server that they are on. */
export interface Kubelet {
  readonly server: WebSocketFixture;
  readonly client: Client;
  readonly pods: Resource<Pod>;
}

/** Starts a server and a client of it; both are closed after the test. */
export async function kubelet(
  t: TestContext,
  onOpen: (end: ServerEnd) => void,
  decide?: (request: UpgradeRequest) => Decision,
  options: ConnectOptions = {},
): Promise<Kubelet> {
  const server = await startWebSocketServer(onOpen, decide);
  const kubeconfig = KubeConfig.from({
    server: `https://127.0.0.1:${server.port}`,
    certificateAuthority: certificates.ca.cert,
    token: "t",
  });
  const client = await Client.connect({ kubeconfig, ...options });
  t.after(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, client, pods: client.resource("v1", "Pod", { namespace: "web" }) };
}

/** The server's end of a session. */
export class RemoteSession {
  readonly query: URLSearchParams;
  readonly #end: ServerEnd;

  constructor(end: ServerEnd) {
    this.#end = end;
    this.query = new URL(end.request.path, "https://s").searchParams;
  }

  write(channel: number, text: string | Uint8Array): boolean {
    return this.#end.send(Buffer.concat([Buffer.of(channel), Buffer.from(text as Uint8Array)]));
  }

  /** The last word: a Status, and the connection's end. */
  exit(code: number): void {
    this.status(
      code === 0
        ? { metadata: {}, status: "Success" }
        : {
            metadata: {},
            status: "Failure",
            reason: "NonZeroExitCode",
            message: `command terminated with non-zero exit code: exit status ${code}`,
            details: { causes: [{ reason: "ExitCode", message: String(code) }] },
          },
    );
  }

  status(status: object): void {
    this.write(3, JSON.stringify(status));
    this.#end.close(1000);
  }
}

/** Connections to one port: gets what arrives, and answers; the text that it returns is the error of the connection. */
export type PortProgram = (connection: RemoteConnection) => void;

/** The pod's end of a forwarded connection. */
export interface RemoteConnection {
  readonly port: number;
  onData: (data: Buffer) => void;
  /** The local program has said all. */
  onEnd: () => void;
  onReset: () => void;
  write(data: Uint8Array | string): boolean;
  end(): void;
  /** As a runtime that finds nobody on the port; with `endsFirst` the data end before the reason is told. */
  fail(message: string, endsFirst?: boolean): void;
}

/** Serves port-forward: SPDY/3.1, read by hand. */
export function servePorts(end: ServerEnd, program: PortProgram): void {
  let rest = Buffer.alloc(0);
  let isFirst = true;
  const streams = new Map<number, { readonly type: string; readonly request: string; readonly port: number }>();
  const connections = new Map<number, RemoteConnection>();
  const control = (type: number, words: readonly number[]): void => {
    const frame = Buffer.alloc(8 + words.length * 4);
    frame.writeUInt32BE(0x80030000 + type, 0);
    frame.writeUInt32BE(words.length * 4, 4);
    for (const [index, word] of words.entries()) frame.writeUInt32BE(word, 8 + index * 4);
    end.send(frame);
  };
  const data = (stream: number, bytes: Uint8Array, isLast: boolean): boolean => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(stream, 0);
    head.writeUInt32BE((isLast ? 0x01000000 : 0) + bytes.length, 4);
    // Frames need not fit messages.
    const frame = Buffer.concat([head, bytes]);
    end.send(frame.subarray(0, 3));
    return end.send(frame.subarray(3));
  };
  const opened = (stream: number, block: Buffer): void => {
    const texts: string[] = [];
    for (let at = 4; at < block.length; at += 4 + block.readUInt32BE(at)) {
      texts.push(block.toString("utf8", at + 4, at + 4 + block.readUInt32BE(at)));
    }
    const header = (name: string): string => texts[texts.indexOf(name) + 1] ?? "";
    streams.set(stream, { type: header("streamtype"), request: header("requestid"), port: Number(header("port")) });
    control(2, [stream, 0]);
    if (header("streamtype") !== "data") return;
    const [errorStream = 0] = [...streams].find(
      ([, other]) => other.type === "error" && other.request === header("requestid"),
    ) ?? [0];
    const connection: RemoteConnection = {
      port: Number(header("port")),
      onData: () => undefined,
      onEnd: () => undefined,
      onReset: () => undefined,
      write: (bytes) => data(stream, Buffer.from(bytes as Uint8Array), false),
      end: () => {
        data(errorStream, Buffer.alloc(0), true);
        data(stream, Buffer.alloc(0), true);
      },
      fail: (message, endsFirst = false) => {
        if (endsFirst) data(stream, Buffer.alloc(0), true);
        data(errorStream, Buffer.from(message), false);
        control(3, [stream, 5]);
        control(3, [errorStream, 5]);
      },
    };
    connections.set(stream, connection);
    program(connection);
  };
  end.onMessage = (message) => {
    rest = Buffer.concat([rest, message]);
    while (rest.length >= 8 && rest.length >= 8 + (rest.readUInt32BE(4) & 0xffffff)) {
      const length = rest.readUInt32BE(4) & 0xffffff;
      const payload = rest.subarray(8, 8 + length);
      const first = rest.readUInt32BE(0);
      const isLast = ((rest[4] ?? 0) & 1) !== 0;
      rest = rest.subarray(8 + length);
      if (first === 0x80030001) {
        // Past ids and priority, zlib's head, and the head of a stored block.
        const from = 10 + (isFirst ? 2 : 0) + 5;
        isFirst = false;
        opened(payload.readUInt32BE(0), payload.subarray(from, payload.length - 5));
      } else if (first === 0x80030003) connections.get(payload.readUInt32BE(0))?.onReset();
      else if (first < 0x80000000) {
        if (payload.length > 0) connections.get(first)?.onData(Buffer.from(payload));
        if (isLast) connections.get(first)?.onEnd();
      }
    }
  };
}
