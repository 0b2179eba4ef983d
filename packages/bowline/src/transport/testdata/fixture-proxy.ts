/**
 * Proxies for the transport's tests: HTTP and HTTPS with CONNECT, and SOCKS5. Every name leads to one port of this machine.
 */
import http from "node:http";
import https from "node:https";
import net, { type Socket } from "node:net";
import { certificates, type FixtureServer, listen } from "./fixture-server.ts";

export interface FixtureProxy extends FixtureServer {
  /** What was asked for: `host:port`, or the URL of a plain request. */
  readonly targets: string[];
}

export interface ProxyOptions {
  /** `user:password`; others are refused. */
  readonly credentials?: string | undefined;
  /** Answers every CONNECT with this status. */
  readonly status?: number | undefined;
  /** Of a proxy over TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
}

/** An HTTP proxy that leads to `port` of this machine; over TLS with `isSecure`. */
export async function startHttpProxy(
  port: number,
  options: ProxyOptions & { readonly isSecure?: boolean } = {},
): Promise<FixtureProxy> {
  const targets: string[] = [];
  const expected =
    options.credentials === undefined ? undefined : `Basic ${Buffer.from(options.credentials).toString("base64")}`;
  const plain: http.RequestListener = (request, response) => {
    targets.push(request.url ?? "");
    if (expected !== undefined && request.headers["proxy-authorization"] !== expected)
      return void response.writeHead(407).end();
    const { pathname } = new URL(request.url ?? "");
    const headers = {
      host: request.headers.host,
      "x-proxy-authorization": String(request.headers["proxy-authorization"]),
    };
    http.get({ host: "127.0.0.1", port, path: pathname, headers, agent: false }, (answer) => answer.pipe(response));
  };
  const server =
    options.isSecure === true
      ? https.createServer({ ...(options.certificate ?? certificates.server) }, plain)
      : http.createServer(plain);
  server.on("connect", (request: http.IncomingMessage, socket: Socket) => {
    targets.push(request.url ?? "");
    socket.on("error", () => undefined);
    if (options.status !== undefined) return void socket.end(`HTTP/1.1 ${options.status} No\r\n\r\n`);
    if (expected !== undefined && request.headers["proxy-authorization"] !== expected) {
      return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
    }
    socket.write("HTTP/1.1 200 Connection established\r\nX-Via: fixture\r\n\r\n");
    join(socket, port);
  });
  return Object.assign(await listen(server, "connection"), { targets });
}

/** A SOCKS5 proxy that leads to `port` of this machine. `reply` other than 0 refuses every connection. */
export async function startSocks5Proxy(
  port: number,
  options: ProxyOptions & { readonly reply?: number } = {},
): Promise<FixtureProxy> {
  const targets: string[] = [];
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    let buffer = Buffer.alloc(0);
    let step: "greeting" | "credentials" | "request" = "greeting";
    const onData = (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (;;) {
        if (step === "greeting") {
          if (buffer.length < 2 || buffer.length < 2 + (buffer[1] ?? 0)) return;
          const methods = [...buffer.subarray(2, 2 + (buffer[1] ?? 0))];
          buffer = buffer.subarray(2 + methods.length);
          const wanted = options.credentials === undefined ? 0 : 2;
          if (!methods.includes(wanted)) return void socket.end(Buffer.from([5, 255]));
          // One byte at a time: what reads them must not count on whole answers.
          socket.write(Buffer.from([5]));
          socket.write(Buffer.from([wanted]));
          step = wanted === 0 ? "request" : "credentials";
        } else if (step === "credentials") {
          const nameLength = buffer[1] ?? 0;
          const passwordLength = buffer[2 + nameLength] ?? 0;
          if (buffer.length < 3 + nameLength + passwordLength || buffer.length < 3) return;
          const name = buffer.toString("utf8", 2, 2 + nameLength);
          const password = buffer.toString("utf8", 3 + nameLength, 3 + nameLength + passwordLength);
          buffer = buffer.subarray(3 + nameLength + passwordLength);
          const isRight = `${name}:${password}` === options.credentials;
          socket.write(Buffer.from([1, isRight ? 0 : 1]));
          if (!isRight) return void socket.end();
          step = "request";
        } else {
          if (buffer.length < 7) return;
          const isName = buffer[3] === 3;
          const length = isName ? 1 + (buffer[4] ?? 0) : buffer[3] === 1 ? 4 : 16;
          if (buffer.length < 6 + length) return;
          const host = isName ? buffer.toString("utf8", 5, 4 + length) : [...buffer.subarray(4, 4 + length)].join(".");
          targets.push(`${isName ? "name" : "address"} ${host}:${buffer.readUInt16BE(4 + length)}`);
          socket.off("data", onData);
          const reply = options.reply ?? 0;
          socket.write(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
          if (reply === 0) join(socket, port);
          else socket.end();
          return;
        }
      }
    };
    socket.on("data", onData);
  });
  return Object.assign(await listen(server, "connection"), { targets });
}

function join(socket: Socket, port: number): void {
  const upstream = net.connect(port, "127.0.0.1");
  upstream.on("error", () => socket.destroy());
  upstream.on("close", () => socket.destroy());
  socket.on("close", () => upstream.destroy());
  socket.pipe(upstream);
  upstream.pipe(socket);
}
