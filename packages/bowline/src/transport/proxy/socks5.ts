/**
 * Asks a SOCKS5 proxy for a connection (RFC 1928), with user and password where given (RFC 1929). Names are resolved by the
 * proxy.
 */
import { isIPv4, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { ipBytes } from "./ip-address.ts";
import type { ProxyCredentials } from "./proxy-choice.ts";
import { SocketReader } from "./socket-reader.ts";

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USERNAME_PASSWORD = 2;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/** RFC 1928, section 6. */
const replies: readonly string[] = [
  "succeeded",
  "general failure",
  "connection not allowed by its rules",
  "network unreachable",
  "host unreachable",
  "connection refused by the server",
  "TTL expired",
  "command not supported",
  "address type not supported",
];

/** Resolves once `socket` is a connection to `target`; throws what `refused` makes of the proxy's answer where it is not. */
export async function socks5Connect(
  socket: Duplex,
  target: { readonly host: string; readonly port: number },
  credentials: ProxyCredentials | undefined,
  refused: (reason: string) => Error,
): Promise<void> {
  const reader = new SocketReader(socket);
  const fixed = (length: number) => (buffer: Buffer) => (buffer.length >= length ? length : undefined);
  const method = credentials === undefined ? NO_AUTHENTICATION : USERNAME_PASSWORD;
  socket.write(
    Buffer.from(
      method === NO_AUTHENTICATION
        ? [VERSION, 1, NO_AUTHENTICATION]
        : [VERSION, 2, NO_AUTHENTICATION, USERNAME_PASSWORD],
    ),
  );
  const [version, chosen] = await reader.take(fixed(2));
  if (version !== VERSION) throw refused("it does not speak SOCKS5");
  if (chosen === USERNAME_PASSWORD && credentials !== undefined) {
    const username = Buffer.from(credentials.username);
    const password = Buffer.from(credentials.password);
    if (username.length > 255 || password.length > 255) throw refused("user and password may have 255 bytes each");
    socket.write(
      Buffer.concat([Buffer.from([1, username.length]), username, Buffer.from([password.length]), password]),
    );
    const [, status] = await reader.take(fixed(2));
    if (status !== 0) throw refused("it does not accept the user and password given");
  } else if (chosen !== NO_AUTHENTICATION) {
    throw refused(
      credentials === undefined
        ? "it wants a user and password"
        : "it accepts no way to authenticate that is known here",
    );
  }
  socket.write(
    Buffer.concat([
      Buffer.from([VERSION, CONNECT, 0]),
      address(target.host),
      Buffer.from([target.port >> 8, target.port & 255]),
    ]),
  );
  const reply = await reader.take((buffer) => {
    if (buffer.length < 5) return undefined;
    if (buffer[1] !== 0) return buffer.length;
    const bytes = buffer[3] === IPV4 ? 4 : buffer[3] === IPV6 ? 16 : 1 + (buffer[4] ?? 0);
    return buffer.length >= 6 + bytes ? 6 + bytes : undefined;
  });
  const status = reply[1] ?? 1;
  if (status !== 0) throw refused(replies[status] ?? `reply ${status}`);
  reader.release();
}

function address(host: string): Buffer {
  const bytes = isIPv4(host) || isIPv6(host) ? ipBytes(host) : undefined;
  if (bytes !== undefined) return Buffer.from([bytes.length === 4 ? IPV4 : IPV6, ...bytes]);
  const name = Buffer.from(host);
  return Buffer.concat([Buffer.from([NAME, name.length]), name]);
}
