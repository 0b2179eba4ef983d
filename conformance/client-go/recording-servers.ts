/**
 * The servers that all cases talk to, one after the other: they write down what they see, for whichever case is running.
 *
 * HTTP is spoken by hand, because the HTTPS servers of some runtimes show no certificates.
 */
import net, { type AddressInfo, type Socket } from "node:net";
import tls from "node:tls";
import type { CaseServer, SeenRequest, SeenTokenRequest, SeenTunnel } from "./case.ts";
import { certificates } from "./certificates.ts";

/** What is written down during one case. */
export class Recording {
  readonly seen: SeenRequest[] = [];
  readonly tunnels: SeenTunnel[] = [];
  readonly tokenRequests: SeenTokenRequest[] = [];
  rules: CaseServer;
  readonly #connections = new Map<Socket, number>();

  constructor(rules: CaseServer = {}) {
    this.rules = rules;
  }

  /** The number of a connection in this case. */
  connectionOf(socket: Socket): number {
    const number = this.#connections.get(socket) ?? this.#connections.size + 1;
    this.#connections.set(socket, number);
    return number;
  }
}

/** The ports by their placeholders. */
export type Ports = Readonly<Record<"HTTPS" | "HTTP" | "PROXY" | "TLSPROXY" | "SOCKS", number>>;

interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** The recording server in its variants, and three proxies that lead every CONNECT to it. */
export class RecordingServers implements AsyncDisposable {
  #recording = new Recording();
  readonly #secure = new Map<string, Listening>();
  readonly #others: Listening[] = [];
  #ports: Omit<Ports, "HTTPS"> | undefined;
  #currentSecurePort = 0;

  /** Starts a case: what is seen from now on is its. */
  async begin(rules: CaseServer = {}): Promise<{ readonly recording: Recording; readonly ports: Ports }> {
    this.#recording = new Recording(rules);
    const fixed = this.#ports ?? (await this.#startOthers());
    const secure = await this.#secureServer(rules);
    this.#currentSecurePort = secure.port;
    return { recording: this.#recording, ports: { ...fixed, HTTPS: secure.port } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#secure.values(), ...this.#others].map((each) => each.close()));
  }

  async #secureServer({ asksForCertificate = true, certificate = "server" }: CaseServer): Promise<Listening> {
    const key = `${asksForCertificate} ${certificate}`;
    const known = this.#secure.get(key);
    if (known !== undefined) return known;
    const server = tls.createServer({
      ...certificates[certificate],
      ca: certificates.ca.cert,
      requestCert: asksForCertificate,
      rejectUnauthorized: false,
    });
    server.on("secureConnection", (socket) => this.#serve(socket, "https"));
    server.on("tlsClientError", () => undefined);
    const listening = await listen(server);
    this.#secure.set(key, listening);
    return listening;
  }

  async #startOthers(): Promise<Omit<Ports, "HTTPS">> {
    const plain = await listen(net.createServer((socket) => this.#serve(socket, "http")));
    const proxy = await listen(net.createServer((socket) => this.#proxy(socket, "http", plain.port)));
    const tlsServer = tls.createServer({ ...certificates.server }, (socket) =>
      this.#proxy(socket, "https", plain.port),
    );
    tlsServer.on("tlsClientError", () => undefined);
    const tlsProxy = await listen(tlsServer);
    const socks = await listen(net.createServer((socket) => this.#socks(socket, plain.port)));
    this.#others.push(plain, proxy, tlsProxy, socks);
    this.#ports = { HTTP: plain.port, PROXY: proxy.port, TLSPROXY: tlsProxy.port, SOCKS: socks.port };
    return this.#ports;
  }

  #serve(socket: Socket, scheme: string): void {
    onHeads(socket, (head) => {
      const recording = this.#recording;
      const { rules } = recording;
      if (head.target.startsWith("/idp/")) {
        this.#identify(socket, head);
        return undefined;
      }
      const authorization = head.value("authorization");
      const at = recording.seen.length;
      recording.seen.push({
        path: head.target,
        scheme,
        host: head.value("host") ?? "",
        authorization,
        acceptEncoding: head.value("accept-encoding"),
        impersonation: head.headers.filter((line) => line.startsWith("impersonate-")).sort(),
        serverName: serverNameOf(socket),
        certificate: certificateOf(socket),
        connection: recording.connectionOf(socket),
      });
      const { statuses = [200], rejects = [], redirect } = rules;
      const isRejected = authorization !== null && rejects.includes(authorization);
      const status = isRejected ? 401 : (statuses[Math.min(at, statuses.length - 1)] ?? 200);
      if (redirect !== undefined && head.target.startsWith("/probe")) {
        socket.write(`HTTP/1.1 302 Found\r\nLocation: ${redirect}\r\nContent-Length: 0\r\n\r\n`);
      } else {
        socket.write(`HTTP/1.1 ${status} S\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
      }
      return undefined;
    });
  }

  /** An identity provider. */
  #identify(socket: Socket, { method, target, body, value }: Head): void {
    const { tokenRequests, rules } = this.#recording;
    tokenRequests.push({
      method,
      path: target,
      authorization: value("authorization"),
      form: [...new URLSearchParams(body)].map(([name, each]) => `${name}=${each}`).sort(),
    });
    const issuer = `https://127.0.0.1:${this.#currentSecurePort}/idp`;
    const { tokens = [] } = rules;
    const at = tokenRequests.filter(({ path }) => path === "/idp/token").length - 1;
    const answer = target.includes("/.well-known/")
      ? {
          body: {
            issuer,
            token_endpoint: `${issuer}/token`,
            authorization_endpoint: `${issuer}/auth`,
            jwks_uri: `${issuer}/keys`,
          },
        }
      : tokens[Math.min(at, tokens.length - 1)];
    const text = typeof answer?.body === "string" ? answer.body : JSON.stringify(answer?.body ?? {});
    const status = answer === undefined ? 404 : ("status" in answer && answer.status) || 200;
    const length = Buffer.byteLength(text);
    socket.write(`HTTP/1.1 ${status} S\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${text}`);
  }

  #proxy(socket: Socket, kind: "http" | "https", plainPort: number): void {
    onHeads(socket, (head) => {
      this.#recording.tunnels.push({ kind, target: head.target, authorization: head.value("proxy-authorization") });
      if (head.method === "CONNECT") {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        join(socket, this.#portFor(head.target, plainPort));
        return "tunnel";
      }
      const path = head.target.replace(/^http:\/\/[^/]*/, "");
      const upstream = net.connect(plainPort, "127.0.0.1");
      upstream.write(`${head.method} ${path} HTTP/1.1\r\n${head.headers.join("\r\n")}\r\n\r\n`);
      upstream.pipe(socket);
      quiet(upstream);
      return undefined;
    });
  }

  #socks(socket: Socket, plainPort: number): void {
    let buffer = Buffer.alloc(0);
    let step: "greeting" | "password" | "request" = "greeting";
    let authorization: string | null = null;
    quiet(socket);
    const onData = (chunk: Buffer): void => {
      buffer = Buffer.concat([buffer, chunk]);
      if (step === "greeting") {
        if (buffer.length < 2 || buffer.length < 2 + (buffer[1] ?? 0)) return;
        const methods = [...buffer.subarray(2, 2 + (buffer[1] ?? 0))];
        buffer = buffer.subarray(2 + methods.length);
        const method = methods.includes(2) ? 2 : 0;
        step = method === 2 ? "password" : "request";
        socket.write(Buffer.from([5, method]));
      }
      if (step === "password") {
        const nameLength = buffer[1] ?? 0;
        const passwordLength = buffer[2 + nameLength] ?? 0;
        if (buffer.length < 3 || buffer.length < 3 + nameLength + passwordLength) return;
        const name = buffer.toString("utf8", 2, 2 + nameLength);
        authorization = `${name}:${buffer.toString("utf8", 3 + nameLength, 3 + nameLength + passwordLength)}`;
        buffer = buffer.subarray(3 + nameLength + passwordLength);
        step = "request";
        socket.write(Buffer.from([1, 0]));
      }
      const isName = buffer[3] === 3;
      const length = isName ? 1 + (buffer[4] ?? 0) : buffer[3] === 1 ? 4 : 16;
      if (buffer.length < 7 || buffer.length < 6 + length) return;
      const host = isName ? buffer.toString("utf8", 5, 4 + length) : [...buffer.subarray(4, 4 + length)].join(".");
      const target = `${host}:${buffer.readUInt16BE(4 + length)}`;
      this.#recording.tunnels.push({ kind: "socks5", target, authorization });
      socket.off("data", onData);
      socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      join(socket, this.#portFor(target, plainPort));
    };
    socket.on("data", onData);
  }

  /** Every name leads to this machine; only the plain server's own port leads there. */
  #portFor(target: string, plainPort: number): number {
    return target.endsWith(`:${plainPort}`) || target.endsWith(":80") ? plainPort : this.#currentSecurePort;
  }
}

class Head {
  readonly method: string;
  /** What followed it. */
  readonly body: string;
  readonly target: string;
  /** `name: value`, the names in lower case. */
  readonly headers: readonly string[];

  constructor(text: string, body: string) {
    this.body = body;
    const [first = "", ...lines] = text.split("\r\n");
    const [method = "", target = ""] = first.split(" ");
    this.method = method;
    this.target = target;
    this.headers = lines.map((line) => {
      const colon = line.indexOf(":");
      // Space around a value is not part of it.
      return `${line.slice(0, colon).toLowerCase()}: ${line.slice(colon + 1).trim()}`;
    });
  }

  /** All the values of a header, or null. */
  readonly value = (name: string): string | null => {
    const found = this.headers.filter((line) => line.startsWith(`${name}:`));
    return found.length === 0 ? null : found.map((line) => line.slice(name.length + 2)).join(", ");
  };
}

/** Calls for the head of each request, once its body is there. After a tunnel begins nothing more is read here. */
function onHeads(socket: Socket, handle: (head: Head) => "tunnel" | undefined): void {
  let text = "";
  quiet(socket);
  const onData = (chunk: Buffer): void => {
    // A TLS handshake at a server without TLS.
    if (chunk[0] === 0x16 && text === "") return void socket.destroy();
    text += chunk.toString("latin1");
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      const head = new Head(text.slice(0, end), text.slice(end + 4, end + 4 + length));
      text = text.slice(end + 4 + length);
      if (handle(head) === "tunnel") {
        socket.off("data", onData);
        return;
      }
    }
  };
  socket.on("data", onData);
}

function serverNameOf(socket: Socket): string | null {
  if (!(socket instanceof tls.TLSSocket)) return null;
  const { servername } = socket as tls.TLSSocket & { servername?: unknown };
  return typeof servername === "string" && servername !== "" ? servername.toLowerCase() : null;
}

function certificateOf(socket: Socket): string | null {
  if (!(socket instanceof tls.TLSSocket)) return null;
  const { subject } = socket.getPeerCertificate();
  return subject?.CN === undefined ? null : String(subject.CN);
}

function join(socket: Socket, port: number): void {
  const upstream = net.connect(port, "127.0.0.1");
  quiet(upstream);
  upstream.on("close", () => socket.destroy());
  socket.on("close", () => upstream.destroy());
  socket.pipe(upstream);
  upstream.pipe(socket);
}

function quiet(socket: Socket): void {
  socket.on("error", () => undefined);
}

async function listen(server: net.Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    quiet(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
