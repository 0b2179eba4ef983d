/**
 * Asks an HTTP proxy for a tunnel: CONNECT (RFC 9110, section 9.3.6).
 */
import type { Duplex } from "node:stream";
import { type ProxyCredentials, proxyAuthorization } from "./proxy-choice.ts";
import { SocketReader } from "./socket-reader.ts";

const MAX_HEAD_BYTES = 64 * 1024;

/** Resolves once `socket` is a tunnel to `target`; throws what `refused` makes of the proxy's answer where it is not. */
export async function httpConnect(
  socket: Duplex,
  target: { readonly host: string; readonly port: number },
  credentials: ProxyCredentials | undefined,
  refused: (reason: string) => Error,
): Promise<void> {
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const authorization = credentials === undefined ? "" : `Proxy-Authorization: ${proxyAuthorization(credentials)}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const reader = new SocketReader(socket);
  const head = await reader.take((buffer) => {
    const end = buffer.indexOf("\r\n\r\n");
    if (end >= 0) return end + 4;
    if (buffer.length > MAX_HEAD_BYTES || (buffer.length > 5 && !buffer.toString("latin1", 0, 5).startsWith("HTTP/"))) {
      throw refused("it does not speak HTTP");
    }
    return undefined;
  });
  const status = /^HTTP\/1\.[01] (\d{3})([^\r\n]*)/.exec(head.toString("latin1"));
  if (status === null) throw refused("it does not speak HTTP");
  if (status[1] === "407") throw refused("it wants a user and password, or others than those given (407)");
  if (!status[1]?.startsWith("2")) throw refused(`it answered ${status[1]}${status[2] ?? ""}`);
  reader.release();
}
