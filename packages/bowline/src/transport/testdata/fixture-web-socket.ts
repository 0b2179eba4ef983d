/**
 * A WebSocket server for tests, by hand over node:tls: the servers of Bun and Deno show neither certificates nor refusals.
 */
import { createHash } from "node:crypto";
import net, { type Socket } from "node:net";
import tls from "node:tls";
import { certificates, clientName, type FixtureServer, listen } from "./fixture-server.ts";

/** One request for a WebSocket. */
export interface UpgradeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
  /** The common name of the client certificate. */
  readonly client: string;
}

/** The server's end of a WebSocket. */
export interface ServerEnd {
  readonly request: UpgradeRequest;
  readonly socket: Socket;
  /** Sends one message, in frames of their own with more than one part. */
  send(...parts: (Uint8Array | string)[]): boolean;
  ping(): void;
  close(code?: number, reason?: string): void;
  onMessage: (message: Buffer) => void;
  onPing: () => void;
  /** The goodbye of the client, with its code. */
  onClose: (code: number) => void;
  /** Whether pings and goodbyes are answered. Default true. */
  isPolite: boolean;
}

/** What a server does with a request: the protocol to speak, or the whole answer that refuses it. */
export interface Decision {
  readonly protocol?: string | undefined;
  readonly refuse?: string | undefined;
}

export interface WebSocketFixture extends FixtureServer {
  readonly requests: readonly UpgradeRequest[];
}

/** An answer that refuses an upgrade, with a JSON body. */
export function refusing(status: number, body: unknown, headers = ""): Decision {
  const text = JSON.stringify(body);
  const head = `HTTP/1.1 ${status} No\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
  return { refuse: `${head}${headers}\r\n${text}` };
}

/** Takes the first protocol that is offered. */
export const takeFirst = ({ protocols }: UpgradeRequest): Decision => ({ protocol: protocols[0] });

/** Starts a server; `onOpen` gets each WebSocket, `decide` each request for one. */
export async function startWebSocketServer(
  onOpen: (end: ServerEnd) => void,
  decide: (request: UpgradeRequest) => Decision = takeFirst,
  pair: { readonly cert: string; readonly key: string } | null = certificates.server,
): Promise<WebSocketFixture> {
  const requests: UpgradeRequest[] = [];
  const onConnection = (socket: Socket): void => {
    let buffer: Buffer = Buffer.alloc(0);
    let end: Connection | undefined;
    socket.on("data", (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      if (end === undefined) {
        const at = buffer.indexOf("\r\n\r\n");
        if (at < 0) return;
        const request = parseRequest(buffer.toString("latin1", 0, at), socket);
        buffer = buffer.subarray(at + 4);
        requests.push(request);
        const { protocol, refuse } = decide(request);
        if (refuse !== undefined) return void socket.write(refuse);
        const key = request.headers["sec-websocket-key"] ?? "";
        const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
        const chosen = protocol === undefined ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${chosen}\r\n`,
        );
        end = new Connection(socket, request);
        onOpen(end);
      }
      buffer = end.read(buffer);
    });
  };
  const server =
    pair === null
      ? net.createServer(onConnection)
      : tls.createServer(
          { ...pair, ca: certificates.ca.cert, requestCert: true, rejectUnauthorized: false },
          onConnection,
        );
  const fixture = await listen(server, pair === null ? "connection" : "secureConnection");
  return Object.assign(fixture, { requests });
}

function parseRequest(head: string, socket: Socket): UpgradeRequest {
  const [first = "", ...lines] = head.split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return {
    path: first.split(" ")[1] ?? "",
    headers,
    protocols: (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim()),
    client: socket instanceof tls.TLSSocket ? clientName(socket) : "nobody",
  };
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

class Connection implements ServerEnd {
  readonly request: UpgradeRequest;
  readonly socket: Socket;
  onMessage: (message: Buffer) => void = () => undefined;
  onPing: () => void = () => undefined;
  onClose: (code: number) => void = () => undefined;
  isPolite = true;
  #parts: Buffer[] = [];

  constructor(socket: Socket, request: UpgradeRequest) {
    this.socket = socket;
    this.request = request;
  }

  send(...parts: (Uint8Array | string)[]): boolean {
    return parts
      .map((part, index) =>
        this.#frame(
          index === 0 ? (typeof part === "string" ? TEXT : BINARY) : 0,
          Buffer.from(part as Uint8Array),
          index === parts.length - 1,
        ),
      )
      .every(Boolean);
  }

  ping(): void {
    this.#frame(PING, Buffer.from("p"));
  }

  close(code?: number, reason = ""): void {
    const payload = Buffer.alloc(code === undefined ? 0 : 2);
    if (code !== undefined) payload.writeUInt16BE(code);
    this.#frame(CLOSE, Buffer.concat([payload, Buffer.from(reason)]));
    this.socket.end();
  }

  /** Reads the whole frames of a buffer; returns the rest. */
  read(buffer: Buffer): Buffer {
    let rest = buffer;
    for (;;) {
      if (rest.length < 2) return rest;
      const short = (rest[1] ?? 0) & 0x7f;
      const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (rest.length < headBytes + 4) return rest;
      const length = short === 127 ? Number(rest.readBigUInt64BE(2)) : short === 126 ? rest.readUInt16BE(2) : short;
      const from = headBytes + 4;
      if (rest.length < from + length) return rest;
      const mask = rest.subarray(headBytes, from);
      const payload = Buffer.from(rest.subarray(from, from + length));
      for (let index = 0; index < payload.length; index += 1)
        payload[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
      this.#take((rest[0] ?? 0) & 0x0f, ((rest[0] ?? 0) & 0x80) !== 0, payload);
      rest = rest.subarray(from + length);
    }
  }

  #take(opcode: number, isLast: boolean, payload: Buffer): void {
    if (opcode === PING) {
      this.onPing();
      if (this.isPolite) this.#frame(PONG, payload);
    } else if (opcode === CLOSE) {
      this.onClose(payload.length < 2 ? 1005 : payload.readUInt16BE(0));
      if (this.isPolite) {
        this.#frame(CLOSE, payload);
        this.socket.end();
      }
    } else if (opcode < CLOSE) {
      this.#parts.push(payload);
      if (isLast) this.onMessage(Buffer.concat(this.#parts.splice(0)));
    }
  }

  #frame(opcode: number, payload: Buffer, isLast = true): boolean {
    const head = payload.length < 126 ? Buffer.alloc(2) : payload.length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
    head[0] = opcode | (isLast ? 0x80 : 0);
    head[1] = payload.length < 126 ? payload.length : payload.length < 65_536 ? 126 : 127;
    if (head.length === 4) head.writeUInt16BE(payload.length, 2);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2);
    return this.socket.write(Buffer.concat([head, payload]));
  }
}
